// One replica of many spaces: takes verified entries into a store in order, refuses what does not fit, and tells who listens.
// A node and the relay run this same code; neither needs a key to open bodies.
import { standingOf } from './chain.ts';
import { readStoredEntry, verifyEntry, type Entry } from './seal.ts';
import type { EntryStore, ForkProof, ReadLimits, StoredEntry } from '../store/entry-store.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import { fail, ok, type Failed, type Failure, type Result } from '../wire/failure.ts';
import type { Head } from '../wire/sync-message.ts';
import { createMutex } from './mutex.ts';

/** What became of a batch: which entries were new and stored, and what was wrong with the rest. */
export interface Acceptance {
  readonly stored: readonly Entry[];
  /** Some entries could not be placed because earlier ones are missing: ask for those. */
  readonly gap: boolean;
  /** The first thing that an honest sender would not have sent. The valid entries before it are stored. */
  readonly offence: Failure | null;
}

export interface Replica {
  heads(space: string): Promise<ReadonlyMap<string, Head>>;
  read(space: string, author: string, fromSeq: number, limits: ReadLimits): Promise<StoredEntry[]>;
  /** Verifies and stores what arrived from elsewhere, durably, and tells the listeners. */
  accept(space: string, entries: readonly Uint8Array[]): Promise<Acceptance>;
  /** Stores an entry that this node itself has just made. Failures: `conflict`, `forked`, `storage_full`. */
  append(space: string, entry: Entry): Promise<Result<void>>;
  forks(space: string): Promise<ForkProof[]>;
  /** Calls back after entries were stored, in order; returns how to stop. */
  subscribe(listener: (space: string, stored: readonly Entry[]) => void): () => void;
  drop(space: string): Promise<void>;
}

interface SpaceState {
  readonly heads: Map<string, Head>;
  readonly forked: Set<string>;
}

export function createReplica(store: EntryStore): Replica {
  const states = new Map<string, Promise<SpaceState>>();
  const locks = new Map<string, ReturnType<typeof createMutex>>();
  const listeners = new Set<(space: string, stored: readonly Entry[]) => void>();
  const stateOf = (space: string): Promise<SpaceState> => {
    const known = states.get(space) ?? loadState(store, space);
    states.set(space, known);
    return known;
  };
  const lockOf = (space: string): ReturnType<typeof createMutex> => {
    const lock = locks.get(space) ?? createMutex();
    locks.set(space, lock);
    return lock;
  };
  const announce = (space: string, stored: readonly Entry[]): void => {
    if (stored.length > 0) for (const listener of listeners) listener(space, stored);
  };
  return {
    heads: async (space) => (await stateOf(space)).heads,
    read: (space, author, fromSeq, limits) => store.read(space, author, fromSeq, limits),
    forks: (space) => store.forks(space),
    accept: (space, batch) =>
      lockOf(space)(async () => {
        const acceptance = await acceptBatch(store, space, await stateOf(space), batch);
        announce(space, acceptance.stored);
        return acceptance;
      }),
    append: (space, entry) =>
      lockOf(space)(async () => {
        const state = await stateOf(space);
        if (state.forked.has(toHex(entry.header.author))) return forked();
        const appended = await store.append(space, [toStored(entry)]);
        if (!appended.ok) {
          states.delete(space);
          return appended;
        }
        advance(state, [entry]);
        announce(space, [entry]);
        return appended;
      }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    drop: (space) =>
      lockOf(space)(async () => {
        await store.drop(space);
        states.delete(space);
      }),
  };
}

async function loadState(store: EntryStore, space: string): Promise<SpaceState> {
  const [heads, forks] = await Promise.all([store.heads(space), store.forks(space)]);
  return {
    heads: new Map(heads.map((head) => [toHex(head.author), head])),
    forked: new Set(forks.map((fork) => fork.author)),
  };
}

async function acceptBatch(
  store: EntryStore,
  space: string,
  state: SpaceState,
  batch: readonly Uint8Array[],
): Promise<Acceptance> {
  const verified = await Promise.all(batch.map((bytes) => verifyEntry(bytes)));
  const planned: Entry[] = [];
  const heads = new Map(state.heads);
  let offence: Failure | null = null;
  let gap = false;
  for (const result of verified) {
    const placed: Placement = result.ok
      ? await place(store, space, state, heads, result.value, planned)
      : result.failure;
    if (placed === 'next' && result.ok) planned.push(result.value);
    else if (placed === 'gap') gap = true;
    else if (typeof placed === 'object') offence ??= placed;
  }
  const appended =
    planned.length > 0 ? await store.append(space, planned.map(toStored)) : ok(undefined);
  if (!appended.ok) return { stored: [], gap: false, offence: appended.failure };
  advance(state, planned);
  return { stored: planned, gap, offence };
}

type Placement = 'next' | 'gap' | 'known' | Failure;

/** Decides where a verified entry stands and, if it is next, moves the planned heads. */
async function place(
  store: EntryStore,
  space: string,
  state: SpaceState,
  heads: Map<string, Head>,
  entry: Entry,
  planned: readonly Entry[],
): Promise<Placement> {
  const author = toHex(entry.header.author);
  if (toHex(entry.header.space) !== space) return wrongSpace().failure;
  if (state.forked.has(author)) return 'known';
  const standing = standingOf(entry, heads.get(author));
  if (standing === 'next') {
    heads.set(author, { author: entry.header.author, seq: entry.header.seq, hash: entry.hash });
    return 'next';
  }
  if (standing === 'gap') return 'gap';
  const rivalSeq = standing === 'broken' ? entry.header.seq - 1 : entry.header.seq;
  const rival = await entryAt(store, space, author, rivalSeq, planned);
  if (rival !== null && standing === 'known' && equalBytes(rival.hash, entry.hash)) return 'known';
  if (rival !== null && standing === 'known') {
    state.forked.add(author);
    const proof = { author, seq: entry.header.seq, first: rival.bytes, second: entry.bytes };
    await store.addFork(space, proof);
  }
  return forked().failure;
}

async function entryAt(
  store: EntryStore,
  space: string,
  author: string,
  seq: number,
  planned: readonly Entry[],
): Promise<Entry | null> {
  const waiting = planned.find((e) => e.header.seq === seq && toHex(e.header.author) === author);
  if (waiting !== undefined) return waiting;
  const [stored] = await store.read(space, author, seq, { maxEntries: 1, maxBytes: 1 });
  const read = stored === undefined ? null : readStoredEntry(stored.bytes);
  return read?.ok === true ? read.value : null;
}

function advance(state: SpaceState, entries: readonly Entry[]): void {
  for (const { header, hash } of entries) {
    state.heads.set(toHex(header.author), { author: header.author, seq: header.seq, hash });
  }
}

function toStored(entry: Entry): StoredEntry {
  const { author, seq, prev } = entry.header;
  return { author: toHex(author), seq, hash: entry.hash, prev, bytes: entry.bytes };
}

function wrongSpace(): Failed {
  return fail(
    'bad_signature',
    'An entry was sent for another space than the one it was signed for.',
    'Nothing was changed. The sender is faulty or hostile; sync with someone else.',
  );
}

function forked(): Failed {
  return fail(
    'forked',
    'An author signed two different entries for the same place in their log.',
    'Nothing after that place is taken from them. They must join again from one browser.',
  );
}
