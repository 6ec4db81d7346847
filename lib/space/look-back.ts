// Looking back at a space: its documents, members and events at any consistent cut, and what became of one object.
// Documents are built by the same gate and worker as those in use, beside them, and let go at the end.
import type { ControlState } from '../group/control-state.ts';
import { covers, type VersionVector } from '../log/version-vector.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { closureOf } from './causal-order.ts';
import type { DocumentClient } from './document-client.ts';
import { createDocumentShelf, type DocumentShelf } from './document-shelf.ts';
import type { EntryRef } from './document-tail.ts';
import {
  cutAfter,
  groupAt,
  membersAt,
  readHistory,
  type History,
  type HistorySource,
  type HistoryStep,
} from './history.ts';
import { changesOf, createLogReader } from './log-reader.ts';
import type { Member } from './members.ts';
import { objectChanges, type ObjectChange } from './object-changes.ts';

/** A space as of one cut. */
export interface Moment {
  /** Closed: nothing in it comes after something beyond it. */
  readonly cut: VersionVector;
  /** Ids of the documents that had changes. */
  documents(): readonly string[];
  /** The projection of a document; of one without changes, as its kind begins. */
  read(document: string): Promise<Result<unknown>>;
  members(): ReadonlyMap<string, Member>;
  group(): ControlState | null;
  steps(): readonly HistoryStep[];
}

/** One step in the life of a document, with what it changed. */
export interface ChangeStep {
  /** Place among all steps of the history, from 0. */
  readonly index: number;
  readonly step: HistoryStep;
  readonly changes: readonly ObjectChange[];
}

export interface LookBack {
  readonly history: History;
  /** After the first `count` steps. */
  after(count: number): Moment;
  /** At the least closed cut that contains `cut`. Failure: `not_found` when `cut` is ahead of what is here. */
  at(cut: VersionVector): Result<Moment>;
  /** What one step changed; nothing for a step that is no change of a document. */
  changesOf(index: number): Promise<Result<readonly ObjectChange[]>>;
  /** The steps that changed a document, or one object in it, oldest first; at most the newest `limit`. */
  historyOf(
    what: { readonly document: string; readonly object?: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<Result<readonly ChangeStep[]>>;
  close(): void;
}

export interface LookBackSource extends HistorySource {
  readonly documents: DocumentClient;
}

/** Reads the whole log. Failures as of `readHistory`. */
export async function openLookBack(
  source: LookBackSource,
  signal: AbortSignal,
): Promise<Result<LookBack>> {
  const history = await readHistory(source, signal);
  if (!history.ok) return history;
  const shelf = pastShelf(source);
  const { changes: all, authors } = history.value;
  for (const [document, changes] of all) {
    for (const change of changes) {
      const author = authors.get(change.actor) ?? '';
      shelf.add(document, { author, seq: change.place ?? 0 }, change);
    }
  }
  return ok(new Past(source.space, history.value, shelf));
}

function pastShelf(source: LookBackSource): DocumentShelf {
  const log = createLogReader(source);
  const read = async (refs: readonly EntryRef[]) => changesOf(await log.open(refs));
  const { space, documents: client } = source;
  return createDocumentShelf({ space: `${space}@past`, client, source: { read } });
}

/** Documents as of a step that are kept, so that rows beside each other are not read twice. */
const MAX_READINGS = 16;

function indexesOf({ steps }: History, document: string): number[] {
  return steps.flatMap(({ deed }, index) =>
    deed.kind === 'change' && deed.document === document ? [index] : [],
  );
}

class Past implements LookBack {
  readonly history: History;
  readonly #space: string;
  readonly #shelf: DocumentShelf;
  /** By document, which steps changed it. */
  readonly #indexes = new Map<string, readonly number[]>();
  readonly #readings = new Map<string, { readonly value: unknown }>();

  constructor(space: string, history: History, shelf: DocumentShelf) {
    this.#space = space;
    this.history = history;
    this.#shelf = shelf;
  }

  after(count: number): Moment {
    return this.#moment(cutAfter(this.history, count));
  }

  at(cut: VersionVector): Result<Moment> {
    const { steps, reach } = this.history;
    if (!covers(reach, cut)) return AHEAD;
    return ok(this.#moment(closureOf(cut, steps)));
  }

  async changesOf(index: number): Promise<Result<readonly ObjectChange[]>> {
    const step = this.history.steps[index];
    if (step?.deed.kind !== 'change' || !this.history.changes.has(step.deed.document))
      return ok([]);
    const { document } = step.deed;
    const before = await this.#readAfter(document, this.#changesWithin(document, index));
    if (!before.ok) return before;
    const after = await this.#readAfter(document, this.#changesWithin(document, index + 1));
    return after.ok ? ok(objectChanges(before.value, after.value)) : after;
  }

  async historyOf(
    what: { readonly document: string; readonly object?: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<Result<readonly ChangeStep[]>> {
    const found: ChangeStep[] = [];
    const { steps } = this.history;
    for (let index = steps.length - 1; index >= 0 && found.length < what.limit; index -= 1) {
      const step = steps[index];
      if (step?.deed.kind !== 'change' || step.deed.document !== what.document) continue;
      if (signal.aborted) return CANCELLED;
      const read = await this.changesOf(index);
      if (!read.ok) return read;
      const { object } = what;
      const changes = read.value.filter(
        (change) => object === undefined || change.object === object,
      );
      if (changes.length > 0) found.unshift({ index, step, changes });
    }
    return ok(found);
  }

  close(): void {
    this.#readings.clear();
    this.#shelf.close();
  }

  /** How many changes of a document are among the first `count` steps. */
  #changesWithin(document: string, count: number): number {
    const all = this.#indexes.get(document) ?? indexesOf(this.history, document);
    this.#indexes.set(document, all);
    const at = all.findIndex((index) => index >= count);
    return at === -1 ? all.length : at;
  }

  /** A document after so many of its own changes: what stands before a step stood after the one before it. */
  async #readAfter(document: string, changes: number): Promise<Result<unknown>> {
    const name = `${changes} ${document}`;
    const known = this.#readings.get(name);
    if (known !== undefined) return ok(known.value);
    const index = this.#indexes.get(document)?.[changes - 1] ?? -1;
    const read = await this.after(index + 1).read(document);
    if (!read.ok) return read;
    this.#readings.set(name, { value: read.value });
    const [oldest] = this.#readings.keys();
    if (this.#readings.size > MAX_READINGS && oldest !== undefined) this.#readings.delete(oldest);
    return read;
  }

  #moment(cut: VersionVector): Moment {
    const { history } = this;
    const isWithin = ({ author, seq }: HistoryStep) => seq <= (cut.get(author) ?? 0);
    const steps = () => history.steps.filter(isWithin);
    return {
      cut,
      steps,
      documents: () => [
        ...new Set(steps().flatMap(({ deed }) => (deed.kind === 'change' ? [deed.document] : []))),
      ],
      read: (document) => this.#shelf.readAt(document, this.#placesAt(cut)),
      members: () => membersAt(history, cut),
      group: () => groupAt(history, this.#space, cut),
    };
  }

  #placesAt(cut: VersionVector): ReadonlyMap<string, number> {
    return new Map(
      [...this.history.authors].map(([actor, author]) => [actor, cut.get(author) ?? 0]),
    );
  }
}

const AHEAD = fail(
  'not_found',
  'This browser does not have everything that was asked for.',
  'Wait until it has been sent, then look again.',
);

const CANCELLED = fail('cancelled', 'Looking back was stopped.', 'Open it again to look.');
