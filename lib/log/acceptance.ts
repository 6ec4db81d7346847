// Takes a batch of entries from elsewhere into a store: verifies each, finds its place, and sorts out what to say of the rest.
import type { EntryStore, ForkProof, StoredEntry } from '../store/entry-store.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import { fail, ok, type Failure, type Result } from '../wire/failure.ts';
import type { Head } from '../wire/sync-message.ts';
import { standingOf } from './chain.ts';
import { settleDecisions } from './decisions.ts';
import type { ControlCheck, LogEntry } from './log-entry.ts';
import { crossOver, isDecided, isTakenUp, reviewLogs, type CutBack } from './review.ts';
import { verifyEntry } from './seal.ts';
import type { SpaceState } from './space-state.ts';

/** What became of a batch: which entries were new and stored, and what was wrong with the rest. */
export interface Acceptance {
  readonly stored: readonly LogEntry[];
  /** Some entries could not be placed because earlier ones are missing: ask for those. */
  readonly gap: boolean;
  /** The first thing that an honest sender would not have sent. The other valid entries are stored. */
  readonly offence: Failure | null;
  /** Why nothing could be stored although the sender did no wrong: `storage_full`, `conflict`, `unavailable`. */
  readonly trouble: Failure | null;
  /** Proofs, found just now, that an author signed two histories. The sender only passed one of them on. */
  readonly forks: readonly ForkProof[];
  /** Entries that were here before: whoever sent them may not know. */
  readonly known: readonly LogEntry[];
  /** Own heads that an entry should have followed and does not: the sender's entry there would prove a fork. */
  readonly suspects: readonly Head[];
  /** Logs of which an end was taken off, because the stewards settled on another history. */
  readonly cutBack: readonly CutBack[];
}

type Placement =
  | { readonly at: 'next' | 'gap' | 'known' }
  | { readonly at: 'nowhere'; readonly failure: Failure }
  | { readonly at: 'fork'; readonly proof: ForkProof }
  | { readonly at: 'suspect'; readonly head: Head };

export interface AcceptanceParts {
  readonly store: EntryStore;
  readonly control: ControlCheck | null;
}

/** Changes `state` in step with the store. */
export async function acceptBatch(
  parts: AcceptanceParts,
  space: string,
  state: SpaceState,
  batch: readonly Uint8Array[],
): Promise<Acceptance> {
  const sorted = await sortBatch(parts, space, state, batch);
  const { plan, forks, suspects, known, offence, gap, cutBack } = sorted;
  for (const proof of forks) await parts.store.addFork(space, proof);
  const { entries } = plan;
  const stored = entries.map(toStored);
  const appended = stored.length > 0 ? await parts.store.append(space, stored) : ok(null);
  if (!appended.ok) {
    const trouble = appended.failure;
    return { stored: [], gap: false, offence, trouble, forks, known: [], suspects, cutBack };
  }
  await settleDecisions(parts.control, space, entries, forks);
  advance(state, entries);
  cutBack.push(...(await settle(parts, space, state)));
  return { stored: entries, gap, offence, trouble: null, forks, known, suspects, cutBack };
}

/** Takes up what the stewards have settled by now. */
export async function settle(
  { store, control }: AcceptanceParts,
  space: string,
  state: SpaceState,
): Promise<CutBack[]> {
  const settled = (await control?.settled(space)) ?? state.settled;
  const isNew = settled !== state.settled;
  state.settled = settled;
  const isOpen = isNew || state.disputes.length > 0 || state.crossings.size > 0;
  return isOpen ? reviewLogs({ store, space, state }) : [];
}

/** What a batch comes to before anything of it is stored. */
interface SortedBatch {
  readonly plan: Plan;
  readonly forks: ForkProof[];
  readonly suspects: Head[];
  readonly known: LogEntry[];
  readonly cutBack: CutBack[];
  offence: Failure | null;
  gap: boolean;
}

/** Finds the place of each entry in turn; freezes authors in `state` at the first proof of a fork. */
async function sortBatch(
  parts: AcceptanceParts,
  space: string,
  state: SpaceState,
  batch: readonly Uint8Array[],
): Promise<SortedBatch> {
  const read = async (bytes: Uint8Array) =>
    parts.control?.read(bytes) ?? (await verifyEntry(bytes));
  const verified = await Promise.all(batch.map(read));
  const plan: Plan = { heads: new Map(state.heads), entries: [], ahead: new Map() };
  const rest = { forks: [], suspects: [], known: [], cutBack: [], offence: null, gap: false };
  const sorted: SortedBatch = { plan, ...rest };
  const entries: LogEntry[] = [];
  for (const result of verified) {
    const entry = result.ok ? inSpace(result.value, space) : result;
    if (entry.ok) entries.push(entry.value);
    else sorted.offence ??= entry.failure;
  }
  const crossed = await crossOver({ store: parts.store, space, state }, entries);
  sorted.cutBack.push(...crossed.cutBack);
  for (const { author } of crossed.cutBack) {
    const head = state.heads.get(author);
    if (head === undefined) plan.heads.delete(author);
    else plan.heads.set(author, head);
  }
  for (const entry of crossed.entries) {
    if (isTakenUp(state, entry)) {
      note(sorted, state, entry, await place(parts, space, plan, entry));
    }
  }
  return sorted;
}

function note(sorted: SortedBatch, state: SpaceState, entry: LogEntry, placed: Placement): void {
  switch (placed.at) {
    case 'gap':
      sorted.gap = true;
      break;
    case 'known':
      sorted.known.push(entry);
      break;
    case 'nowhere':
      sorted.offence ??= placed.failure;
      break;
    case 'suspect':
      sorted.suspects.push(placed.head);
      break;
    case 'fork':
      if (state.forked.has(placed.proof.author) || isDecided(state, placed.proof)) break;
      state.forked.set(placed.proof.author, placed.proof.seq);
      state.disputes = [...state.disputes, placed.proof];
      sorted.forks.push(placed.proof);
      break;
    case 'next':
  }
}

/** Moves the heads in memory after entries that the store has taken. */
export function advance(state: SpaceState, entries: readonly LogEntry[]): void {
  for (const { header, hash } of entries) {
    state.heads.set(toHex(header.author), { author: header.author, seq: header.seq, hash });
  }
}

export function toStored(entry: LogEntry): StoredEntry {
  const { author, seq, prev } = entry.header;
  return { author: toHex(author), seq, hash: entry.hash, prev, bytes: entry.bytes };
}

interface Plan {
  readonly heads: Map<string, Head>;
  readonly entries: LogEntry[];
  /** Those that cannot be placed yet, by author and seq: two at one place prove a fork all the same. */
  readonly ahead: Map<string, LogEntry>;
}

/** Decides where a verified entry stands and, if it is next, adds it to the plan. */
async function place(
  parts: AcceptanceParts,
  space: string,
  plan: Plan,
  entry: LogEntry,
): Promise<Placement> {
  const { author: key, seq } = entry.header;
  const author = toHex(key);
  const head = plan.heads.get(author);
  const standing = standingOf(entry, head);
  if (standing === 'next') {
    const certified = await certifiedIn(parts, space, entry);
    if (!certified.ok) return { at: 'nowhere', failure: certified.failure };
    plan.heads.set(author, { author: key, seq, hash: entry.hash });
    plan.entries.push(entry);
    return { at: 'next' };
  }
  if (standing === 'gap') return placeAhead(plan, entry, author === space);
  if (standing === 'broken') {
    return head === undefined ? placeAhead(plan, entry, author === space) : { at: 'suspect', head };
  }
  const rival = await entryAt(parts.store, space, author, seq, plan.entries);
  if (rival === null || equalBytes(rival.hash, entry.hash)) return { at: 'known' };
  const certified = await certifiedIn(parts, space, entry);
  if (!certified.ok) return { at: 'nowhere', failure: certified.failure };
  return { at: 'fork', proof: { author, seq, first: rival.bytes, second: entry.bytes } };
}

/** A proof that comes before what it is about still counts; the control log must be read in order. */
function placeAhead(plan: Plan, entry: LogEntry, isControl: boolean): Placement {
  const { seq } = entry.header;
  const author = toHex(entry.header.author);
  const rival = plan.ahead.get(`${author}:${seq}`);
  plan.ahead.set(`${author}:${seq}`, entry);
  if (isControl || rival === undefined || equalBytes(rival.hash, entry.hash)) return { at: 'gap' };
  return { at: 'fork', proof: { author, seq, first: rival.bytes, second: entry.bytes } };
}

async function entryAt(
  store: EntryStore,
  space: string,
  author: string,
  seq: number,
  planned: readonly LogEntry[],
): Promise<Pick<LogEntry, 'hash' | 'bytes'> | null> {
  const waiting = planned.find((e) => e.header.seq === seq && toHex(e.header.author) === author);
  if (waiting !== undefined) return waiting;
  const [stored] = await store.read(space, author, seq, { maxEntries: 1, maxBytes: 1 });
  return stored ?? null;
}

/** A device's entry was verified by itself; one of the control log only makes sense on those below it. */
async function certifiedIn(
  { control }: AcceptanceParts,
  space: string,
  entry: LogEntry,
): Promise<Result<unknown>> {
  const isControl = toHex(entry.header.author) === space;
  return isControl && control !== null ? control.verify(space, entry) : ok(null);
}

function inSpace(entry: LogEntry, space: string) {
  return toHex(entry.header.space) === space ? ok(entry) : WRONG_SPACE;
}

const WRONG_SPACE = fail(
  'bad_signature',
  'An entry was sent for another space than the one it was signed for.',
  'Nothing was changed. The sender is faulty or hostile; sync with someone else.',
);
