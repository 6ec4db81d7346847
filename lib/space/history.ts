// All that was ever written in a space and counts, read from the stored log in one causal order: what each step did, by
// whom, for which agent, and what it came after. The base of looking back; the running space does not use it.
import type { ControlLog } from '../group/control-log.ts';
import type { ControlState } from '../group/control-state.ts';
import type { EpochKeys } from '../group/epoch-keys.ts';
import type { Replica } from '../log/replica.ts';
import { readStoredEntry, type Entry } from '../log/seal.ts';
import type { VersionVector } from '../log/version-vector.ts';
import { toHex } from '../wire/bytes.ts';
import type { CborValue } from '../wire/cbor.ts';
import type { Act } from '../wire/control-act.ts';
import type { ActingAgent } from '../wire/entry-body.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { inCausalOrder, type Placed, type Point } from './causal-order.ts';
import { controlSteps } from './control-steps.ts';
import { isDocumentId } from './document-ids.ts';
import type { BoundChange } from './documents/live-document.ts';
import { readChangeDeps } from './documents/gate/change-deps.ts';
import { Intake } from './intake.ts';
import { memberOf, type Member } from './members.ts';
import type { OpenedEntry } from './opened-entry.ts';

export type Deed =
  | { readonly kind: 'change'; readonly document: string }
  | { readonly kind: 'event'; readonly event: string; readonly payload: CborValue }
  /** What stewards decided; `by` is the device that drafted it, hex. */
  | { readonly kind: 'control'; readonly acts: readonly Act[]; readonly by: string };

export interface HistoryStep extends Placed {
  /** The entry's name, hex. */
  readonly hash: string;
  readonly agent: ActingAgent | null;
  readonly deed: Deed;
}

export interface History {
  /** How far the log had come when it was read. */
  readonly reach: VersionVector;
  /** Each comes after everything that its author had seen. */
  readonly steps: readonly HistoryStep[];
  /** By document, its changes. */
  readonly changes: ReadonlyMap<string, readonly BoundChange[]>;
  /** By Automerge actor (hex), the device that may use it. */
  readonly authors: ReadonlyMap<string, string>;
  /** Who was said to be behind which device, and where that was said. */
  readonly arrivals: readonly (Point & { readonly member: Member })[];
  /** The group at each height, from 0 on; empty where there is no group. */
  readonly groups: readonly ControlState[];
}

export interface HistorySource {
  /** Hex. */
  readonly space: string;
  readonly replica: Pick<Replica, 'heads' | 'read'>;
  readonly keys: EpochKeys;
  readonly control: ControlLog | null;
}

const READ_BATCH = { maxEntries: 500, maxBytes: 4 * 1024 * 1024 };
/** What one reader keeps in memory at most. */
export const MAX_STEPS = 250_000;

/** Failures: `cancelled`, `too_large`. */
export async function readHistory(
  source: HistorySource,
  signal: AbortSignal,
): Promise<Result<History>> {
  const reading = new Reading(source);
  const heads = [...(await source.replica.heads(source.space))];
  for (const [author, head] of heads) {
    if (author === source.space) continue;
    for (let seq = 1; seq <= head.seq;) {
      if (signal.aborted) return CANCELLED;
      if (reading.size > MAX_STEPS) return TOO_LONG;
      const batch = await source.replica.read(source.space, author, seq, READ_BATCH);
      if (batch.length === 0) break;
      await reading.take(batch.map(({ bytes }) => bytes));
      seq += batch.length;
    }
  }
  const reach = new Map(heads.map(([author, { seq }]) => [author, seq]));
  return ok(reading.finish(reach));
}

/** A step whose document's past is not looked up yet: any change may be read before those it builds on. */
interface Found extends HistoryStep {
  readonly deps: readonly string[];
}

class Reading {
  readonly #source: HistorySource;
  readonly #intake: Intake;
  readonly #found: Found[] = [];
  readonly #changes = new Map<string, BoundChange[]>();
  readonly #authors = new Map<string, string>();
  readonly #arrivals: (Point & { member: Member })[] = [];
  /** Where a change (its hash) was first written. */
  readonly #places = new Map<string, Point>();

  constructor(source: HistorySource) {
    this.#source = source;
    const { keys, control } = source;
    this.#intake = new Intake({ keys, control });
  }

  get size(): number {
    return this.#found.length;
  }

  async take(batch: readonly Uint8Array[]): Promise<void> {
    const entries = batch.flatMap((bytes) => {
      const read = readStoredEntry(bytes);
      return read.ok ? [read.value] : [];
    });
    const headers = new Map(entries.map((entry) => [toHex(entry.hash), entry]));
    for (const opened of await this.#intake.take(entries)) {
      const entry = headers.get(opened.hash);
      if (entry !== undefined) await this.#note(opened, entry);
    }
  }

  finish(reach: VersionVector): History {
    const { control } = this.#source;
    const decided = control === null ? { steps: [], groups: [] } : controlSteps(control);
    const written = this.#found.map(({ deps, ...step }): HistoryStep => {
      const pasts = deps.flatMap((dep) => this.#places.get(dep) ?? []);
      return { ...step, after: [...step.after, ...pasts] };
    });
    return {
      reach,
      steps: inCausalOrder([...decided.steps, ...written]),
      changes: this.#changes,
      authors: this.#authors,
      arrivals: this.#arrivals,
      groups: decided.groups,
    };
  }

  async #note(opened: OpenedEntry, entry: Entry): Promise<void> {
    const { author, seq, hash, actor, body } = opened;
    const change = body.kind === 'change' ? readChangeDeps(body.change) : null;
    if (change !== null && !this.#places.has(change.hash)) {
      this.#places.set(change.hash, { author, seq });
    }
    const deed = deedOf(opened);
    const base = { author, seq, hash, at: body.at, agent: body.agent };
    this.#found.push({
      ...base,
      deed,
      after: this.#pastOf(opened, entry),
      deps: change?.deps ?? [],
    });
    this.#authors.set(actor, author);
    if (body.kind === 'change' && isDocumentId(body.document)) {
      const changes = this.#changes.get(body.document) ?? [];
      changes.push({ actor, bytes: body.change, place: seq });
      this.#changes.set(body.document, changes);
    }
    const member = await memberOf(opened);
    if (member !== null) this.#arrivals.push({ author, seq, member });
  }

  #pastOf({ body }: OpenedEntry, { header }: Entry): Point[] {
    const seen = (body.seen ?? []).map(({ author, seq }) => ({ author: toHex(author), seq }));
    const height = this.#source.control?.stateAt(header.control)?.height ?? 0;
    return height === 0 ? seen : [...seen, { author: this.#source.space, seq: height }];
  }
}

function deedOf({ body }: OpenedEntry): Deed {
  return body.kind === 'change'
    ? { kind: 'change', document: body.document }
    : { kind: 'event', event: body.event, payload: body.payload };
}

/** The cut after the first `count` steps; consistent for any count. */
export function cutAfter({ steps }: Pick<History, 'steps'>, count: number): VersionVector {
  const cut = new Map<string, number>();
  for (const { author, seq } of steps.slice(0, count)) cut.set(author, seq);
  return cut;
}

/** Who was known to be behind which device at a cut; by device (hex). */
export function membersAt(
  { arrivals }: Pick<History, 'arrivals'>,
  cut: VersionVector,
): ReadonlyMap<string, Member> {
  const members = new Map<string, Member>();
  for (const { author, seq, member } of arrivals) {
    if (seq > (cut.get(author) ?? 0)) continue;
    members.set(author, { ...member, since: members.get(author)?.since ?? member.since });
  }
  return members;
}

/** The group as of a cut; null where there is none. */
export function groupAt(
  { groups }: Pick<History, 'groups'>,
  space: string,
  cut: VersionVector,
): ControlState | null {
  return groups[cut.get(space) ?? 0] ?? null;
}

const CANCELLED = fail('cancelled', 'Looking back was stopped.', 'Open it again to look.');

const TOO_LONG = fail(
  'too_large',
  `This space has more than ${MAX_STEPS} changes, more than can be looked through at once.`,
  'Export it and look at it on a machine with more memory.',
);
