// What can be seen on screen at one moment, thing by thing, to be compared with a later moment.
import { isElement, isText } from '../dom/kinds.ts';
import {
  boxOf,
  childNodesOf,
  localNameOf,
  rootElementOf,
  textContentOf,
  windowOf,
} from '../dom/native.ts';
import { isWordless } from '../dom/sight.ts';
import { clip, quote } from '../quote.ts';
import type { Describer } from '../snapshot/line.ts';
import { verdictOn } from '../snapshot/verdict.ts';
import type { Seen } from './diff.ts';

const MAX_SEEN = 1_200;
const MAX_MS = 250;
const MARGIN_PX = 100;
const MAX_TEXT_CHARS = 120;
/** Their words stand in lines of other things. */
const UNSAID = new Set(['row', 'listitem']);

export const WEIGHT = { dialog: 30, message: 20, control: 10, text: 5 } as const;

export interface Captured {
  readonly seen: ReadonlyMap<Element, Seen>;
  /** False when there was more than is looked at, so that what is missing may still be there. */
  readonly complete: boolean;
  /** What was not looked into because it is far above or below what is on screen. */
  readonly farOff: ReadonlySet<Element>;
}

export function capture(describer: Describer): Captured {
  const { sight } = describer;
  const seen = new Map<Element, Seen>();
  const farOff = new Set<Element>();
  const root = rootElementOf(sight.tree.top);
  const stack: Element[] = root === null ? [] : [root];
  const until = performance.now() + MAX_MS;
  while (seen.size < MAX_SEEN && performance.now() < until) {
    const element = stack.pop();
    if (element === undefined) return { seen, complete: true, farOff };
    if (isFarOff(element)) {
      farOff.add(element);
      continue;
    }
    if (!note(element, describer, seen)) continue;
    for (const child of sight.tree.childrenOf(element).toReversed()) {
      if (isElement(child)) stack.push(child);
    }
  }
  return { seen, complete: false, farOff };
}

/** Asked before any style is: on long pages most things are. */
function isFarOff(element: Element): boolean {
  const box = boxOf(element);
  if (box.width === 0 || box.height === 0) return false;
  const view = windowOf(element.ownerDocument);
  if (view === null || /^(html|body)$/u.test(localNameOf(element))) return false;
  return box.top > view.innerHeight + MARGIN_PX || box.bottom < -MARGIN_PX;
}

/** Notes the element; false when what is inside needs no look. */
function note(element: Element, describer: Describer, seen: Map<Element, Seen>): boolean {
  const verdict = verdictOn(element, 'interactive', describer);
  if (verdict.kind === 'skip') return false;
  const role = describer.role(element);
  if (verdict.kind === 'line' && !UNSAID.has(role)) {
    const isMessage = role === 'alert' || role === 'status';
    const line = isMessage ? verdict.text() : describer.describe(element);
    seen.set(element, { line, weight: weightOf(role) });
    return !isMessage && verdict.inside !== 'none';
  }
  noteText(element, describer, seen);
  return true;
}

function noteText(element: Element, { sight }: Describer, seen: Map<Element, Seen>): void {
  if (isWordless(element) || sight.textHidden(element) !== null) return;
  let text = '';
  for (const child of childNodesOf(element)) {
    if (isText(child)) text += (textContentOf(child) ?? '').slice(0, MAX_TEXT_CHARS * 2);
  }
  if (text.trim() === '') return;
  const masked = sight.secrets.mask(text.replace(/\s+/gu, ' ').trim());
  seen.set(element, { line: `text ${quote(clip(masked, MAX_TEXT_CHARS))}`, weight: WEIGHT.text });
}

function weightOf(role: string): number {
  if (role === 'dialog' || role === 'alertdialog') return WEIGHT.dialog;
  return role === 'alert' || role === 'status' ? WEIGHT.message : WEIGHT.control;
}
