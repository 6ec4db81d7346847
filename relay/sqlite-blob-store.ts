// Blobs in SQLite, under the contract of lib/store/blob-store.ts, with quotas counted when a blob is announced, so that
// nothing is taken in that would not fit in the end.
import type { DatabaseSync } from 'node:sqlite';
import type { BlobStore, BlobUpdate, StoredBlob } from '../lib/store/blob-store.ts';
import { fail, ok, type Result } from '../lib/wire/failure.ts';
import { bytesIn, inTransaction, isDiskFull, numberIn, textIn, type Row } from './database.ts';
import type { RelayLimits } from './limits.ts';

export type BlobLimits = Pick<
  RelayLimits,
  'maxBlobBytesPerSpace' | 'maxBlobsPerSpace' | 'maxTotalBlobBytes'
>;

export type BlobTtl = Pick<RelayLimits, 'blobTtlDays' | 'partialBlobTtlDays'>;

const DAY_MS = 24 * 60 * 60 * 1000;

export interface SqliteBlobStore extends BlobStore {
  /** Of all blobs, also of what has not come yet. */
  totalBytes(): number;
  /** Forgets blobs that nobody used for so long, and those that never became whole. */
  dropOutdated(ttl: BlobTtl): void;
}

export function createSqliteBlobStore(
  database: DatabaseSync,
  limits: BlobLimits,
  now: () => number = Date.now,
): SqliteBlobStore {
  const sql = prepare(database);
  const isOpen = () => database.isOpen;
  return {
    add: async (blob) => (isOpen() ? guarded(() => add(database, sql, limits, blob)) : CLOSING),
    get: async (space, id) => {
      const row = isOpen() ? sql.get.get(space, id) : undefined;
      return row === undefined ? null : blobIn(row);
    },
    list: async () => (isOpen() ? sql.list.all().map(blobIn) : []),
    update: async (space, id, changes) => isOpen() && update(sql, space, id, changes),
    putChunk: async (body, index, bytes) => {
      if (!isOpen()) return CLOSING;
      return guarded(() => {
        sql.putChunk.run(body, index, bytes);
        return ok(undefined);
      });
    },
    chunk: async (body, index) => {
      const row = isOpen() ? sql.chunk.get(body, index) : undefined;
      return row === undefined ? null : bytesIn(row, 'bytes');
    },
    chunks: async (body) =>
      isOpen() ? sql.chunks.all(body).map((row) => numberIn(row, 'idx')) : [],
    drop: async (space, id) => {
      if (!isOpen()) return;
      inTransaction(database, () => {
        sql.dropChunks.run(space, id);
        sql.drop.run(space, id);
      });
    },
    dropSpace: async (space) => {
      if (!isOpen()) return;
      inTransaction(database, () => {
        sql.dropSpaceChunks.run(space);
        sql.dropSpace.run(space);
      });
    },
    dropLoose: async (except) => {
      if (isOpen()) sql.dropLoose.run(JSON.stringify([...except]));
    },
    totalBytes: () => (isOpen() ? numberIn(sql.total.get(), 'bytes') : 0),
    dropOutdated: ({ blobTtlDays, partialBlobTtlDays }) => {
      if (!isOpen()) return;
      sql.dropOutdated.run(now() - blobTtlDays * DAY_MS, now() - partialBlobTtlDays * DAY_MS);
      sql.dropLoose.run('[]');
    },
    close: () => {
      if (isOpen()) database.close();
    },
  };
}

type Statements = ReturnType<typeof prepare>;

function prepare(database: DatabaseSync) {
  const sql = (text: string) => database.prepare(text);
  const own = 'SELECT body FROM blobs WHERE space = ?';
  return {
    get: sql('SELECT * FROM blobs WHERE space = ? AND id = ?'),
    list: sql('SELECT * FROM blobs ORDER BY space, id'),
    add: sql('INSERT INTO blobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    update: sql(
      `UPDATE blobs SET is_whole = ifnull(?, is_whole), used_at = ifnull(?, used_at),
         sent_at = ifnull(?, sent_at) WHERE space = ? AND id = ?`,
    ),
    putChunk: sql(`INSERT INTO blob_chunks VALUES (?, ?, ?)
       ON CONFLICT (body, idx) DO UPDATE SET bytes = excluded.bytes`),
    chunk: sql('SELECT bytes FROM blob_chunks WHERE body = ? AND idx = ?'),
    chunks: sql('SELECT idx FROM blob_chunks WHERE body = ? ORDER BY idx'),
    dropChunks: sql(`DELETE FROM blob_chunks WHERE body IN (${own} AND id = ?)`),
    drop: sql('DELETE FROM blobs WHERE space = ? AND id = ?'),
    dropSpaceChunks: sql(`DELETE FROM blob_chunks WHERE body IN (${own})`),
    dropSpace: sql('DELETE FROM blobs WHERE space = ?'),
    dropLoose: sql(`DELETE FROM blob_chunks WHERE body NOT IN (SELECT body FROM blobs)
       AND body NOT IN (SELECT value FROM json_each(?))`),
    dropOutdated: sql('DELETE FROM blobs WHERE used_at < ? OR (is_whole = 0 AND used_at < ?)'),
    total: sql('SELECT ifnull(sum(bytes), 0) AS bytes FROM blobs'),
    ofSpace: sql(
      'SELECT count(*) AS blobs, ifnull(sum(bytes), 0) AS bytes FROM blobs WHERE space = ?',
    ),
  };
}

function add(
  database: DatabaseSync,
  sql: Statements,
  limits: BlobLimits,
  blob: StoredBlob,
): Result<void> {
  return inTransaction(database, () => {
    if (sql.get.get(blob.space, blob.id) !== undefined) return ok(undefined);
    const refusal = overQuota(sql, limits, blob);
    if (refusal !== null) return refusal;
    const { space, id, manifest, body, bytes, isWhole, origin, broughtBy } = blob;
    const { addedAt, usedAt, sentAt } = blob;
    const facts = [bytes, Number(isWhole), origin, broughtBy, addedAt, usedAt, sentAt];
    sql.add.run(space, id, manifest, body, ...facts);
    return ok(undefined);
  });
}

function overQuota(sql: Statements, limits: BlobLimits, blob: StoredBlob): Result<never> | null {
  const total = numberIn(sql.total.get(), 'bytes');
  if (total + blob.bytes > limits.maxTotalBlobBytes) return full('This relay');
  const row = sql.ofSpace.get(blob.space);
  const isFull =
    numberIn(row, 'blobs') >= limits.maxBlobsPerSpace ||
    numberIn(row, 'bytes') + blob.bytes > limits.maxBlobBytesPerSpace;
  return isFull ? full('The room that this relay gives the files of one space') : null;
}

function update(sql: Statements, space: string, id: string, changes: BlobUpdate): boolean {
  const { isWhole, usedAt, sentAt } = changes;
  const whole = isWhole === undefined ? null : Number(isWhole);
  return sql.update.run(whole, usedAt ?? null, sentAt ?? null, space, id).changes > 0;
}

function blobIn(row: Row): StoredBlob {
  return {
    space: textIn(row, 'space'),
    id: textIn(row, 'id'),
    manifest: bytesIn(row, 'manifest'),
    body: textIn(row, 'body'),
    bytes: numberIn(row, 'bytes'),
    isWhole: numberIn(row, 'is_whole') === 1,
    origin: textIn(row, 'origin') === 'own' ? 'own' : 'fetched',
    broughtBy: row['brought_by'] === null ? null : textIn(row, 'brought_by'),
    addedAt: numberIn(row, 'added_at'),
    usedAt: numberIn(row, 'used_at'),
    sentAt: row['sent_at'] === null ? null : numberIn(row, 'sent_at'),
  };
}

function guarded(write: () => Result<void>): Result<void> {
  try {
    return write();
  } catch (error) {
    if (isDiskFull(error)) return full('The disk of the relay');
    throw error;
  }
}

function full(what: string): Result<never> {
  return fail(
    'storage_full',
    `${what} is full; this file was not stored there.`,
    'It stays on your device, and others can fetch it while your browser is on.',
  );
}

const CLOSING = fail('unavailable', 'The relay is shutting down.', 'Connect again in a moment.');
