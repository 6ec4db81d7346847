// Blobs in IndexedDB, in a database of their own so that writing them never holds up the log.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { failureOf, ok, type Result } from '../wire/failure.ts';
import type { BlobStore, StoredBlob } from './blob-store.ts';

interface Schema extends DBSchema {
  /** Key: [space, id]. */
  blobs: { key: [string, string]; value: StoredBlob };
  /** Key: [body, index]. */
  chunks: { key: [string, number]; value: Uint8Array };
}

type Database = IDBPDatabase<Schema>;

/** Bump with a step in `upgrade`; never edit a step that users may have run. */
const SCHEMA_VERSION = 1;

export async function openBlobStore(name = 'commonplace-blobs'): Promise<BlobStore> {
  const db = await openDB<Schema>(name, SCHEMA_VERSION, {
    upgrade: (database) => {
      database.createObjectStore('blobs');
      database.createObjectStore('chunks');
    },
  });
  return {
    add: (blob) => attempt(() => add(db, blob)),
    get: async (space, id) => (await db.get('blobs', [space, id])) ?? null,
    list: () => db.getAll('blobs'),
    update: async (space, id, changes) => {
      const tx = db.transaction('blobs', 'readwrite');
      const row = await tx.store.get([space, id]);
      if (row !== undefined) await tx.store.put({ ...row, ...changes }, [space, id]);
      await tx.done;
      return row !== undefined;
    },
    putChunk: (body, index, bytes) =>
      attempt(async () => {
        await db.put('chunks', bytes, [body, index]);
      }),
    chunk: async (body, index) => (await db.get('chunks', [body, index])) ?? null,
    chunks: async (body) => {
      const keys = await db.getAllKeys('chunks', whole(body));
      return keys.map(([, index]) => index);
    },
    drop: async (space, id) => {
      const row = await db.get('blobs', [space, id]);
      if (row !== undefined) await dropRows(db, [row]);
    },
    dropSpace: async (space) => dropRows(db, await db.getAll('blobs', whole(space))),
    dropLoose: (except) => dropLoose(db, except),
    close: () => db.close(),
  };
}

async function add(db: Database, blob: StoredBlob): Promise<void> {
  const tx = db.transaction('blobs', 'readwrite');
  const key: [string, string] = [blob.space, blob.id];
  if ((await tx.store.getKey(key)) === undefined) await tx.store.put(blob, key);
  await tx.done;
}

async function dropRows(db: Database, rows: readonly StoredBlob[]): Promise<void> {
  const tx = db.transaction(['blobs', 'chunks'], 'readwrite');
  const work = rows.flatMap(({ space, id, body }) => [
    tx.objectStore('blobs').delete([space, id]),
    tx.objectStore('chunks').delete(whole(body)),
  ]);
  await Promise.all([...work, tx.done]);
}

/** Looks at one key of each body. */
async function dropLoose(db: Database, except: ReadonlySet<string>): Promise<void> {
  const owned = new Set((await db.getAll('blobs')).map(({ body }) => body));
  const tx = db.transaction('chunks', 'readwrite');
  let cursor = await tx.store.openKeyCursor();
  while (cursor !== null) {
    const [body] = cursor.key;
    if (!owned.has(body) && !except.has(body)) await tx.store.delete(whole(body));
    cursor = await cursor.continue([body, Infinity]);
  }
  await tx.done;
}

async function attempt(write: () => Promise<void>): Promise<Result<void>> {
  try {
    await write();
    return ok(undefined);
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

/** All keys whose first part is `first`: numbers and strings sort before arrays. */
function whole(first: string): IDBKeyRange {
  return IDBKeyRange.bound([first], [first, []]);
}
