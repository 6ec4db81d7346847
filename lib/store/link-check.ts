// Whether a run of entries extends the heads that storage holds: the check every store makes inside its transaction.
import { equalBytes, fromHex } from '../wire/bytes.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { Head } from '../wire/sync-message.ts';
import type { StoredEntry } from './entry-store.ts';

/** Heads after the entries, by author; or `conflict` for the first entry that does not fit. */
export function headsAfter(
  heads: ReadonlyMap<string, Head>,
  entries: readonly StoredEntry[],
): Result<Map<string, Head>> {
  const after = new Map(heads);
  for (const entry of entries) {
    const head = after.get(entry.author);
    const author = fromHex(entry.author);
    if (author?.length !== 32 || !extendsHead(entry, head)) return conflict(entry, head);
    after.set(entry.author, { author, seq: entry.seq, hash: entry.hash });
  }
  return ok(after);
}

/** The head of a log that ends with this entry; null when nothing is left of it. */
export function headAt(author: string, last: StoredEntry | undefined): Head | null {
  const key = fromHex(author);
  return last === undefined || key === null
    ? null
    : { author: key, seq: last.seq, hash: last.hash };
}

/** By author and seq. */
export function inOrder(entries: readonly StoredEntry[]): StoredEntry[] {
  return entries.toSorted((a, b) =>
    a.author === b.author ? a.seq - b.seq : a.author < b.author ? -1 : 1,
  );
}

function extendsHead(entry: StoredEntry, head: Head | undefined): boolean {
  if (head === undefined) return entry.seq === 1 && entry.prev === null;
  return entry.seq === head.seq + 1 && entry.prev !== null && equalBytes(entry.prev, head.hash);
}

function conflict(entry: StoredEntry, head: Head | undefined): Result<never> {
  return fail(
    'conflict',
    `Entry ${entry.seq} does not follow the newest stored entry (${head?.seq ?? 0}) of its author.`,
    'Read the heads again and write after them.',
  );
}
