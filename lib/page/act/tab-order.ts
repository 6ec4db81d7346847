// Where Tab leads: focusable things that can be seen, positive tabindex first, then in the order shown.
import { isInput } from '../dom/kinds.ts';
import { attributeOf, isRendered } from '../dom/native.ts';
import type { PageTree } from '../dom/tree.ts';
import { elementsOf } from '../find/scan.ts';
import { focus, focusedIn, isFocusable } from './focus.ts';

const MAX_SCANNED = 60_000;

/** False when there is nowhere to go: the browser's own controls come next, which a script cannot reach. */
export function moveFocusByTab(tree: PageTree, isBackward: boolean): boolean {
  const order = tabOrder(tree);
  const focused = focusedIn(tree);
  const at = focused === null ? -1 : order.indexOf(focused);
  const to = isBackward ? (at < 0 ? order.length - 1 : at - 1) : at + 1;
  const next = order[to];
  if (next === undefined) return false;
  focus(next, tree);
  return true;
}

function tabOrder(tree: PageTree): readonly Element[] {
  const stops: { element: Element; index: number }[] = [];
  for (const element of elementsOf(tree, MAX_SCANNED)) {
    if (!isFocusable(element) || !isRendered(element) || element.localName === 'iframe') continue;
    const index = Number.parseInt(attributeOf(element, 'tabindex') ?? '0', 10) || 0;
    if (index >= 0 && isStop(element)) stops.push({ element, index });
  }
  return stops.toSorted((a, b) => rank(a.index) - rank(b.index)).map(({ element }) => element);
}

/** Those without a positive tabindex come last, in the order shown. */
function rank(index: number): number {
  return index > 0 ? index : Number.MAX_SAFE_INTEGER;
}

/** Of a radio group only the chosen one, or all when none is. */
function isStop(element: Element): boolean {
  if (!isInput(element) || element.type !== 'radio' || element.checked || element.name === '')
    return true;
  const group = element.ownerDocument.querySelectorAll('input[type=radio]:checked');
  return ![...group].some(
    (other) => isInput(other) && other.name === element.name && other.form === element.form,
  );
}
