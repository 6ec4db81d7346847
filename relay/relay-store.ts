// Everything the relay keeps, in one database: logs, blobs, the book of spaces, and the relay's own key.
import { randomBytes } from '../lib/identity/hash.ts';
import { signerOfSeed, type Signer } from '../lib/identity/signer.ts';
import type { EntryStore } from '../lib/store/entry-store.ts';
import type { BlobKeeper } from '../lib/sync/blob-exchange.ts';
import { createBlobKeeper } from './blob-keeper.ts';
import { bytesIn, openDatabase } from './database.ts';
import {
  createSqliteBlobStore,
  type BlobLimits,
  type SqliteBlobStore,
} from './sqlite-blob-store.ts';
import { createSpaceBook, type SpaceBook } from './space-book.ts';
import { createSqliteEntryStore, type StorageLimits } from './sqlite-entry-store.ts';
import { countAll, type Tally } from './tally.ts';

export interface RelayStore {
  readonly entries: EntryStore;
  readonly blobs: SqliteBlobStore;
  readonly blobKeeper: BlobKeeper;
  readonly spaces: SpaceBook;
  readonly tally: Readonly<Tally>;
  readonly signer: Signer;
  close(): void;
}

/** Throws when the folder cannot be used; see `openDatabase`. */
export async function openRelayStore(
  dataDir: string,
  limits: StorageLimits & BlobLimits,
  now: () => number = Date.now,
): Promise<RelayStore> {
  const database = openDatabase(dataDir);
  const tally = countAll(database);
  const entries = createSqliteEntryStore({ database, limits, tally, now });
  const blobs = createSqliteBlobStore(database, limits, now);
  return {
    entries,
    blobs,
    blobKeeper: createBlobKeeper(blobs, now),
    spaces: createSpaceBook(database, tally, now),
    tally,
    signer: await signerOfSeed(ownSeed(database)),
    close: () => entries.close(),
  };
}

function ownSeed(database: ReturnType<typeof openDatabase>): Uint8Array {
  database
    .prepare(`INSERT INTO settings (name, value) VALUES ('device-seed', ?) ON CONFLICT DO NOTHING`)
    .run(randomBytes(32));
  const row = database.prepare(`SELECT value FROM settings WHERE name = 'device-seed'`).get();
  if (row === undefined) throw new Error('the relay has no key');
  return bytesIn(row, 'value');
}
