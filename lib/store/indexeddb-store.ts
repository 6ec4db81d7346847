// The node's truth in IndexedDB. Every write settles only after its transaction has completed.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { toHex } from '../wire/bytes.ts';
import { failureOf, ok, type Result } from '../wire/failure.ts';
import type { Head } from '../wire/sync-message.ts';
import type { BlobStore } from './blob-store.ts';
import { openBlobStore } from './indexeddb-blob-store.ts';
import type { EntryStore, ForkProof, ReadLimits, StoredEntry } from './entry-store.ts';
import { headAt, headsAfter, inOrder } from './link-check.ts';
import type { RecordStore } from './record-store.ts';
import { takeWithin } from './take-within.ts';

interface Schema extends DBSchema {
  /** Key: [space, author, seq]. */
  entries: { key: [string, string, number]; value: StoredEntry };
  /** Key: [space, author]. */
  heads: { key: [string, string]; value: Head };
  /** Key: [space, author, seq]. */
  forks: { key: [string, string, number]; value: ForkProof };
  /** Entries that were taken out of logs. Key: [space, hash in hex]. */
  aside: { key: [string, string]; value: StoredEntry };
  /** Key: [collection, key]. */
  records: { key: [string, string]; value: unknown };
}

type Database = IDBPDatabase<Schema>;

/** Bump with a step in `upgrade`; never edit a step that users may have run. */
const SCHEMA_VERSION = 1;

export interface NodeStore {
  readonly entries: EntryStore;
  readonly records: RecordStore;
  readonly blobs: BlobStore;
  close(): void;
}

export async function openNodeStore(name = 'commonplace'): Promise<NodeStore> {
  const database = await openDB<Schema>(name, SCHEMA_VERSION, {
    upgrade: (db) => {
      for (const store of ['entries', 'heads', 'forks', 'aside', 'records'] as const) {
        db.createObjectStore(store);
      }
    },
  });
  const blobs = await openBlobStore(`${name}-blobs`);
  const close = () => {
    database.close();
    blobs.close();
  };
  return { entries: entryStore(database), records: recordStore(database), blobs, close };
}

function entryStore(db: Database): EntryStore {
  return {
    heads: (space) => db.getAll('heads', prefix(space)),
    append: (space, entries) => append(db, space, entries),
    read: async (space, author, fromSeq, limits: ReadLimits) => {
      const range = IDBKeyRange.bound([space, author, fromSeq], [space, author, Infinity]);
      return takeWithin(await db.getAll('entries', range, limits.maxEntries), limits);
    },
    cutBack: (space, author, seq) => cutBack(db, space, author, seq),
    aside: async (space) => inOrder(await db.getAll('aside', prefix(space))),
    forgetAside: async (space, hashes) => {
      const tx = db.transaction('aside', 'readwrite');
      await Promise.all([...hashes.map((hash) => tx.store.delete([space, toHex(hash)])), tx.done]);
    },
    addFork: async (space, proof) => {
      const tx = db.transaction('forks', 'readwrite');
      const key: [string, string, number] = [space, proof.author, proof.seq];
      if ((await tx.store.get(key)) === undefined) await tx.store.put(proof, key);
      await tx.done;
    },
    forks: (space) => db.getAll('forks', prefix(space)),
    drop: async (space) => {
      const tx = db.transaction(['entries', 'heads', 'forks', 'aside'], 'readwrite');
      const whole = prefix(space);
      await Promise.all([
        tx.objectStore('entries').delete(whole),
        tx.objectStore('heads').delete(whole),
        tx.objectStore('forks').delete(whole),
        tx.objectStore('aside').delete(whole),
        tx.done,
      ]);
    },
    close: () => db.close(),
  };
}

async function append(
  db: Database,
  space: string,
  entries: readonly StoredEntry[],
): Promise<Result<void>> {
  const tx = db.transaction(['entries', 'heads'], 'readwrite');
  const heads = tx.objectStore('heads');
  const known = new Map<string, Head>();
  for (const author of new Set(entries.map((entry) => entry.author))) {
    const head = await heads.get([space, author]);
    if (head !== undefined) known.set(author, head);
  }
  const after = headsAfter(known, entries);
  if (!after.ok) {
    await tx.done;
    return after;
  }
  try {
    const writes = entries.map((entry) =>
      tx.objectStore('entries').add(entry, [space, entry.author, entry.seq]),
    );
    const moves = [...after.value].map(([author, head]) => heads.put(head, [space, author]));
    await Promise.all([...writes, ...moves, tx.done]);
    return ok(undefined);
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

async function cutBack(
  db: Database,
  space: string,
  author: string,
  seq: number,
): Promise<Result<void>> {
  const tx = db.transaction(['entries', 'heads', 'aside'], 'readwrite');
  const [entries, heads] = [tx.objectStore('entries'), tx.objectStore('heads')];
  const past = IDBKeyRange.bound([space, author, seq], [space, author, Infinity], true);
  const head = headAt(author, await entries.get([space, author, seq]));
  const cut = await entries.getAll(past);
  if (cut.length === 0) return ok(undefined);
  try {
    const kept = cut.map((entry) => tx.objectStore('aside').put(entry, [space, toHex(entry.hash)]));
    const moved = head === null ? heads.delete([space, author]) : heads.put(head, [space, author]);
    await Promise.all([...kept, entries.delete(past), moved, tx.done]);
    return ok(undefined);
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

function recordStore(db: Database): RecordStore {
  return {
    get: (collection, key) => db.get('records', [collection, key]),
    put: async (collection, key, value) => {
      await db.put('records', value, [collection, key]);
    },
    putNew: async (collection, key, value) => {
      const tx = db.transaction('records', 'readwrite');
      const isNew = (await tx.store.getKey([collection, key])) === undefined;
      if (isNew) await tx.store.put(value, [collection, key]);
      await tx.done;
      return isNew;
    },
    remove: (collection, key) => db.delete('records', [collection, key]),
    drop: (collection) => db.delete('records', prefix(collection)),
    list: async (collection) => {
      const tx = db.transaction('records');
      const range = prefix(collection);
      const [keys, values] = await Promise.all([
        tx.store.getAllKeys(range),
        tx.store.getAll(range),
      ]);
      return keys.map(([, key], i) => ({ key, value: values[i] }));
    },
  };
}

/** All keys whose first part is `first`: strings sort before arrays. */
function prefix(first: string): IDBKeyRange {
  return IDBKeyRange.bound([first], [first, []]);
}
