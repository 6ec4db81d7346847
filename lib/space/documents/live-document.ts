// One document built from its changes: checks each change before Automerge sees it, applies on a clone, swaps when it fits.
import * as A from '@automerge/automerge/slim';
import { fail, FailureError, failureOf, ok, type Result } from '../../wire/failure.ts';
import type { AutomergeMap } from './automerge-doc.ts';
import { checkChunk } from './change-chunk.ts';
import type { DocumentKind } from './document-kind.ts';

/** A change and the only actor that its entry's author may use. */
export interface BoundChange {
  /** Hex, 16 bytes. */
  readonly actor: string;
  readonly bytes: Uint8Array;
}

export interface Applied {
  readonly applied: number;
  /** Changes that wait for others they build on. */
  readonly waiting: number;
  /** Changes that will never be applied, with the reason. */
  readonly refused: readonly { readonly actor: string; readonly reason: string }[];
}

/** Changes kept aside because what they build on has not come. Past this, the newest are dropped until reload. */
const MAX_WAITING = 20_000;

/** The actor of the change that every replica makes by itself. */
const BEGIN_ACTOR = '00'.repeat(16);

export class LiveDocument {
  readonly #kind: DocumentKind;
  #doc: A.Doc<AutomergeMap>;
  #waiting: Candidate[] = [];

  constructor(kind: DocumentKind) {
    this.#kind = kind;
    const empty = A.init<AutomergeMap>({ actor: BEGIN_ACTOR });
    this.#doc = A.change(empty, { time: 0 }, (doc) => this.#kind.begin(doc));
  }

  apply(changes: readonly BoundChange[]): Applied {
    const refused: { actor: string; reason: string }[] = [];
    const candidates: Candidate[] = [];
    for (const change of changes) {
      const checked = check(change);
      if (checked.ok) candidates.push(checked.value);
      else refused.push({ actor: change.actor, reason: checked.failure.message });
    }
    const { ready, waiting } = sortOut([...this.#waiting, ...candidates], (hash) =>
      this.#has(hash),
    );
    this.#waiting = waiting.slice(0, MAX_WAITING);
    const applied = this.#swapIn(ready, refused);
    return { applied, waiting: this.#waiting.length, refused };
  }

  /** The change that a verb makes, without making it; null when it would change nothing. */
  propose(actor: string, verb: string, args: unknown, at: number): Result<Uint8Array | null> {
    const apply = Object.hasOwn(this.#kind.verbs, verb) ? this.#kind.verbs[verb] : undefined;
    if (apply === undefined) {
      return fail('bad_arguments', `This document has no verb "${verb}".`, 'Update Commonplace.');
    }
    const draft = A.clone(this.#doc, { actor });
    let after = draft;
    try {
      // Whole seconds: finer clocks tell more of a person than they help.
      after = A.change(draft, { time: Math.floor(at / 1000) }, (doc) => apply(doc, args));
      return ok(after === draft ? null : (A.getLastLocalChange(after) ?? null));
    } catch (error) {
      return { ok: false, failure: failureOfVerb(error) };
    } finally {
      A.free(after);
    }
  }

  read(): unknown {
    return this.#kind.read(this.#doc);
  }

  heads(): readonly string[] {
    return A.getHeads(this.#doc);
  }

  free(): void {
    A.free(this.#doc);
    this.#waiting = [];
  }

  #has(hash: string): boolean {
    return A.hasHeads(this.#doc, [hash]);
  }

  #swapIn(ready: readonly Candidate[], refused: { actor: string; reason: string }[]): number {
    if (ready.length === 0) return 0;
    if (this.#tryApply(ready)) return ready.length;
    // One of them breaks the batch: find it by applying them one at a time.
    let applied = 0;
    for (const candidate of ready) {
      if (this.#tryApply([candidate])) applied += 1;
      else refused.push({ actor: candidate.actor, reason: 'Automerge could not apply it.' });
    }
    return applied;
  }

  /** All or nothing: a failing change may damage the handle it is applied to, so that handle is a clone. */
  #tryApply(ready: readonly Candidate[]): boolean {
    const clone = A.clone(this.#doc, { actor: BEGIN_ACTOR });
    try {
      const [next] = A.applyChanges(
        clone,
        ready.map((candidate) => candidate.bytes),
      );
      if (
        !A.hasHeads(
          next,
          ready.map((candidate) => candidate.hash),
        )
      )
        return false;
      A.free(this.#doc);
      this.#doc = next;
      return true;
    } catch {
      return false;
    }
  }
}

interface Candidate {
  readonly actor: string;
  readonly bytes: Uint8Array;
  readonly hash: string;
  readonly deps: readonly string[];
}

function check(change: BoundChange): Result<Candidate> {
  const chunk = checkChunk(change.bytes);
  if (!chunk.ok) return chunk;
  try {
    const { actor, hash, deps } = A.decodeChange(change.bytes);
    if (actor !== change.actor) return unbound();
    return ok({ actor, bytes: change.bytes, hash, deps });
  } catch {
    return fail('malformed', 'Automerge cannot read this change.', 'Its author should update.');
  }
}

/** Those whose past is here (or among them), in an order that respects it; the others wait. */
function sortOut(
  candidates: readonly Candidate[],
  has: (hash: string) => boolean,
): { ready: Candidate[]; waiting: Candidate[] } {
  const ready: Candidate[] = [];
  const known = new Set<string>();
  let waiting = candidates.filter((candidate) => !has(candidate.hash));
  for (let moved = true; moved;) {
    const before = ready.length;
    waiting = waiting.filter((candidate) => {
      if (known.has(candidate.hash)) return false;
      if (!candidate.deps.every((dep) => known.has(dep) || has(dep))) return true;
      known.add(candidate.hash);
      ready.push(candidate);
      return false;
    });
    moved = ready.length > before;
  }
  return { ready, waiting };
}

function unbound(): Result<never> {
  return fail(
    'bad_signature',
    'A change names another actor than its author may use.',
    'It is not applied. Its author is faulty or hostile.',
  );
}

function failureOfVerb(error: unknown) {
  if (error instanceof FailureError) return error.failure;
  if (error instanceof Error && error.name === 'ZodError') {
    return fail('bad_arguments', `The arguments do not fit: ${error.message}`, 'Correct them.')
      .failure;
  }
  return failureOf(error);
}
