// The in-memory twin of the IndexedDB store, under the same contracts.
import { toHex } from '../wire/bytes.ts';
import { ok } from '../wire/failure.ts';
import type { Head } from '../wire/sync-message.ts';
import type { EntryStore, ForkProof, ReadLimits, StoredEntry } from './entry-store.ts';
import { headAt, headsAfter, inOrder } from './link-check.ts';
import type { RecordStore } from './record-store.ts';
import { takeWithin } from './take-within.ts';

interface SpaceMemory {
  heads: Map<string, Head>;
  readonly logs: Map<string, StoredEntry[]>;
  readonly forks: Map<string, ForkProof>;
  /** Entries that were taken out of logs, by hash. */
  readonly aside: Map<string, StoredEntry>;
}

export function createMemoryEntryStore(): EntryStore {
  const spaces = new Map<string, SpaceMemory>();
  const of = (space: string): SpaceMemory => {
    const memory = spaces.get(space) ?? emptySpace();
    spaces.set(space, memory);
    return memory;
  };
  return {
    heads: async (space) => [...of(space).heads.values()],
    append: async (space, entries) => {
      const after = headsAfter(of(space).heads, entries);
      if (!after.ok) return after;
      of(space).heads = after.value;
      for (const entry of entries) logOf(of(space), entry.author).push(entry);
      return ok(undefined);
    },
    read: async (space, author, fromSeq, limits: ReadLimits) =>
      takeWithin(
        logOf(of(space), author).slice(fromSeq - 1, fromSeq - 1 + limits.maxEntries),
        limits,
      ),
    cutBack: async (space, author, seq) => {
      const { heads, logs, aside } = of(space);
      const log = logOf(of(space), author);
      if (log.length <= seq) return ok(undefined);
      for (const entry of log.slice(seq)) aside.set(toHex(entry.hash), entry);
      logs.set(author, log.slice(0, seq));
      const head = headAt(author, log[seq - 1]);
      if (head === null) heads.delete(author);
      else heads.set(author, head);
      return ok(undefined);
    },
    aside: async (space) => inOrder([...of(space).aside.values()]),
    forgetAside: async (space, hashes) => {
      for (const hash of hashes) of(space).aside.delete(toHex(hash));
    },
    addFork: async (space, proof) => {
      const place = `${proof.author}:${proof.seq}`;
      if (!of(space).forks.has(place)) of(space).forks.set(place, proof);
    },
    forks: async (space) => [...of(space).forks.values()],
    drop: async (space) => {
      spaces.delete(space);
    },
    close: () => {},
  };
}

export function createMemoryRecordStore(): RecordStore {
  const collections = new Map<string, Map<string, unknown>>();
  const of = (collection: string): Map<string, unknown> => {
    const records = collections.get(collection) ?? new Map<string, unknown>();
    collections.set(collection, records);
    return records;
  };
  return {
    get: async (collection, key) => of(collection).get(key),
    put: async (collection, key, value) => {
      of(collection).set(key, structuredClone(value));
    },
    putNew: async (collection, key, value) => {
      if (of(collection).has(key)) return false;
      of(collection).set(key, structuredClone(value));
      return true;
    },
    remove: async (collection, key) => {
      of(collection).delete(key);
    },
    drop: async (collection) => {
      collections.delete(collection);
    },
    list: async (collection) =>
      [...of(collection)]
        .map(([key, value]) => ({ key, value }))
        .toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

function emptySpace(): SpaceMemory {
  return { heads: new Map(), logs: new Map(), forks: new Map(), aside: new Map() };
}

function logOf(memory: SpaceMemory, author: string): StoredEntry[] {
  const log = memory.logs.get(author) ?? [];
  memory.logs.set(author, log);
  return log;
}
