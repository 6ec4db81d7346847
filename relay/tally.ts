// How much the relay holds in all: counted once when it starts and kept in step by whoever writes.
import type { DatabaseSync } from 'node:sqlite';
import { numberIn } from './database.ts';

export interface Tally {
  spaces: number;
  entries: number;
  bytes: number;
}

export function countAll(database: DatabaseSync): Tally {
  const row = database
    .prepare(
      'SELECT count(*) AS spaces, ifnull(sum(entries), 0) AS entries, ifnull(sum(bytes), 0) AS bytes FROM spaces',
    )
    .get();
  return {
    spaces: numberIn(row, 'spaces'),
    entries: numberIn(row, 'entries'),
    bytes: numberIn(row, 'bytes'),
  };
}
