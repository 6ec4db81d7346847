// Logs in SQLite, under the contract of lib/store/entry-store.ts, with a quota per space and for all together.
// Everything inside a call happens at once: a call that has settled has been committed.
import type { DatabaseSync } from 'node:sqlite';
import type { EntryStore, ForkProof, ReadLimits, StoredEntry } from '../lib/store/entry-store.ts';
import { headsAfter } from '../lib/store/link-check.ts';
import { fromHex } from '../lib/wire/bytes.ts';
import { fail, ok, type Result } from '../lib/wire/failure.ts';
import type { Head } from '../lib/wire/sync-message.ts';
import { bytesIn, inTransaction, isDiskFull, numberIn, textIn, type Row } from './database.ts';
import { prepare, type Statements } from './entry-statements.ts';
import type { RelayLimits } from './limits.ts';
import { countAll, type Tally } from './tally.ts';

export type StorageLimits = Pick<
  RelayLimits,
  'maxBytesPerSpace' | 'maxEntriesPerSpace' | 'maxAuthorsPerSpace' | 'maxTotalBytes'
>;

export interface SqliteEntryStoreOptions {
  readonly database: DatabaseSync;
  readonly limits: StorageLimits;
  /** Kept up to date with every append and drop. */
  readonly tally: Tally;
  readonly now?: () => number;
}

export function createSqliteEntryStore(options: SqliteEntryStoreOptions): EntryStore {
  const { database, tally } = options;
  const sql = prepare(database);
  const isOpen = () => database.isOpen;
  return {
    heads: async (space) => (isOpen() ? [...headsOf(sql, space).values()] : []),
    append: async (space, entries) => {
      if (!isOpen()) return CLOSING;
      try {
        return inTransaction(database, () => append(sql, options, space, entries));
      } catch (error) {
        // What was rolled back was perhaps already tallied.
        Object.assign(tally, countAll(database));
        if (isDiskFull(error)) return full('The disk of the relay');
        throw error;
      }
    },
    read: async (space, author, fromSeq, limits) =>
      isOpen() ? read(sql, space, author, fromSeq, limits) : [],
    cutBack: async (space, author, seq) => {
      if (!isOpen()) return CLOSING;
      inTransaction(database, () => cutBack(sql, tally, { space, author, seq }));
      return ok(undefined);
    },
    // Whoever wrote what was cut off has it; nobody asks a relay for it.
    aside: async () => [],
    forgetAside: async () => {},
    addFork: async (space, proof) => {
      if (!isOpen()) return;
      const spaceId = spaceRow(sql, options, space).id;
      sql.addFork.run(spaceId, proof.author, proof.seq, proof.first, proof.second);
    },
    forks: async (space) => (isOpen() ? sql.forks.all(space).map(forkIn) : []),
    drop: async (space) => {
      const row = isOpen() ? sql.space.get(space) : undefined;
      if (row === undefined) return;
      sql.drop.run(space);
      tally.spaces -= 1;
      tally.entries -= numberIn(row, 'entries');
      tally.bytes -= numberIn(row, 'bytes');
    },
    close: () => {
      if (isOpen()) database.close();
    },
  };
}

function append(
  sql: Statements,
  options: SqliteEntryStoreOptions,
  space: string,
  entries: readonly StoredEntry[],
): Result<void> {
  const heads = headsOf(sql, space);
  const after = headsAfter(heads, entries);
  if (!after.ok) return after;
  const row = spaceRow(sql, options, space);
  const bytes = entries.reduce((total, entry) => total + entry.bytes.length, 0);
  const refusal = overQuota(options, {
    entries: row.entries + entries.length,
    bytes: row.bytes + bytes,
    authors: after.value.size,
    totalBytes: options.tally.bytes + bytes,
  });
  if (refusal !== null) return refusal;
  write(sql, row.id, entries);
  sql.grow.run(entries.length, bytes, nowOf(options), row.id);
  options.tally.entries += entries.length;
  options.tally.bytes += bytes;
  return ok(undefined);
}

function write(sql: Statements, spaceId: number, entries: readonly StoredEntry[]): void {
  const newest = new Map(entries.map((entry) => [entry.author, entry]));
  const authorIds = new Map<string, number>();
  for (const { author, seq, hash } of newest.values()) {
    authorIds.set(author, numberIn(sql.setHead.get(spaceId, author, seq, hash), 'id'));
  }
  for (const { author, seq, hash, prev, bytes } of entries) {
    sql.addEntry.run(authorIds.get(author) ?? null, seq, hash, prev, bytes);
  }
}

function cutBack(
  sql: Statements,
  tally: Tally,
  { space, author, seq }: { space: string; author: string; seq: number },
): void {
  const row = sql.author.get(space, author);
  if (row === undefined) return;
  const id = numberIn(row, 'id');
  const past = sql.past.get(id, seq);
  const [entries, bytes] = [numberIn(past, 'entries'), numberIn(past, 'bytes')];
  if (entries === 0) return;
  sql.cut.run(id, seq);
  if (seq === 0) sql.forgetAuthor.run(id);
  else sql.backTo.run(id, seq);
  const spaceId = numberIn(sql.space.get(space), 'id');
  sql.shrink.run(entries, bytes, spaceId);
  tally.entries -= entries;
  tally.bytes -= bytes;
}

function spaceRow(
  sql: Statements,
  options: SqliteEntryStoreOptions,
  space: string,
): { readonly id: number; readonly entries: number; readonly bytes: number } {
  const added = sql.addSpace.run(space, nowOf(options));
  options.tally.spaces += Number(added.changes);
  const row = sql.space.get(space);
  return {
    id: numberIn(row, 'id'),
    entries: numberIn(row, 'entries'),
    bytes: numberIn(row, 'bytes'),
  };
}

function overQuota(
  { limits }: SqliteEntryStoreOptions,
  wanted: { entries: number; bytes: number; authors: number; totalBytes: number },
): Result<never> | null {
  if (wanted.totalBytes > limits.maxTotalBytes) return full('This relay');
  const isFull =
    wanted.entries > limits.maxEntriesPerSpace ||
    wanted.bytes > limits.maxBytesPerSpace ||
    wanted.authors > limits.maxAuthorsPerSpace;
  return isFull ? full('The room that this relay gives one space') : null;
}

function headsOf(sql: Statements, space: string): Map<string, Head> {
  const heads = new Map<string, Head>();
  for (const row of sql.heads.all(space)) {
    const name = textIn(row, 'author');
    const author = fromHex(name);
    if (author === null) throw new TypeError('expected an author in hex');
    heads.set(name, { author, seq: numberIn(row, 'seq'), hash: bytesIn(row, 'hash') });
  }
  return heads;
}

/** Row by row, so that many large entries are not in memory at once when only a few fit the limits. */
function read(
  sql: Statements,
  space: string,
  author: string,
  fromSeq: number,
  { maxEntries, maxBytes }: ReadLimits,
): StoredEntry[] {
  const taken: StoredEntry[] = [];
  let totalBytes = 0;
  for (const row of sql.read.iterate(space, author, fromSeq, maxEntries)) {
    const bytes = bytesIn(row, 'bytes');
    totalBytes += bytes.length;
    if (taken.length > 0 && totalBytes > maxBytes) break;
    const prev = row['prev'] === null ? null : bytesIn(row, 'prev');
    taken.push({ author, seq: numberIn(row, 'seq'), hash: bytesIn(row, 'hash'), prev, bytes });
  }
  return taken;
}

function forkIn(row: Row): ForkProof {
  return {
    author: textIn(row, 'author'),
    seq: numberIn(row, 'seq'),
    first: bytesIn(row, 'first'),
    second: bytesIn(row, 'second'),
  };
}

function nowOf({ now = Date.now }: SqliteEntryStoreOptions): number {
  return now();
}

function full(what: string): Result<never> {
  return fail(
    'storage_full',
    `${what} is full; what you sent was not stored there.`,
    'It is kept on your device and still goes to others directly. Use another relay, or ask who runs this one.',
  );
}

const CLOSING = fail('unavailable', 'The relay is shutting down.', 'Connect again in a moment.');
