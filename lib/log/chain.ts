// The rule by which one author's entries follow each other, and what breaks it.
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { Head } from '../wire/sync-message.ts';
import { hashOf } from '../identity/hash.ts';
import { encodeCbor } from '../wire/cbor.ts';
import type { LogEntry } from './log-entry.ts';

/** How an entry stands to the newest one known of its author. */
export type Standing =
  | 'next' // extends the head
  | 'known' // at or below the head: it must be the entry already stored there, or it is a fork
  | 'gap' // entries between are missing
  | 'broken'; // right place, wrong link: the author signed two histories

export function standingOf(entry: LogEntry, head: Head | undefined): Standing {
  const { seq, prev } = entry.header;
  const headSeq = head?.seq ?? 0;
  if (seq <= headSeq) return 'known';
  if (seq > headSeq + 1) return 'gap';
  if (head === undefined || prev === null)
    return head === undefined && prev === null ? 'next' : 'broken';
  return equalBytes(prev, head.hash) ? 'next' : 'broken';
}

/**
 * Digest of the heads of all authors but `self`: what an entry's header says its author had seen.
 * Independent of the order of `heads`.
 */
export function digestOfHeads(heads: Iterable<Head>, self: Uint8Array): Uint8Array {
  const others = [...heads]
    .filter((head) => !equalBytes(head.author, self))
    .map((head) => [toHex(head.author), head.seq, head.hash] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return hashOf('seen', encodeCbor(others));
}

/** The Automerge actor (16 bytes) of one segment of one author's log in one space. */
export function actorOfSegment(header: {
  readonly space: Uint8Array;
  readonly author: Uint8Array;
  readonly segment: Uint8Array;
}): Uint8Array {
  return hashOf('actor', header.space, header.author, header.segment).subarray(0, 16);
}
