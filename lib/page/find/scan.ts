// Going over every element of the page cheaply: no styles, no layout, only what markup says.
import { isElement, isInput, isSelect, isTextArea } from '../dom/kinds.ts';
import {
  attributeOf,
  firstChildOf,
  localNameOf,
  nextSiblingOf,
  parentNodeOf,
  rootElementOf,
  textContentOf,
} from '../dom/native.ts';
import { isText } from '../dom/kinds.ts';
import type { PageTree } from '../dom/tree.ts';

const SKIPPED = new Set('script style noscript template head'.split(' '));

/** Every element in the order shown, depth first, at most `limit` of them. */
export function* elementsOf(tree: PageTree, limit: number): Generator<Element> {
  const root = rootElementOf(tree.top);
  const stack: Node[] = root === null ? [] : [root];
  for (let seen = 0; seen < limit;) {
    const node = stack.pop();
    if (node === undefined) return;
    if (!isElement(node) || SKIPPED.has(localNameOf(node))) continue;
    seen++;
    yield node;
    const children = tree.childrenOf(node);
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i];
      if (child !== undefined && isElement(child)) stack.push(child);
    }
  }
}

const MAX_TEXT_NODES = 40;
const MAX_NAMING_CHARS = 200;

/** What markup alone suggests the element is called, seen or not: for ranking, never for showing. */
export function roughName(element: Element): string {
  const given =
    attributeOf(element, 'aria-label') ?? attributeOf(element, 'alt') ?? labelText(element);
  if (given !== null && given !== '') return given.slice(0, MAX_NAMING_CHARS);
  const text = roughText(element);
  if (text !== '') return text;
  return (
    attributeOf(element, 'placeholder') ??
    attributeOf(element, 'title') ??
    attributeOf(element, 'value') ??
    ''
  ).slice(0, MAX_NAMING_CHARS);
}

function labelText(element: Element): string | null {
  const labelledBy = attributeOf(element, 'aria-labelledby');
  if (labelledBy !== null) {
    const id = labelledBy.trim().split(/\s+/u)[0] ?? '';
    const target = id === '' ? null : element.ownerDocument.getElementById(id);
    if (target !== null) return roughText(target);
  }
  if (!isInput(element) && !isTextArea(element) && !isSelect(element)) return null;
  const label = element.labels?.[0];
  return label === undefined ? null : roughText(label);
}

/** The first text in an element, by markup, up to a few dozen text nodes. */
export function roughText(root: Element): string {
  let text = '';
  let at: Node | null = firstChildOf(root);
  for (
    let seen = 0;
    at !== null && seen < MAX_TEXT_NODES && text.length < MAX_NAMING_CHARS;
    seen++
  ) {
    if (isText(at)) text += `${textContentOf(at)?.slice(0, MAX_NAMING_CHARS) ?? ''} `;
    at = nextIn(root, at);
  }
  return text.replace(/\s+/gu, ' ').trim();
}

function nextIn(root: Element, node: Node): Node | null {
  const child = isElement(node) && !SKIPPED.has(localNameOf(node)) ? firstChildOf(node) : null;
  if (child !== null) return child;
  let at: Node | null = node;
  while (at !== null && at !== root) {
    const sibling = nextSiblingOf(at);
    if (sibling !== null) return sibling;
    at = parentNodeOf(at);
  }
  return null;
}
