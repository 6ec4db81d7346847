// Which spaces the relay knows: their genesis, and when they were last of use to anyone.
import type { DatabaseSync } from 'node:sqlite';
import { bytesIn, inTransaction, textIn } from './database.ts';
import type { Tally } from './tally.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface SpaceBook {
  knows(space: string): boolean;
  /** Null for a space that is not known. */
  genesis(space: string): Uint8Array | null;
  /** Notes a space at its first use, and at each later one that it is in use. */
  remember(space: string, genesis: Uint8Array): void;
  touch(spaces: Iterable<string>): void;
  /** Spaces past their time, the oldest first. */
  outdated(ttl: SpaceTtl): string[];
  /** Gives pages of dropped spaces back to the disk. */
  compact(): void;
}

export interface SpaceTtl {
  readonly spaceTtlDays: number;
  readonly emptySpaceTtlDays: number;
}

export function createSpaceBook(
  database: DatabaseSync,
  tally: Tally,
  now: () => number = Date.now,
): SpaceBook {
  const sql = {
    find: database.prepare('SELECT 1 FROM spaces WHERE space = ?'),
    genesis: database.prepare('SELECT genesis FROM spaces WHERE space = ? AND genesis NOTNULL'),
    add: database.prepare(
      `INSERT INTO spaces (space, genesis, touched_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
    ),
    touch: database.prepare('UPDATE spaces SET touched_at = ? WHERE space = ?'),
    outdated: database.prepare(
      `SELECT space FROM spaces WHERE touched_at < ? OR (entries = 0 AND touched_at < ?)
       ORDER BY touched_at`,
    ),
  };
  return {
    knows: (space) => sql.find.get(space) !== undefined,
    genesis: (space) => {
      const row = sql.genesis.get(space);
      return row === undefined ? null : bytesIn(row, 'genesis');
    },
    remember: (space, genesis) => {
      const added = sql.add.run(space, genesis, now());
      tally.spaces += Number(added.changes);
      if (added.changes === 0) sql.touch.run(now(), space);
    },
    touch: (spaces) =>
      inTransaction(database, () => {
        for (const space of spaces) sql.touch.run(now(), space);
      }),
    outdated: (ttl) => {
      const before = now() - ttl.spaceTtlDays * DAY_MS;
      const emptyBefore = now() - ttl.emptySpaceTtlDays * DAY_MS;
      return sql.outdated.all(before, emptyBefore).map((row) => textIn(row, 'space'));
    },
    compact: () => database.exec('PRAGMA incremental_vacuum(2000)'),
  };
}
