// Brings a replica's logs in line with what the stewards have settled: ends disputes that a settled point decides, takes off
// what lies past the end of a segment, and begins to cross over where the log here is another history than the kept one.
import type { EntryStore } from '../store/entry-store.ts';
import { equalBytes, fromHex, toHex } from '../wire/bytes.ts';
import type { Head } from '../wire/sync-message.ts';
import type { LogEntry } from './log-entry.ts';
import { readStoredEntry } from './seal.ts';
import { Crossing, isEnded, type LogPlace, type SettledLog } from './settlement.ts';
import type { SpaceState } from './space-state.ts';

/** An author's log that has changed its history: what was here after `seq` does not stand, or has been replaced up to there. */
export interface CutBack {
  readonly author: string;
  readonly seq: number;
}

/** Looks at each author of whom something is settled. Changes `state` in step with the store. */
export async function reviewLogs(parts: Reviewed): Promise<CutBack[]> {
  const cuts: CutBack[] = [];
  for (const [author, settled] of parts.state.settled) {
    const cut = await reviewLog(parts, author, settled);
    if (cut !== null) cuts.push(cut);
  }
  return cuts;
}

/** One space of a replica. */
export interface Reviewed {
  readonly store: EntryStore;
  readonly space: string;
  readonly state: SpaceState;
}

/** Entries of logs that cross over come last and upwards, as they were asked for downwards. */
export async function crossOver(
  parts: Reviewed,
  entries: readonly LogEntry[],
): Promise<{ readonly entries: readonly LogEntry[]; readonly cutBack: readonly CutBack[] }> {
  const { crossings } = parts.state;
  if (crossings.size === 0) return { entries, cutBack: [] };
  const cutBack: CutBack[] = [];
  const crossing: LogEntry[] = [];
  for (const [author, log] of crossings) {
    const own = entries.filter(({ header }) => toHex(header.author) === author);
    const cut = await openCrossing(parts, author, log, own);
    if (cut !== null) cutBack.push(cut);
    crossing.push(...own.toSorted((a, b) => a.header.seq - b.header.seq));
  }
  const others = entries.filter(({ header }) => !crossings.has(toHex(header.author)));
  return { entries: [...others, ...crossing], cutBack };
}

/** Whether an entry is looked at: not past an undecided fork, and on the settled history where there is one. */
export function isTakenUp(
  { forked, crossings, settled, heads }: SpaceState,
  entry: LogEntry,
): boolean {
  const { header, hash } = entry;
  const author = toHex(header.author);
  const crossing = crossings.get(author);
  if (crossing !== undefined) return crossing.isOpen && crossing.isKept(entry);
  if (header.seq >= (forked.get(author) ?? Infinity)) return false;
  const log = settled.get(author);
  if (log?.keep === undefined || log.keep === null) return !isEnded(log, header);
  if (header.seq === log.keep.seq) return equalBytes(hash, log.keep.hash);
  return !isEnded(log, header) && !isAside(log.keep, heads.get(author), entry);
}

/** What does not go on from the settled place, where the log here has come to it, is part of a dropped history. */
function isAside(keep: LogPlace, head: Head | undefined, { header }: LogEntry): boolean {
  if (header.seq !== keep.seq + 1 || (head?.seq ?? 0) < keep.seq) return false;
  return header.prev === null || !equalBytes(header.prev, keep.hash);
}

/** Whether the log here has come to a settled place at or past where two histories part: then nothing is open any more. */
export function isDecided(
  { settled, heads, crossings }: SpaceState,
  { author, seq }: { readonly author: string; readonly seq: number },
): boolean {
  const keepSeq = settled.get(author)?.keep?.seq ?? 0;
  const headSeq = heads.get(author)?.seq ?? 0;
  return seq <= keepSeq && headSeq >= keepSeq && !crossings.has(author);
}

async function reviewLog(
  parts: Reviewed,
  author: string,
  settled: SettledLog,
): Promise<CutBack | null> {
  const { crossings, heads } = parts.state;
  const keepSeq = settled.keep?.seq ?? 0;
  const headSeq = heads.get(author)?.seq ?? 0;
  if (settled.keep !== null && !(await passes(parts, author, settled.keep))) {
    const isDisputed = (parts.state.forked.get(author) ?? Infinity) <= keepSeq;
    if (headSeq < keepSeq && !isDisputed) return null;
    const known = crossings.get(author);
    const isSame = known !== undefined && samePlace(known.keep, settled.keep);
    if (!isSame) crossings.set(author, new Crossing(settled.keep));
    return null;
  }
  const hasCrossed = crossings.delete(author);
  endDisputes(parts.state, author, keepSeq);
  const next = headSeq > keepSeq ? await storedAt(parts, author, keepSeq + 1) : null;
  if (next !== null && isEnded(settled, next.header)) return takeOff(parts, author, keepSeq);
  return hasCrossed ? { author, seq: keepSeq } : null;
}

/** Learns from a batch, and cuts off a history that is not kept once it is known where the kept one begins. */
async function openCrossing(
  parts: Reviewed,
  author: string,
  crossing: Crossing,
  entries: readonly LogEntry[],
): Promise<CutBack | null> {
  const before = crossing.lowest;
  for (const entry of entries.toSorted((a, b) => b.header.seq - a.header.seq))
    crossing.learn(entry);
  if (crossing.isOpen) return null;
  const headSeq = parts.state.heads.get(author)?.seq ?? 0;
  const parting = await partingOf(parts, author, crossing, Math.min(before, headSeq));
  if (parting === null) return null;
  const cut = parting < headSeq ? await takeOff(parts, author, parting) : null;
  crossing.isOpen = parting >= headSeq || cut !== null;
  return cut;
}

/** The highest place, from `from` down, where the log here is the kept one; 0 when they have nothing in common. */
async function partingOf(
  parts: Reviewed,
  author: string,
  crossing: Crossing,
  from: number,
): Promise<number | null> {
  for (let seq = from; seq >= crossing.lowest; seq--) {
    const stored = await storedAt(parts, author, seq);
    if (stored !== null && crossing.isKept(stored)) return seq;
  }
  return crossing.reachesStart ? 0 : null;
}

async function takeOff(
  { store, space, state }: Reviewed,
  author: string,
  seq: number,
): Promise<CutBack | null> {
  const last = seq === 0 ? null : await storedAt({ store, space, state }, author, seq);
  const cut = await store.cutBack(space, author, seq);
  // Tried again with the next batch, when there may be room.
  if (!cut.ok) return null;
  const key = fromHex(author);
  if (last === null || key === null) state.heads.delete(author);
  else state.heads.set(author, { author: key, seq, hash: last.hash });
  return { author, seq };
}

async function passes(parts: Reviewed, author: string, { seq, hash }: LogPlace): Promise<boolean> {
  const head = parts.state.heads.get(author);
  if (head === undefined || head.seq < seq) return false;
  const at = head.seq === seq ? head : await storedAt(parts, author, seq);
  return at !== null && equalBytes(at.hash, hash);
}

async function storedAt({ store, space }: Reviewed, author: string, seq: number) {
  const [stored] = await store.read(space, author, seq, { maxEntries: 1, maxBytes: 1 });
  if (stored?.seq !== seq) return null;
  const entry = readStoredEntry(stored.bytes);
  return entry.ok ? entry.value : null;
}

/** A fork at or below a place through which the log passes is decided; one beyond it is another matter. */
function endDisputes(state: SpaceState, author: string, seq: number): void {
  state.disputes = state.disputes.filter((place) => place.author !== author || place.seq > seq);
  const open = state.disputes.filter((place) => place.author === author);
  if (open.length === 0) state.forked.delete(author);
  else state.forked.set(author, Math.min(...open.map((place) => place.seq)));
}

function samePlace(one: LogPlace, other: LogPlace): boolean {
  return one.seq === other.seq && toHex(one.hash) === toHex(other.hash);
}
