// The relay's one database file: how it is opened, its tables, and reading a row without trusting its types.
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';

export type Row = Record<string, SQLOutputValue>;

/** Steps from one version of the schema to the next. Add at the end; never edit one that operators may have run. */
const STEPS = [
  `CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
   CREATE TABLE spaces (
     id INTEGER PRIMARY KEY,
     space TEXT NOT NULL UNIQUE,
     genesis BLOB,
     entries INTEGER NOT NULL DEFAULT 0,
     bytes INTEGER NOT NULL DEFAULT 0,
     touched_at INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX spaces_by_age ON spaces (touched_at);
   CREATE TABLE authors (
     id INTEGER PRIMARY KEY,
     space_id INTEGER NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
     author TEXT NOT NULL,
     seq INTEGER NOT NULL,
     hash BLOB NOT NULL,
     UNIQUE (space_id, author)
   ) STRICT;
   CREATE TABLE entries (
     author_id INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
     seq INTEGER NOT NULL,
     hash BLOB NOT NULL,
     prev BLOB,
     bytes BLOB NOT NULL,
     PRIMARY KEY (author_id, seq)
   ) STRICT;
   CREATE TABLE forks (
     space_id INTEGER NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
     author TEXT NOT NULL,
     seq INTEGER NOT NULL,
     first BLOB NOT NULL,
     second BLOB NOT NULL,
     PRIMARY KEY (space_id, author, seq)
   ) STRICT;`,
  `CREATE TABLE blobs (
     space TEXT NOT NULL,
     id TEXT NOT NULL,
     manifest BLOB NOT NULL,
     body TEXT NOT NULL UNIQUE,
     bytes INTEGER NOT NULL,
     is_whole INTEGER NOT NULL,
     origin TEXT NOT NULL,
     brought_by TEXT,
     added_at INTEGER NOT NULL,
     used_at INTEGER NOT NULL,
     sent_at INTEGER,
     PRIMARY KEY (space, id)
   ) STRICT;
   CREATE INDEX blobs_by_age ON blobs (used_at);
   CREATE TABLE blob_chunks (
     body TEXT NOT NULL,
     idx INTEGER NOT NULL,
     bytes BLOB NOT NULL,
     PRIMARY KEY (body, idx)
   ) STRICT;`,
];

/**
 * Opens (or makes) `relay.db` in a folder. With WAL and synchronous=NORMAL what is committed survives the death of
 * the process; a power cut may take the last moments, after which nodes simply bring them again.
 * Throws when another relay has it open, or a newer version wrote it.
 */
export function openDatabase(dataDir: string): DatabaseSync {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'relay.db');
  const database = new DatabaseSync(path, { timeout: 1000 });
  try {
    // Heads are cached in memory: two processes on one file would refuse each other's work as conflicts.
    database.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;`);
    migrate(database);
    chmodSync(path, 0o600);
    return database;
  } catch (error) {
    database.close();
    throw new Error(`The relay cannot use ${path}: ${explain(error)}`, { cause: error });
  }
}

/** Runs `work` in one transaction; rolls back when it throws. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

export function numberIn(row: Row | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== 'number') throw new TypeError(`expected a number in column ${column}`);
  return value;
}

export function textIn(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`expected text in column ${column}`);
  return value;
}

export function bytesIn(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new TypeError(`expected bytes in column ${column}`);
  return value;
}

/** SQLITE_FULL: the disk has no room. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 13;
}

function migrate(database: DatabaseSync): void {
  const version = numberIn(database.prepare('PRAGMA user_version').get(), 'user_version');
  if (version > STEPS.length) throw new Error('it was written by a newer version of Commonplace');
  inTransaction(database, () => {
    for (const step of STEPS.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${STEPS.length}`);
  });
}

/** SQLITE_BUSY (5) says that another process holds the file. */
function explain(error: unknown): string {
  const isBusy = error instanceof Error && 'errcode' in error && error.errcode === 5;
  return isBusy ? 'another relay is running on it' : String(error);
}
