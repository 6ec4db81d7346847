// How a relay may lie: each deceit is a replica that misrepresents the one under it.
import type { Replica } from '../../lib/log/replica.ts';
import type { StoredEntry } from '../../lib/store/entry-store.ts';
import { toHex } from '../../lib/wire/bytes.ts';
import type { Head } from '../../lib/wire/sync-message.ts';
import { damaged } from './damage.ts';
import type { Scene } from './scene.ts';

export interface Deceit {
  readonly name: string;
  readonly over: (real: Replica, scene: Scene) => Replica;
}

type Heads = ReadonlyMap<string, Head>;

export const DECEITS: readonly Deceit[] = [
  {
    name: 'withholds one author',
    over: (real, { facts, random, club }) => {
      let chosen: string | undefined;
      // What the stewards decide is the log of one more author.
      const hidden = (): string => (chosen ??= random.pick([...facts.members, club.id]));
      return {
        ...real,
        heads: async (space) => without(await real.heads(space), hidden()),
        read: async (space, author, from, limits) =>
          author === hidden() ? [] : real.read(space, author, from, limits),
      };
    },
  },
  {
    name: 'serves an old prefix',
    over: (real, { clock, random }) => {
      const fromMs = clock.now() + random.next() * 30_000;
      const isOld = () => clock.now() > fromMs;
      const capped = new Map<string, number>();
      const cap = (log: string, seq: number): number => {
        if (!isOld()) capped.set(log, Math.max(seq, capped.get(log) ?? 0));
        return isOld() ? Math.min(seq, capped.get(log) ?? 0) : seq;
      };
      const lowered = (space: string, head: Head): Head[] => {
        const seq = cap(space + toHex(head.author), head.seq);
        return seq === 0 ? [] : [{ ...head, seq }];
      };
      return {
        ...real,
        heads: async (space) => {
          const heads = [...(await real.heads(space)).values()];
          return byAuthor(heads.flatMap((head) => lowered(space, head)));
        },
        read: async (space, author, from, limits) =>
          (await real.read(space, author, from, limits)).filter(
            ({ seq }) => cap(space + author, seq) >= seq,
          ),
      };
    },
  },
  {
    name: 'drops what it takes',
    over: (real, { random }) => ({
      ...real,
      accept: (space, entries) => real.accept(space, random.chance(0.5) ? [] : entries),
    }),
  },
  {
    name: 'boasts of more than there is',
    over: (real, { random }) => ({
      ...real,
      heads: async (space) =>
        byAuthor(
          [...(await real.heads(space)).values()].map((head) =>
            random.chance(0.5)
              ? head
              : { ...head, seq: head.seq + random.between(0, 5), hash: random.bytes(32) },
          ),
        ),
    }),
  },
  reading('repeats', (entries) => [...entries, ...entries]),
  reading('reorders', (entries, { random }) => random.shuffled(entries)),
  reading('damages', (entries, { random }) =>
    entries.map((entry) =>
      random.chance(0.8) ? entry : { ...entry, bytes: damaged(entry.bytes, random) },
    ),
  ),
  reading('answers with nothing', (entries, { random }) => (random.chance(0.5) ? [] : entries)),
  {
    name: 'delays',
    over: (real, { clock, random }) => ({
      ...real,
      read: async (...asked) => {
        await new Promise<void>((resume) => clock.after(random.next() * 8000, resume));
        return real.read(...asked);
      },
    }),
  },
];

function reading(
  name: string,
  lie: (entries: StoredEntry[], scene: Scene) => StoredEntry[],
): Deceit {
  return {
    name,
    over: (real, scene) => ({
      ...real,
      read: async (...asked) => lie(await real.read(...asked), scene),
    }),
  };
}

function without(heads: Heads, author: string): Heads {
  return new Map([...heads].filter(([name]) => name !== author));
}

function byAuthor(heads: readonly Head[]): Heads {
  return new Map(heads.map((head) => [toHex(head.author), head]));
}
