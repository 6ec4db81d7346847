// The SQL of the relay's storage for logs, prepared once.
import type { DatabaseSync } from 'node:sqlite';

export type Statements = ReturnType<typeof prepare>;

export function prepare(database: DatabaseSync) {
  return {
    ...prepareCuts(database),
    space: database.prepare('SELECT id, entries, bytes FROM spaces WHERE space = ?'),
    addSpace: database.prepare(
      `INSERT INTO spaces (space, touched_at) VALUES (?, ?) ON CONFLICT DO NOTHING`,
    ),
    grow: database.prepare(
      'UPDATE spaces SET entries = entries + ?, bytes = bytes + ?, touched_at = ? WHERE id = ?',
    ),
    drop: database.prepare('DELETE FROM spaces WHERE space = ?'),
    heads: database.prepare(
      `SELECT author, seq, hash FROM authors
       WHERE space_id = (SELECT id FROM spaces WHERE space = ?)`,
    ),
    setHead: database.prepare(
      `INSERT INTO authors (space_id, author, seq, hash) VALUES (?, ?, ?, ?)
       ON CONFLICT (space_id, author) DO UPDATE SET seq = excluded.seq, hash = excluded.hash
       RETURNING id`,
    ),
    addEntry: database.prepare(
      'INSERT INTO entries (author_id, seq, hash, prev, bytes) VALUES (?, ?, ?, ?, ?)',
    ),
    read: database.prepare(
      `SELECT seq, hash, prev, bytes FROM entries WHERE author_id =
         (SELECT authors.id FROM authors JOIN spaces ON spaces.id = space_id
          WHERE space = ? AND author = ?)
       AND seq >= ? ORDER BY seq LIMIT ?`,
    ),
    addFork: database.prepare(
      `INSERT INTO forks (space_id, author, seq, first, second) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    ),
    forks: database.prepare(
      `SELECT author, seq, first, second FROM forks
       WHERE space_id = (SELECT id FROM spaces WHERE space = ?)`,
    ),
  };
}

/** For taking off the end of a log. */
function prepareCuts(database: DatabaseSync) {
  return {
    author: database.prepare(
      `SELECT authors.id FROM authors JOIN spaces ON spaces.id = space_id
       WHERE space = ? AND author = ?`,
    ),
    past: database.prepare(
      'SELECT COUNT(*) AS entries, COALESCE(SUM(LENGTH(bytes)), 0) AS bytes FROM entries WHERE author_id = ? AND seq > ?',
    ),
    cut: database.prepare('DELETE FROM entries WHERE author_id = ? AND seq > ?'),
    backTo: database.prepare(
      `UPDATE authors SET seq = entries.seq, hash = entries.hash FROM entries
       WHERE authors.id = ? AND entries.author_id = authors.id AND entries.seq = ?`,
    ),
    forgetAuthor: database.prepare('DELETE FROM authors WHERE id = ?'),
    shrink: database.prepare(
      'UPDATE spaces SET entries = entries - ?, bytes = bytes - ? WHERE id = ?',
    ),
  };
}
