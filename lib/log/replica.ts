// One replica of many spaces: takes verified entries into a store in order, refuses what does not fit, and tells who listens.
// A node and the relay run this same code; neither needs a key to open bodies.
import type { EntryStore, ForkProof, ReadLimits, StoredEntry } from '../store/entry-store.ts';
import { toHex } from '../wire/bytes.ts';
import { fail, type Result } from '../wire/failure.ts';
import type { Head } from '../wire/sync-message.ts';
import { acceptBatch, advance, toStored, type Acceptance, type SpaceState } from './acceptance.ts';
import { createMutex } from './mutex.ts';
import type { ControlCheck, LogEntry } from './log-entry.ts';

export type ReplicaListener = (
  space: string,
  stored: readonly LogEntry[],
  forks: readonly ForkProof[],
) => void;

export interface Replica {
  heads(space: string): Promise<ReadonlyMap<string, Head>>;
  /** Authors who signed two histories, with the seq where these part: from there on nothing is taken. */
  forkedAuthors(space: string): Promise<ReadonlyMap<string, number>>;
  read(space: string, author: string, fromSeq: number, limits: ReadLimits): Promise<StoredEntry[]>;
  /** Verifies and stores what arrived from elsewhere, durably, and tells the listeners. */
  accept(space: string, entries: readonly Uint8Array[]): Promise<Acceptance>;
  /** Stores an entry that this node itself has just made. Failures: `conflict`, `forked`, `storage_full`. */
  append(space: string, entry: LogEntry): Promise<Result<void>>;
  forks(space: string): Promise<ForkProof[]>;
  /** Calls back after entries were stored, in order, or forks proved; returns how to stop. */
  subscribe(listener: ReplicaListener): () => void;
  drop(space: string): Promise<void>;
}

/** A space in memory: its state once it was asked for, and the queue of those who change it. */
interface Slot {
  state: Promise<SpaceState> | null;
  readonly inTurn: ReturnType<typeof createMutex>;
  busy: number;
}

/** Spaces kept in memory; a relay holds many more in its store. */
const MAX_SLOTS = 500;

/** Without `control` entries of control logs are refused as unknown. */
export function createReplica(store: EntryStore, control: ControlCheck | null = null): Replica {
  const slots = new Map<string, Slot>();
  const listeners = new Set<ReplicaListener>();

  /** The slot of a space, as the one used last. */
  const slotOf = (space: string): Slot => {
    const slot = slots.get(space) ?? { state: null, inTurn: createMutex(), busy: 0 };
    slots.delete(space);
    slots.set(space, slot);
    return slot;
  };
  const stateOf = (space: string): Promise<SpaceState> => {
    const slot = slotOf(space);
    evict(slots);
    slot.state ??= loadState(store, space).catch((error: unknown) => {
      slot.state = null;
      throw error;
    });
    return slot.state;
  };
  const inTurn = async <T>(space: string, task: (slot: Slot) => Promise<T>): Promise<T> => {
    const slot = slotOf(space);
    slot.busy += 1;
    try {
      return await slot.inTurn(() => task(slot));
    } finally {
      slot.busy -= 1;
    }
  };
  const announce: ReplicaListener = (space, stored, forks) => {
    if (stored.length + forks.length === 0) return;
    for (const listener of listeners) listener(space, stored, forks);
  };
  return {
    heads: async (space) => (await stateOf(space)).heads,
    forkedAuthors: async (space) => (await stateOf(space)).forked,
    read: (space, author, fromSeq, limits) => store.read(space, author, fromSeq, limits),
    forks: (space) => store.forks(space),
    accept: (space, batch) =>
      inTurn(space, async (slot) => {
        const acceptance = await acceptBatch(
          { store, control },
          space,
          await stateOf(space),
          batch,
        );
        // What is in memory may be behind the store: read it again next time.
        if (acceptance.trouble?.code === 'conflict') slot.state = null;
        announce(space, acceptance.stored, acceptance.forks);
        return acceptance;
      }),
    append: (space, entry) =>
      inTurn(space, async (slot) => {
        const state = await stateOf(space);
        if (state.forked.has(toHex(entry.header.author))) return FORKED;
        const appended = await store.append(space, [toStored(entry)]);
        if (!appended.ok) {
          slot.state = null;
          return appended;
        }
        advance(state, [entry]);
        announce(space, [entry], []);
        return appended;
      }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    drop: (space) =>
      inTurn(space, async (slot) => {
        await store.drop(space);
        slot.state = null;
      }),
  };
}

/** Forgets the spaces that were not used for longest and that nobody is changing. */
function evict(slots: Map<string, Slot>): void {
  for (const [space, slot] of slots) {
    if (slots.size <= MAX_SLOTS) return;
    if (slot.busy === 0) slots.delete(space);
  }
}

async function loadState(store: EntryStore, space: string): Promise<SpaceState> {
  const [heads, forks] = await Promise.all([store.heads(space), store.forks(space)]);
  return {
    heads: new Map(heads.map((head) => [toHex(head.author), head])),
    forked: new Map(forks.map((fork) => [fork.author, fork.seq])),
  };
}

const FORKED = fail(
  'forked',
  'An author signed two different entries for the same place in their log.',
  'Nothing after that place is taken from them. They must join again from one browser.',
);
