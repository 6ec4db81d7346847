// Where a node's backstage is: the offscreen document on Chrome, the event page itself on Firefox.
import type { Backstage } from '../transport/backstage.ts';
import { createLocalBackstage } from '../transport/local-backstage.ts';
import { chromeOffscreenDocument } from '../transport/offscreen-document.ts';
import { createOffscreenDoor } from '../transport/offscreen-link.ts';

const START_DEADLINE_MS = 20_000;

/** Call synchronously at the top of the service worker: the offscreen document's messages may be what woke it. */
export function chromeStage(): () => Promise<Backstage | null> {
  const door = createOffscreenDoor(self, chromeOffscreenDocument('offscreen.html'));
  return async () => {
    const backstage = await door.connect({ signal: AbortSignal.timeout(START_DEADLINE_MS) });
    return backstage.ok ? backstage.value : null;
  };
}

export function firefoxStage(createWorker: () => Worker): () => Promise<Backstage | null> {
  return async () => createLocalBackstage(createWorker);
}
