// Forgets spaces and blobs that nobody has used for a long time. Rare, and one space at a time so that others are not held up.
import type { Replica } from '../lib/log/replica.ts';
import type { BlobTtl } from './sqlite-blob-store.ts';
import type { RelayStore } from './relay-store.ts';
import type { SpaceTtl } from './space-book.ts';

export interface Sweeping {
  sweep(): Promise<void>;
  stop(): void;
}

export interface SweepOptions {
  readonly store: RelayStore;
  readonly replica: Replica;
  readonly limits: SpaceTtl & BlobTtl;
  readonly openSpaces: () => Iterable<string>;
}

const EVERY_MS = 6 * 60 * 60 * 1000;

export function startSweeping({ store, replica, limits, openSpaces }: SweepOptions): Sweeping {
  let isStopped = false;

  async function sweep(): Promise<void> {
    store.spaces.touch(openSpaces());
    for (const space of store.spaces.outdated(limits)) {
      if (isStopped) return;
      await replica.drop(space);
      await store.blobs.dropSpace(space);
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (isStopped) return;
    store.blobs.dropOutdated(limits);
    store.spaces.compact();
  }

  const timer = setInterval(() => {
    sweep().catch((error: unknown) => console.error('relay: sweeping failed:', error));
  }, EVERY_MS);
  timer.unref();
  return {
    sweep,
    stop: () => {
      isStopped = true;
      clearInterval(timer);
    },
  };
}
