// A snapshot within a budget: all of the page if it fits, else with long runs folded as little as will do,
// else a first part and a cursor.
import { fail, ok, type Result } from '../../wire/failure.ts';
import type { PageReplyOf, PageRequestOf, SnapshotView } from '../../wire/page.ts';
import { printable } from '../../wire/printable.ts';
import type { Cursors } from '../cursors.ts';
import { bodyOf, rootElementOf, titleOf } from '../dom/native.ts';
import { estimateTokens } from '../tokens.ts';
import type { Describer } from './line.ts';
import { placeAt, walk, type Place } from './walk.ts';

/** A place in one view of the page; a folded run is gone on with unfolded. */
export interface SnapshotPlace {
  readonly view: SnapshotView;
  readonly place: Place;
  readonly foldAfter: number;
}

export interface SnapshotContext {
  readonly describer: Describer;
  readonly cursors: Cursors<SnapshotPlace>;
  resolve(ref: string): Result<Element>;
  readonly isLate: () => boolean;
}

/** Items shown of each long run, tried from the left until the page fits. */
const FOLDS = [Infinity, 60, 20, 8, 3];
/** When even the tightest folding does not fit: readable runs, and a cursor. */
const FOLD_WHEN_CUT = 20;
const FOOTER_TOKENS = 30;

type Reply = PageReplyOf<'snapshot'>;

export function takeSnapshot(
  request: PageRequestOf<'snapshot'>,
  context: SnapshotContext,
): Result<Reply> {
  const started = start(request, context);
  if (!started.ok) return started;
  const { view, place, foldAfter } = started.value;
  const budget = request.maxTokens - FOOTER_TOKENS;
  const goesOn = request.cursor !== undefined || request.root !== undefined;
  const page = goesOn
    ? onePage(place, view, foldAfter, budget, context)
    : bestPage(place, view, budget, context);
  return ok(reply(page, view, context));
}

function start(
  request: PageRequestOf<'snapshot'>,
  context: SnapshotContext,
): Result<SnapshotPlace> {
  if (request.cursor !== undefined) {
    const kept = context.cursors.get(request.cursor);
    if (kept !== null) return ok(kept);
    return fail(
      'stale_ref',
      `There is nothing to go on with under the cursor ${request.cursor}: it is too old or of another page.`,
      'Take a new snapshot and use the cursor that it gives.',
    );
  }
  const { view } = request;
  if (request.root === undefined) {
    const { top } = context.describer.sight.tree;
    const root = bodyOf(top) ?? rootElementOf(top);
    return ok({ view, place: placeAt(root === null ? [] : [root]), foldAfter: Infinity });
  }
  const root = context.resolve(request.root);
  if (!root.ok) return root;
  return ok({ view, place: placeAt([root.value]), foldAfter: Infinity });
}

interface Page {
  readonly lines: readonly string[];
  readonly hidden: number;
  readonly rest: Place | null;
  readonly foldAfter: number;
  /** Places folded away, by the cursors that their lines name. */
  readonly folded: ReadonlyMap<string, Place>;
}

function bestPage(
  place: Place,
  view: SnapshotView,
  budget: number,
  context: SnapshotContext,
): Page {
  let cut: Page | null = null;
  for (const foldAfter of FOLDS) {
    const page = onePage(place, view, foldAfter, budget, context);
    if (page.rest === null) return page;
    if (foldAfter === FOLD_WHEN_CUT) cut = page;
    if (context.isLate()) return page;
  }
  return cut ?? onePage(place, view, FOLD_WHEN_CUT, budget, context);
}

function onePage(
  place: Place,
  view: SnapshotView,
  foldAfter: number,
  budget: number,
  context: SnapshotContext,
): Page {
  const lines: string[] = [];
  const folded = new Map<string, Place>();
  let spent = 0;
  const end = walk(place, {
    view,
    foldAfter,
    describer: context.describer,
    offer: (line) => {
      const cost = estimateTokens(line) + 1;
      // One line always goes through, or a cursor could stand still for ever.
      if (lines.length > 0 && spent + cost > budget) return false;
      spent += cost;
      lines.push(line);
      return true;
    },
    fold: (rest) => {
      const cursor = context.cursors.reserve();
      folded.set(cursor, rest);
      return cursor;
    },
    isLate: context.isLate,
  });
  return { lines, hidden: end.hidden, rest: end.rest, foldAfter, folded };
}

function reply(page: Page, view: SnapshotView, context: SnapshotContext): Reply {
  const { describer, cursors } = context;
  const { foldAfter } = page;
  for (const [cursor, place] of page.folded) cursors.keep(cursor, { view, place, foldAfter });
  const nextCursor = page.rest === null ? null : cursors.put({ view, place: page.rest, foldAfter });
  const text = [...page.lines, ...footer(page, view, nextCursor)].join('\n');
  const { top } = describer.sight.tree;
  return {
    op: 'snapshot',
    documentId: describer.refs.documentId,
    url: top.URL.slice(0, 2_000),
    title: printable(describer.sight.secrets.mask(titleOf(top)), 300),
    view,
    text,
    tokens: estimateTokens(text),
    hidden: page.hidden,
    nextCursor,
  };
}

/** Our own lines begin with "#", which no line about the page does. */
function footer(page: Page, view: SnapshotView, nextCursor: string | null): string[] {
  const notes: string[] = [];
  if (page.lines.length === 0) {
    notes.push(
      view === 'full' ? '# nothing to see' : '# nothing here in this view; try view "full"',
    );
  }
  if (page.hidden > 0) notes.push(`# hidden: ${page.hidden} left out`);
  if (nextCursor !== null) notes.push(`# more: cursor=${nextCursor}`);
  return notes;
}
