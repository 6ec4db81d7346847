// The in-memory twin of the IndexedDB store, under the same contracts.
import { ok } from '../wire/failure.ts';
import type { Head } from '../wire/sync-message.ts';
import type { EntryStore, ForkProof, ReadLimits, StoredEntry } from './entry-store.ts';
import { headsAfter } from './link-check.ts';
import type { RecordStore } from './record-store.ts';
import { takeWithin } from './take-within.ts';

interface SpaceMemory {
  heads: Map<string, Head>;
  readonly logs: Map<string, StoredEntry[]>;
  readonly forks: Map<string, ForkProof>;
}

export function createMemoryEntryStore(): EntryStore {
  const spaces = new Map<string, SpaceMemory>();
  const of = (space: string): SpaceMemory => {
    const memory = spaces.get(space) ?? { heads: new Map(), logs: new Map(), forks: new Map() };
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
    addFork: async (space, proof) => {
      if (!of(space).forks.has(proof.author)) of(space).forks.set(proof.author, proof);
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

function logOf(memory: SpaceMemory, author: string): StoredEntry[] {
  const log = memory.logs.get(author) ?? [];
  memory.logs.set(author, log);
  return log;
}
