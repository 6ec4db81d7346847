// The node as a page of the extension sees it: signals that mirror the pushed snapshot, and the way to ask.
// Nothing is kept here that the node does not also have, but for what the page is looking at.
import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { Failure } from '../wire/failure.ts';
import { createPanelCall } from '../messaging/call.ts';
import type { PanelCall, Subscription } from '../messaging/panel.ts';
import type { PanelState } from '../messaging/panel-state.ts';
import type { ClientRuntime } from '../messaging/runtime.ts';
import { openViewPort } from '../messaging/view-port.ts';
import type { ViewListener } from '../messaging/view-port.ts';

const CLOCK_TICK_MS = 10_000;
export const ANNOTATIONS_AT_FIRST = 200;
const NOWHERE: Subscription = {
  spaceId: null,
  url: null,
  tabId: null,
  annotationLimit: ANNOTATIONS_AT_FIRST,
};

export interface PanelView {
  /** Null until the node has spoken. */
  readonly state: ReadonlySignal<PanelState | null>;
  /** Why the node could not give a snapshot; null again with the next one. */
  readonly failure: ReadonlySignal<Failure | null>;
  readonly reachable: ReadonlySignal<boolean>;
  /** The time, every few seconds, for words like "3 min ago". */
  readonly now: ReadonlySignal<number>;
  readonly ask: PanelCall;
  /** Changes which page the snapshots are about. */
  lookAtPage(url: string | null, tabId: number | null): void;
  /** Asks for more of the page's annotations, when the panel has drawn all it has. */
  lookFurther(): void;
  readonly lookingAt: ReadonlySignal<Subscription>;
  close(): void;
}

export function createPanelView(runtime: ClientRuntime): PanelView {
  const { listener, ...mirror } = createMirror();
  const port = openViewPort(runtime, listener);
  const clock = setInterval(() => (mirror.now.value = Date.now()), CLOCK_TICK_MS);
  const lookingAt = signal<Subscription>(NOWHERE);
  const look = (at: Subscription) => {
    lookingAt.value = at;
    port.subscribe(at);
  };
  look(NOWHERE);
  return {
    ...mirror,
    lookingAt,
    ask: createPanelCall(runtime),
    lookAtPage(url, tabId) {
      const here = lookingAt.value;
      if (here.url === url && here.tabId === tabId) return;
      look({ ...here, url, tabId, annotationLimit: ANNOTATIONS_AT_FIRST });
    },
    lookFurther() {
      const { annotationLimit } = lookingAt.value;
      look({ ...lookingAt.value, annotationLimit: annotationLimit + ANNOTATIONS_AT_FIRST });
    },
    close() {
      clearInterval(clock);
      port.close();
    },
  };
}

/** The signals, and the listener that keeps them like what the node says. */
function createMirror() {
  const state = signal<PanelState | null>(null);
  const failure = signal<Failure | null>(null);
  const reachable = signal(true);
  const now = signal(Date.now());
  const listener: ViewListener = {
    state(next) {
      now.value = Date.now();
      failure.value = null;
      state.value = next;
    },
    failure: (next) => (failure.value = next),
    reachable: (next) => (reachable.value = next),
  };
  return { state, failure, reachable, now, listener };
}
