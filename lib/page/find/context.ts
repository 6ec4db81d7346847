// Where a found thing stands: the row, item, dialog or part of the page around it, and the heading above it.
import { childNodesOf, firstChildOf } from '../dom/native.ts';
import { isElement } from '../dom/kinds.ts';
import { visibleText } from '../dom/sight.ts';
import { clip, quote } from '../quote.ts';
import type { Describer } from '../snapshot/line.ts';
import { isLandmarkRole } from '../snapshot/role.ts';

const MAX_WORDS = 60;
const MAX_LEVELS = 60;
const MAX_SIBLINGS = 200;

/** Such as `row "Order 17 open" in region "Orders" under heading "Today"`; null when nothing tells. */
export function contextOf(element: Element, describer: Describer): string | null {
  const { sight } = describer;
  const parts: string[] = [];
  let heading: string | null = null;
  let child = element;
  let around = sight.tree.parentOf(element);
  for (let level = 0; around !== null && level < MAX_LEVELS && parts.length < 2; level++) {
    heading ??= headingBefore(child, around, describer);
    const part = partOf(around, describer);
    if (part !== null) parts.push(part);
    child = around;
    around = sight.tree.parentOf(around);
  }
  const under = heading === null ? [] : [`under heading ${heading}`];
  const said = [...(parts.length === 0 ? [] : [parts.join(' in ')]), ...under];
  return said.length === 0 ? null : said.join(' ');
}

function partOf(element: Element, describer: Describer): string | null {
  const role = describer.role(element);
  if (role === 'row' || role === 'listitem' || role === 'article') {
    const words = visibleText(element, describer.sight, MAX_WORDS);
    return words === '' ? null : `${role} ${quote(clip(words, MAX_WORDS))}`;
  }
  const isPlace =
    role === 'dialog' || role === 'alertdialog' || isLandmarkRole(role) || role === 'group';
  if (!isPlace) return null;
  const name = describer.facts(element).name.text;
  return name === '' ? (role === 'group' ? null : role) : `${role} ${quote(name)}`;
}

/** The nearest heading among the siblings that come before. */
function headingBefore(child: Element, around: Element, describer: Describer): string | null {
  let last: Element | null = null;
  let seen = 0;
  for (let at = firstChildOf(around); at !== null && at !== child; at = at.nextSibling) {
    if (++seen > MAX_SIBLINGS) break;
    if (isElement(at) && describer.role(at) === 'heading') last = at;
    else if (isElement(at)) last = headingInside(at, describer) ?? last;
  }
  if (last === null || describer.sight.gone(last) !== null) return null;
  const name = describer.facts(last).name.text;
  return name === '' ? null : quote(name);
}

/** A heading wrapped once, as many pages do. */
function headingInside(wrapper: Element, describer: Describer): Element | null {
  if (!/^(header|div|hgroup)$/u.test(wrapper.localName)) return null;
  for (const node of childNodesOf(wrapper)) {
    if (isElement(node) && describer.role(node) === 'heading') return node;
  }
  return null;
}
