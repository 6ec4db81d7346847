// What one replica lacks of another's logs, and what is worth sending it: the arithmetic of anti-entropy.
import type { LogEntry } from '../log/log-entry.ts';
import type { Replica } from '../log/replica.ts';
import type { Crossing } from '../log/settlement.ts';
import { equalBytes, fromHex, toHex } from '../wire/bytes.ts';
import {
  MAX_BATCH_ENTRIES,
  TARGET_BATCH_BYTES,
  type Head,
  type Range,
} from '../wire/sync-message.ts';

/** Ranges of one question; the rest is asked for when these are here. */
export const MAX_RANGES = 256;

const BATCH = { maxEntries: MAX_BATCH_ENTRIES, maxBytes: TARGET_BATCH_BYTES };

/** What a replica holds and does not want to hold. */
export interface Held {
  readonly heads: ReadonlyMap<string, Head>;
  /** Authors who signed two histories, with the seq where these part. */
  readonly forked: ReadonlyMap<string, number>;
  readonly crossings: ReadonlyMap<string, Crossing>;
  /** By author, up to where entries come another way. */
  readonly expected: ReadonlyMap<string, number>;
}

/**
 * What of `theirs` is not in `ours`; of authors who signed two histories only what is before these part, or what leads
 * over to the settled one.
 */
export function missingRanges(theirs: ReadonlyMap<string, Head>, ours: Held): Range[] {
  const { heads, forked, crossings, expected } = ours;
  const ranges = [...crossings].flatMap(([author, crossing]) =>
    crossingRanges(crossing, author, heads.get(author)?.seq ?? 0),
  );
  for (const [author, head] of theirs) {
    if (crossings.has(author)) continue;
    const own = heads.get(author);
    const from = (own?.seq ?? 0) + 1;
    if (from <= (expected.get(author) ?? 0)) continue;
    const to = Math.min(head.seq, (forked.get(author) ?? Infinity) - 1);
    if (from <= to) ranges.push({ author: head.author, from, to });
    else if (to === own?.seq && to === head.seq && !equalBytes(own.hash, head.hash)) {
      // Two entries at one place: fetch theirs, so that the fork is proved and not only suspected.
      ranges.push({ author: head.author, from: head.seq, to: head.seq });
    }
  }
  return ranges;
}

/**
 * Downwards one by one, since an answer may end anywhere; upwards once it is known where the histories part. Everyone is
 * asked: how far somebody has come does not tell by which history.
 */
function crossingRanges({ lowest, keep, isOpen }: Crossing, id: string, ownSeq: number): Range[] {
  const author = fromHex(id);
  if (author === null) return [];
  if (isOpen) return [{ author, from: ownSeq + 1, to: keep.seq }];
  const count = Math.min(lowest, MAX_BATCH_ENTRIES);
  return Array.from({ length: count }, (_, i) => ({ author, from: lowest - i, to: lowest - i }));
}

/** Entries of the ranges as far as one batch goes. */
export async function collect(
  replica: Replica,
  space: string,
  ranges: readonly Range[],
): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = [];
  let bytes = 0;
  for (const { author, from, to } of ranges.slice(0, MAX_RANGES)) {
    const maxEntries = Math.min(BATCH.maxEntries - entries.length, to - from + 1);
    if (maxEntries <= 0 || bytes >= BATCH.maxBytes) break;
    const limits = { maxEntries, maxBytes: BATCH.maxBytes - bytes };
    for (const entry of await replica.read(space, toHex(author), from, limits)) {
      entries.push(entry.bytes);
      bytes += entry.bytes.length;
    }
  }
  return entries;
}

export function newestPerAuthor(entries: readonly LogEntry[]): Head[] {
  const newest = new Map<string, Head>();
  for (const { header, hash } of entries) {
    raise(newest, { author: header.author, seq: header.seq, hash });
  }
  return [...newest.values()];
}

export function raise(heads: Map<string, Head>, head: Head): void {
  const author = toHex(head.author);
  if ((heads.get(author)?.seq ?? 0) < head.seq) heads.set(author, head);
}

export function heldBy(theirs: ReadonlyMap<string, Head>, entry: LogEntry): number {
  return theirs.get(toHex(entry.header.author))?.seq ?? 0;
}

/** Pushing helps only if each author's run follows what the other holds or was just sent. */
export function canPush(
  news: readonly LogEntry[],
  theirs: ReadonlyMap<string, Head>,
  pushed: ReadonlyMap<string, number>,
): boolean {
  const size = news.reduce((total, entry) => total + entry.bytes.length, 0);
  if (news.length > MAX_BATCH_ENTRIES || size > TARGET_BATCH_BYTES) return false;
  const next = new Map<string, number>();
  return news.every((entry) => {
    const author = toHex(entry.header.author);
    const level = next.get(author) ?? Math.max(heldBy(theirs, entry), pushed.get(author) ?? 0);
    next.set(author, entry.header.seq);
    return entry.header.seq === level + 1;
  });
}

/** The whole control log of a space, in messages as they may be sent. */
export async function* controlBatches(
  replica: Replica,
  space: Uint8Array,
): AsyncGenerator<Uint8Array[]> {
  const id = toHex(space);
  for (let seq = 1; ;) {
    const batch = await replica.read(id, id, seq, BATCH);
    if (batch.length === 0) return;
    yield batch.map(({ bytes }) => bytes);
    seq += batch.length;
  }
}
