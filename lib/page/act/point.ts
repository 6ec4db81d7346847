// Bringing an element to where it can be clicked, and making sure that a click there would reach it.
import { fail, ok, type Result } from '../../wire/failure.ts';
import type { Box } from '../dom/clip.ts';
import { isInput, isLabel } from '../dom/kinds.ts';
import {
  boxOf,
  boxesOf,
  elementAt,
  ownerDocumentOf,
  scrollIntoView,
  windowOf,
} from '../dom/native.ts';
import type { PageTree } from '../dom/tree.ts';
import type { Describer } from '../snapshot/line.ts';

export interface Target {
  readonly element: Element;
  /** What the pointer would touch: the element or something inside it. */
  readonly touched: Element;
  /** In the element's own frame, CSS pixels. */
  readonly x: number;
  readonly y: number;
}

/** Where in a box to try, as shares of its width and height. */
const SPOTS = [
  [0.5, 0.5],
  [0.2, 0.5],
  [0.8, 0.5],
  [0.5, 0.2],
  [0.5, 0.8],
] as const;

export function aim(element: Element, describer: Describer): Result<Target> {
  const { tree } = describer.sight;
  const shown = shownPart(element, describer);
  if (shown === null) return refuseUnseen(element, describer);
  bringIntoView(shown, tree);
  const view = windowOf(ownerDocumentOf(element) ?? tree.top);
  // A tab that was never laid out has no size, and nothing can be hit in it.
  if (view === null || view.innerWidth === 0) return ok({ element, touched: element, x: 0, y: 0 });
  let cover: Element | null = null;
  for (const { x, y } of spotsOf(shown, view)) {
    const hit = hitAt(element, x, y, tree);
    if (hit.reached !== null) return ok({ element, touched: hit.reached, x, y });
    cover ??= hit.cover;
  }
  return refuseCovered(element, cover, describer);
}

/** The element itself, or the visible label that stands for a drawn-over checkbox. */
function shownPart(element: Element, { sight }: Describer): Element | null {
  if (sight.gone(element) === null) return element;
  if (!isInput(element)) return null;
  return [...(element.labels ?? [])].find((label) => sight.gone(label) === null) ?? null;
}

function bringIntoView(element: Element, tree: PageTree): void {
  if (isInView(element, tree)) return;
  scrollIntoView(element, { block: 'center', inline: 'nearest', behavior: 'instant' });
}

function isInView(element: Element, tree: PageTree): boolean {
  const home = ownerDocumentOf(element);
  const view = home === null ? null : windowOf(home);
  if (view === null) return true;
  const { left, top, right, bottom } = boxOf(element);
  const inside = left >= 0 && top >= 0 && right <= view.innerWidth && bottom <= view.innerHeight;
  if (!inside) return false;
  if (home !== tree.top) return false;
  const hit = hitAt(element, (left + right) / 2, (top + bottom) / 2, tree);
  return hit.reached !== null;
}

function* spotsOf(element: Element, view: Window): Generator<{ x: number; y: number }> {
  const boxes = [...boxesOf(element)].filter((box) => box.width > 0.5 && box.height > 0.5);
  const cut = (box: Box): Box => visiblePart(box, view);
  for (const box of (boxes.length === 0 ? [boxOf(element)] : boxes.slice(0, 3)).map(cut)) {
    for (const [across, down] of SPOTS) {
      yield { x: box.left + box.width * across, y: box.top + box.height * down };
    }
  }
}

function visiblePart(box: Box, view: Window): Box {
  const left = Math.max(0, box.left);
  const top = Math.max(0, box.top);
  const right = Math.min(view.innerWidth, box.left + box.width);
  const bottom = Math.min(view.innerHeight, box.top + box.height);
  if (right <= left || bottom <= top) return box;
  return { left, top, width: right - left, height: bottom - top };
}

interface Hit {
  readonly reached: Element | null;
  readonly cover: Element | null;
}

/** What a pointer at this spot of the element's frame would touch, in every frame around it too. */
function hitAt(element: Element, x: number, y: number, tree: PageTree): Hit {
  const home = ownerDocumentOf(element) ?? tree.top;
  const hit = deepElementAt(home, x, y, tree);
  if (hit === null) return { reached: null, cover: null };
  if (!belongs(hit, element, tree)) return { reached: null, cover: hit };
  const frame = home === tree.top ? null : (windowOf(home)?.frameElement ?? null);
  if (frame === null) return { reached: tree.contains(element, hit) ? hit : element, cover: null };
  const box = boxOf(frame);
  const outer = hitAt(frame, box.left + frame.clientLeft + x, box.top + frame.clientTop + y, tree);
  return outer.reached === null ? outer : { reached: hit, cover: null };
}

/** A click on `hit` works on the element: it is inside it, or in a label of it. */
function belongs(hit: Element, element: Element, tree: PageTree): boolean {
  if (tree.contains(element, hit)) return true;
  for (let at: Element | null = hit; at !== null; at = tree.parentOf(at)) {
    if (isLabel(at)) return at.control === element;
  }
  return false;
}

export function deepElementAt(
  home: Document,
  x: number,
  y: number,
  tree: PageTree,
): Element | null {
  let hit = elementAt(home, x, y);
  for (let depth = 0; hit !== null && depth < 20; depth++) {
    const inner = tree.shadowOf(hit)?.elementFromPoint(x, y) ?? null;
    if (inner === null || inner === hit) break;
    hit = inner;
  }
  return hit;
}

function refuseUnseen(element: Element, describer: Describer): Result<never> {
  return fail(
    'obscured',
    `${describer.line(element)} is on the page but cannot be seen (${describer.sight.gone(element) ?? 'no size'}).`,
    'Open whatever it is hidden in (a menu, a tab, a dialog), then take a new snapshot.',
  );
}

function refuseCovered(
  element: Element,
  cover: Element | null,
  describer: Describer,
): Result<never> {
  const what =
    cover === null
      ? 'lies where no click can reach it'
      : `is covered by ${describer.line(tellingPart(cover, describer))}`;
  return fail(
    'obscured',
    `${describer.line(element)} ${what}; nothing was clicked.`,
    cover === null
      ? 'Scroll or resize what holds it, or take a new snapshot.'
      : 'Close or deal with what covers it first, then try again.',
  );
}

/** The nearest thing around a covering element that says what it is. */
function tellingPart(cover: Element, describer: Describer): Element {
  for (let at: Element | null = cover; at !== null; at = describer.sight.tree.parentOf(at)) {
    const { role, name } = describer.facts(at);
    if (/^(html|body)$/u.test(at.localName)) break;
    if (name.text !== '' || (role !== 'generic' && role !== 'none')) return at;
  }
  return cover;
}
