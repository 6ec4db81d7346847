// Takes a batch of entries from elsewhere into a store: verifies each, finds its place, and sorts out what to say of the rest.
import type { EntryStore, ForkProof, StoredEntry } from '../store/entry-store.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import { fail, ok, type Failure, type Result } from '../wire/failure.ts';
import type { Head } from '../wire/sync-message.ts';
import { standingOf } from './chain.ts';
import type { ControlCheck, LogEntry } from './log-entry.ts';
import { verifyEntry } from './seal.ts';

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
}

/** What a replica keeps in memory of a space. */
export interface SpaceState {
  readonly heads: Map<string, Head>;
  /** Authors who signed two histories: nothing is taken from the place on where they part. */
  readonly forked: Map<string, number>;
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
  const { plan, forks, suspects, known, offence, gap } = sorted;
  for (const proof of forks) await parts.store.addFork(space, proof);
  const { entries } = plan;
  const stored = entries.map(toStored);
  const appended = stored.length > 0 ? await parts.store.append(space, stored) : ok(null);
  if (!appended.ok) {
    const trouble = appended.failure;
    return { stored: [], gap: false, offence, trouble, forks, known: [], suspects };
  }
  advance(state, entries);
  return { stored: entries, gap, offence, trouble: null, forks, known, suspects };
}

/** What a batch comes to before anything of it is stored. */
interface SortedBatch {
  readonly plan: Plan;
  readonly forks: ForkProof[];
  readonly suspects: Head[];
  readonly known: LogEntry[];
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
  const rest = { forks: [], suspects: [], known: [], offence: null, gap: false };
  const sorted: SortedBatch = { plan, ...rest };
  for (const result of verified) {
    const entry = result.ok ? inSpace(result.value, space) : result;
    if (!entry.ok) sorted.offence ??= entry.failure;
    else if (!isPastFork(state, entry.value)) {
      note(sorted, state, entry.value, await place(parts, space, plan, entry.value));
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
      if (state.forked.has(placed.proof.author)) break;
      state.forked.set(placed.proof.author, placed.proof.seq);
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

function isPastFork({ forked }: SpaceState, { header }: LogEntry): boolean {
  return header.seq >= (forked.get(toHex(header.author)) ?? Infinity);
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
