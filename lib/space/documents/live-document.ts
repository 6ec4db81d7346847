// One document built from its changes. No change reaches Automerge before the gate has passed it, and none changes the
// document before it has been applied to a copy of it and come out as it went in.
import * as A from '@automerge/automerge/slim';
import { equalBytes } from '../../wire/bytes.ts';
import { fail, ok, type Result } from '../../wire/failure.ts';
import type { AutomergeMap } from './automerge-doc.ts';
import { failureOfVerb, NOT_CAUGHT_UP, NOT_HERE, wouldBeRefused } from './document-failures.ts';
import type { DocumentKind } from './document-kind.ts';
import {
  BEGIN_ACTOR,
  beginningOf,
  begun,
  firstChange,
  isTrap,
  loadSnapshot,
  release,
  type DocumentSnapshot,
} from './document-snapshot.ts';
import { hashOfChange } from './gate/change-chunk.ts';
import type { BoundChange, Candidate, RefusedChange } from './gate/candidate.ts';
import { ChangeGate } from './gate/change-gate.ts';
import { restoreGate } from './gate/restore-gate.ts';
import { settleRivals } from './gate/rivals.ts';
import { transplant, type Transplant } from './transplant.ts';
import { headsWithin, type ActorPlaces, type PlacedChange } from './view-at.ts';

export type { BoundChange, RefusedChange } from './gate/candidate.ts';

export interface Applied {
  readonly applied: number;
  /** Changes that wait for others they build on. */
  readonly waiting: number;
  /** Changes that will never be applied, with the reason. */
  readonly refused: readonly RefusedChange[];
  /** Changes that should wait and found no room: build the document anew when more has come. */
  readonly dropped: number;
  /** Automerge broke down over a change: nothing is damaged, but this place should be left soon. */
  readonly trapped: boolean;
}

const NOTHING: ReadonlyMap<string, string> = new Map();
const NOTHING_APPLIED = { applied: 0, waiting: 0, refused: [], dropped: 0, trapped: false };

export class LiveDocument {
  readonly #kind: DocumentKind;
  readonly #begin: Uint8Array | null;
  readonly #skip: ReadonlyMap<string, string>;
  #doc: A.Doc<AutomergeMap>;
  /** Null until a change has to be judged: reading needs none. */
  #judging: ChangeGate | null = null;
  /** What it was loaded from, as long as nothing was added. */
  #snapshot: DocumentSnapshot | null;
  /** Costs more to list than a view does to show: kept until something is added. */
  #order: readonly PlacedChange[] | null = null;
  #trapped = false;

  /** `skip`: hashes of changes known to do harm, with the reason to give; they are refused unseen. */
  constructor(
    kind: DocumentKind,
    skip: ReadonlyMap<string, string> = NOTHING,
    from: { doc: A.Doc<AutomergeMap>; snapshot: DocumentSnapshot } | null = null,
  ) {
    this.#kind = kind;
    this.#skip = skip;
    this.#doc = from?.doc ?? begun(kind);
    this.#begin = from === null ? firstChange(this.#doc) : beginningOf(kind);
    this.#snapshot = from?.snapshot ?? null;
  }

  /** Null when the snapshot is not of such a document, or not whole. */
  static restore(
    kind: DocumentKind,
    snapshot: DocumentSnapshot,
    skip: ReadonlyMap<string, string> = NOTHING,
  ): LiveDocument | null {
    const doc = loadSnapshot(kind, snapshot);
    return doc === null ? null : new LiveDocument(kind, skip, { doc, snapshot });
  }

  get #gate(): ChangeGate {
    this.#judging ??=
      this.#snapshot === null
        ? new ChangeGate(this.#begin, this.#skip)
        : restoreGate(this.#begin, this.#skip, this.#snapshot.gate, A.getAllChanges(this.#doc));
    return this.#judging;
  }

  apply(changes: readonly BoundChange[]): Applied {
    if (changes.length === 0) return NOTHING_APPLIED;
    for (const change of changes) this.#gate.offer(change);
    const displaced = this.#gate.displaced !== null;
    const ready = this.#gate.takeReady();
    const refused = this.#gate.takeRefused();
    const applied = displaced ? this.#resettle(ready) : this.#swapIn(ready);
    const trapped = this.#trapped;
    this.#trapped = false;
    this.#snapshot = null;
    this.#order = null;
    return {
      applied,
      waiting: this.#gate.waiting.length,
      refused: [...refused, ...this.#gate.takeRefused()],
      dropped: this.#gate.takeDropped(),
      trapped,
    };
  }

  /** The change that a verb makes, without making it; null when it would change nothing. */
  propose(actor: string, verb: string, args: unknown, at: number): Result<Uint8Array | null> {
    const apply = Object.hasOwn(this.#kind.verbs, verb) ? this.#kind.verbs[verb] : undefined;
    if (apply === undefined) {
      return fail('bad_arguments', `This document has no verb "${verb}".`, 'Update Commonplace.');
    }
    // Its next change would bear the number of one that it has made before.
    if (this.#gate.waiting.some((own) => own.actor === actor)) return NOT_CAUGHT_UP;
    const draft = A.clone(this.#doc, { actor });
    let after = draft;
    try {
      // Whole seconds: finer clocks tell more of a person than they help.
      after = A.change(draft, { time: Math.floor(at / 1000) }, (doc) => apply(doc, args));
      const change = after === draft ? null : (A.getLastLocalChange(after) ?? null);
      const objection = change === null ? null : this.#gate.objection(change);
      return objection === null ? ok(change) : wouldBeRefused(objection);
    } catch (error) {
      return { ok: false, failure: failureOfVerb(error) };
    } finally {
      A.free(after);
    }
  }

  /** The change that writes one again that was cut off, without making it. */
  transplant(move: Transplant): Result<Uint8Array> {
    try {
      const moved = transplant(this.#gate, move);
      return 'change' in moved ? ok(moved.change) : wouldBeRefused(moved.objection);
    } catch (error) {
      return { ok: false, failure: failureOfVerb(error) };
    }
  }

  read(): unknown {
    return this.#kind.read(this.#doc);
  }

  /** As it was when the logs had come as far as `within`. */
  readAt(within: ActorPlaces): unknown {
    this.#order ??= A.getChangesMetaSince(this.#doc, []).map(({ hash, deps, actor }) => {
      const place = hash === this.#gate.root ? null : (this.#gate.find(hash)?.place ?? Infinity);
      return { hash, deps, actor, place };
    });
    return this.#kind.read(A.view(this.#doc, headsWithin(this.#order, within)));
  }

  /** As it was in an earlier version. */
  readVersion(version: readonly string[]): Result<unknown> {
    if (!A.hasHeads(this.#doc, [...version])) return NOT_HERE;
    return ok(this.#kind.read(A.view(this.#doc, [...version])));
  }

  heads(): readonly string[] {
    return A.getHeads(this.#doc);
  }

  /** Automerge's own snapshot; holds only what was applied, never what waits. */
  save(): Uint8Array {
    return A.save(this.#doc);
  }

  /** What `restore` takes. */
  snapshot(): DocumentSnapshot {
    this.#snapshot ??= {
      save: A.save(this.#doc),
      heads: A.getHeads(this.#doc),
      begin: this.#begin && hashOfChange(this.#begin),
      gate: this.#gate.state(),
    };
    return this.#snapshot;
  }

  free(): void {
    release(this.#doc);
    this.#judging = null;
  }

  /** The changes that were applied, without the one that every replica makes itself. */
  #applied(): Candidate[] {
    return A.getAllChanges(this.#doc).flatMap((bytes) => {
      const known = this.#gate.find(hashOfChange(bytes));
      if (known === null || known.hash === this.#gate.root) return [];
      const { hash, place } = known;
      return [{ bytes, hash, place, actor: this.#gate.actorOf(known), deps: [] }];
    });
  }

  /** A change came after one of the same number that it goes before: everything is judged anew, then built anew. */
  #resettle(ready: readonly Candidate[]): number {
    const applied = this.#applied();
    const all = [...applied, ...ready, ...this.#gate.held()];
    this.#judging = settleRivals(all, this.#begin, this.#skip);
    release(this.#doc);
    this.#doc = begun(this.#kind);
    return this.#swapIn(this.#gate.takeReady()) - applied.length;
  }

  #swapIn(ready: readonly Candidate[]): number {
    const fit = ready.filter((candidate) => !this.#gate.hasFallen(candidate));
    if (fit.length === 0) return 0;
    if (this.#tryApply(fit)) return fit.length;
    if (fit.length > 1) {
      const half = Math.ceil(fit.length / 2);
      return this.#swapIn(fit.slice(0, half)) + this.#swapIn(fit.slice(half));
    }
    for (const one of fit) this.#gate.condemn(one);
    return 0;
  }

  /** All or nothing: a failing change may damage the handle it is applied to, so that handle is a clone. */
  #tryApply(ready: readonly Candidate[]): boolean {
    const before = A.getHeads(this.#doc);
    let loser: A.Doc<AutomergeMap> = A.clone(this.#doc, { actor: BEGIN_ACTOR });
    try {
      const bytes = ready.map((candidate) => candidate.bytes);
      const [next] = A.applyChanges(loser, bytes);
      if (!cameOutAsItWentIn(A.getChangesSince(next, before), ready)) return false;
      loser = this.#doc;
      this.#doc = next;
      return true;
    } catch (error) {
      if (isTrap(error)) this.#trapped = true;
      return false;
    } finally {
      release(loser);
    }
  }
}

/** Automerge codes each change anew from its operations, as it does for a snapshot: all must give the same bytes. */
function cameOutAsItWentIn(after: readonly Uint8Array[], ready: readonly Candidate[]): boolean {
  if (after.length !== ready.length) return false;
  if (after.every((bytes, i) => equalBytes(bytes, ready[i]?.bytes ?? bytes.subarray(1)))) {
    return true;
  }
  const hashes = new Set(after.map((bytes) => hashOfChange(bytes)));
  return ready.every((candidate) => hashes.has(candidate.hash));
}
