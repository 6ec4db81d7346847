// One replica of many spaces: takes verified entries into a store in order, refuses what does not fit, and tells who listens.
// A node and the relay run this same code; neither needs a key to open bodies.
import type { EntryStore, ForkProof, ReadLimits, StoredEntry } from '../store/entry-store.ts';
import { toHex } from '../wire/bytes.ts';
import { fail, type Result } from '../wire/failure.ts';
import type { Head } from '../wire/sync-message.ts';
import { acceptBatch, advance, settle, toStored, type Acceptance } from './acceptance.ts';
import { createMutex } from './mutex.ts';
import type { ControlCheck, LogEntry } from './log-entry.ts';
import type { CutBack } from './review.ts';
import type { Crossing } from './settlement.ts';
import { loadState, type SpaceState } from './space-state.ts';

export type ReplicaListener = (
  space: string,
  stored: readonly LogEntry[],
  forks: readonly ForkProof[],
  more: StoredFrom,
) => void;

export interface StoredFrom {
  /** This node has just made the entry itself; false: they came from elsewhere. */
  readonly isOwnWriting: boolean;
  /** Logs of which an end was taken off. */
  readonly cutBack: readonly CutBack[];
}

export interface Replica {
  heads(space: string): Promise<ReadonlyMap<string, Head>>;
  /** Authors who signed two histories, with the seq where these part: until it is settled nothing is taken from there on. */
  forkedAuthors(space: string): Promise<ReadonlyMap<string, number>>;
  /** Authors whose settled history is another than what this replica holds, or may be. */
  crossings(space: string): Promise<ReadonlyMap<string, Crossing>>;
  read(space: string, author: string, fromSeq: number, limits: ReadLimits): Promise<StoredEntry[]>;
  /** Verifies and stores what arrived from elsewhere, durably, and tells the listeners. */
  accept(space: string, entries: readonly Uint8Array[]): Promise<Acceptance>;
  /** Stores an entry that this node itself has just made. Failures: `conflict`, `forked`, `storage_full`. */
  append(space: string, entry: LogEntry): Promise<Result<void>>;
  /** Proofs of forks that are not settled. */
  forks(space: string): Promise<ForkProof[]>;
  /** Entries that were taken out of logs, by author and seq; none on a relay. */
  aside(space: string): Promise<StoredEntry[]>;
  forgetAside(space: string, hashes: readonly Uint8Array[]): Promise<void>;
  /** Entries up to these, by author, come another way than by sync: nobody is asked for them until this is empty again. */
  expect(space: string, upTo: ReadonlyMap<string, number>): void;
  expected(space: string): ReadonlyMap<string, number>;
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

const NOTHING_EXPECTED: ReadonlyMap<string, number> = new Map();
const NOTHING_MORE: StoredFrom = { isOwnWriting: false, cutBack: [] };

/** Spaces kept in memory; a relay holds many more in its store. */
const MAX_SLOTS = 500;

/** Without `control` entries of control logs are refused as unknown. */
export function createReplica(store: EntryStore, control: ControlCheck | null = null): Replica {
  const slots = new Map<string, Slot>();
  const listeners = new Set<ReplicaListener>();
  const expectations = new Map<string, ReadonlyMap<string, number>>();

  /** The slot of a space, as the one used last. */
  const slotOf = (space: string): Slot => {
    const slot = slots.get(space) ?? { state: null, inTurn: createMutex(), busy: 0 };
    slots.delete(space);
    slots.set(space, slot);
    return slot;
  };
  const load = async (space: string): Promise<SpaceState> => {
    const state = await loadState(store, space);
    // Nobody has read anything yet, so nobody needs to hear of what is taken off.
    await settle({ store, control }, space, state);
    return state;
  };
  const stateOf = (space: string): Promise<SpaceState> => {
    const slot = slotOf(space);
    evict(slots);
    slot.state ??= load(space).catch((error: unknown) => {
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
  const announce: ReplicaListener = (space, stored, forks, more) => {
    if (stored.length + forks.length + more.cutBack.length === 0) return;
    for (const listener of listeners) listener(space, stored, forks, more);
  };
  return {
    heads: async (space) => (await stateOf(space)).heads,
    forkedAuthors: async (space) => (await stateOf(space)).forked,
    read: (space, author, fromSeq, limits) => store.read(space, author, fromSeq, limits),
    crossings: async (space) => (await stateOf(space)).crossings,
    forks: async (space) => {
      const [proofs, { forked }] = await Promise.all([store.forks(space), stateOf(space)]);
      return proofs.filter(({ author, seq }) => seq >= (forked.get(author) ?? Infinity));
    },
    aside: (space) => store.aside(space),
    forgetAside: (space, hashes) => store.forgetAside(space, hashes),
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
        const { stored, forks, cutBack } = acceptance;
        announce(space, stored, forks, { isOwnWriting: false, cutBack });
        return acceptance;
      }),
    append: (space, entry) =>
      inTurn(space, async (slot) => {
        const state = await stateOf(space);
        const author = toHex(entry.header.author);
        if (state.forked.has(author) || state.crossings.has(author)) return FORKED;
        const appended = await store.append(space, [toStored(entry)]);
        if (!appended.ok) {
          slot.state = null;
          return appended;
        }
        advance(state, [entry]);
        announce(space, [entry], [], { isOwnWriting: true, cutBack: [] });
        return appended;
      }),
    expect: (space, upTo) => {
      if (upTo.size > 0) expectations.set(space, upTo);
      else if (expectations.delete(space)) {
        for (const listener of listeners) listener(space, [], [], NOTHING_MORE);
      }
    },
    expected: (space) => expectations.get(space) ?? NOTHING_EXPECTED,
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

const FORKED = fail(
  'forked',
  'Another browser works with a copy of this one, and both have written here. Until that is settled nothing can be added.',
  'What you have stays. The side panel says what to do.',
);
