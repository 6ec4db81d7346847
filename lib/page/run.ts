// What one request works with: the page, a fresh look at it, and how long it has.
import type { Result } from '../wire/failure.ts';
import type { Cursors } from './cursors.ts';
import { createSight } from './dom/sight.ts';
import type { PageTree } from './dom/tree.ts';
import { elementsOf, roughName } from './find/scan.ts';
import { normalize, similarity } from './match.ts';
import type { Noise } from './noise.ts';
import type { Pause } from './pause.ts';
import type { ReadPlace } from './read/pages.ts';
import type { Bound, Refs } from './refs.ts';
import type { Secrets } from './secrets.ts';
import type { SnapshotPlace } from './snapshot/snapshot.ts';
import { createDescriber, type Describer } from './snapshot/line.ts';

export interface Page {
  readonly tree: PageTree;
  readonly refs: Refs;
  readonly secrets: Secrets;
  readonly pause: Pause;
  readonly noise: Noise;
  readonly snapshotCursors: Cursors<SnapshotPlace>;
  readonly readCursors: Cursors<ReadPlace>;
}

export interface Run {
  readonly page: Page;
  readonly signal: AbortSignal;
  /** On the clock of `performance.now()`. */
  readonly deadlineAt: number;
  readonly isLate: () => boolean;
}

/** Sees the page as it is now. Nothing seen outlives the next change of the page. */
export function look(page: Page): Describer {
  page.secrets.refresh(documentsOf(page.tree));
  return createDescriber(createSight(page.tree, page.secrets), page.refs);
}

const MAX_SCANNED = 60_000;
const MAX_COMPARED = 24;

/** The element a ref means, if it still means one; else a `stale_ref` that names the nearest. */
export function resolveRef(ref: string, page: Page, describer: Describer): Result<Element> {
  return page.refs.resolve(ref, {
    isPresent: (element) => page.tree.isPresent(element),
    describe: (element) => describer.bound(element),
    line: (element) => describer.line(element),
    candidates: (bound) => alike(bound, page, describer),
  });
}

function alike(bound: Bound, page: Page, describer: Describer): readonly Element[] {
  const wanted = normalize(bound.name);
  const found: { element: Element; score: number }[] = [];
  for (const element of elementsOf(page.tree, MAX_SCANNED)) {
    if (describer.role(element) !== bound.role) continue;
    const score = similarity(wanted, normalize(roughName(element)));
    if (score > 0.2) found.push({ element, score });
  }
  return found
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MAX_COMPARED)
    .map(({ element }) => element)
    .filter((element) => describer.sight.gone(element) === null);
}

/** The top document and every same-origin one inside it. */
export function documentsOf(tree: PageTree): readonly Document[] {
  const documents = [tree.top];
  for (const home of documents) {
    for (const frame of home.querySelectorAll('iframe, frame')) {
      const inside = tree.insideFrame(frame);
      if (inside !== null && !documents.includes(inside)) documents.push(inside);
    }
  }
  return documents;
}
