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
  const { store, control } = parts;
  const verified = await Promise.all(
    batch.map(async (bytes) => control?.read(bytes) ?? (await verifyEntry(bytes))),
  );
  const plan: Plan = { heads: new Map(state.heads), entries: [], ahead: new Map() };
  const forks: ForkProof[] = [];
  const suspects: Head[] = [];
  const known: LogEntry[] = [];
  let offence: Failure | null = null;
  let gap = false;
  for (const result of verified) {
    const entry = result.ok ? inSpace(result.value, space) : result;
    if (!entry.ok) {
      offence ??= entry.failure;
      continue;
    }
    if (isPastFork(state, entry.value)) continue;
    const placed = await place(parts, space, plan, entry.value);
    if (placed.at === 'gap') gap = true;
    else if (placed.at === 'known') known.push(entry.value);
    else if (placed.at === 'nowhere') offence ??= placed.failure;
    else if (placed.at === 'suspect') suspects.push(placed.head);
    else if (placed.at === 'fork' && !state.forked.has(placed.proof.author)) {
      state.forked.set(placed.proof.author, placed.proof.seq);
      await store.addFork(space, placed.proof);
      forks.push(placed.proof);
    }
  }
  const { entries } = plan;
  const appended = entries.length > 0 ? await store.append(space, entries.map(toStored)) : ok(null);
  const trouble = appended.ok ? null : appended.failure;
  if (trouble === null) advance(state, entries);
  const stored = trouble === null ? entries : [];
  return {
    stored,
    gap: gap && trouble === null,
    offence,
    trouble,
    forks,
    known: trouble === null ? known : [],
    suspects,
  };
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
