// What this device has to say, with its next entry, about how far it has taken in the logs of others.
import { toHex } from '../wire/bytes.ts';
import { MAX_SEEN_POINTS, type SeenPoint } from '../wire/entry-body.ts';
import type { Head } from '../wire/sync-message.ts';

export interface Saying {
  /** Heads that have moved since they were last said, by ascending author. */
  news(heads: ReadonlyMap<string, Head>): readonly SeenPoint[];
  /** These stand in the log now. */
  said(points: readonly SeenPoint[]): void;
}

/** `silent`: authors (hex) of whom nothing is said: oneself, and the control log, which the header names. */
export function createSaying(silent: readonly string[]): Saying {
  const known = new Map<string, number>();
  return {
    news: (heads) =>
      [...heads]
        .filter(([id, { seq }]) => !silent.includes(id) && seq > (known.get(id) ?? 0))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, MAX_SEEN_POINTS)
        .map(([, { author, seq }]) => ({ author, seq })),
    said: (points) => {
      for (const { author, seq } of points) known.set(toHex(author), seq);
    },
  };
}
