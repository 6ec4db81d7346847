// One element as one line: role, quoted name, states, value, ref. The form is shared by snapshots, finds,
// diffs and failures, so that a reader learns it once.
import {
  isEditable,
  isFrame,
  isHtml,
  isLabel,
  isSelect,
  isTextArea,
  isTypedInput,
} from '../dom/kinds.ts';
import { attributeOf, hasAttribute } from '../dom/native.ts';
import type { Sight } from '../dom/sight.ts';
import { visibleText } from '../dom/sight.ts';
import { clip, quote } from '../quote.ts';
import type { Bound, Refs } from '../refs.ts';
import { MAX_NAME_CHARS, nameOf, type Name } from './name.ts';
import { isActionableRole, roleOf } from './role.ts';
import { statesOf, valueOf } from './state.ts';

/** What a line says of an element; computed once a run. */
export interface Facts {
  readonly role: string;
  readonly name: Name;
  /** Something to click or fill, whatever its role. */
  readonly actionable: boolean;
}

export interface Describer {
  readonly sight: Sight;
  readonly refs: Refs;
  role(element: Element): string;
  facts(element: Element): Facts;
  bound(element: Element): Bound;
  isActionable(element: Element): boolean;
  /** Its line without a ref, and without giving it one. */
  describe(element: Element): string;
  line(element: Element): string;
}

const MAX_OPTIONS = 6;

export function createDescriber(sight: Sight, refs: Refs): Describer {
  const role = remembering(roleOf);
  const isActionable = remembering(
    (element) => isActionableRole(role(element)) || isClickable(element, sight),
  );
  const facts = remembering((element): Facts => {
    const word = role(element);
    const actionable = isActionable(element);
    const name =
      actionable && isPlain(word) ? wordsOf(element, sight) : nameOf(element, word, sight);
    return { role: word, name, actionable };
  });
  const bound = (element: Element): Bound => {
    const { role: word, name } = facts(element);
    return { role: word, name: name.text };
  };
  const describe = (element: Element): string => sayElement(element, facts(element), sight);
  const line = (element: Element): string =>
    `${describe(element)} [ref=${refs.refOf(element, bound(element))}]`;
  return { sight, refs, role, facts, bound, isActionable, describe, line };
}

/** What is asked of an element again and again within a run is found out once. */
function remembering<Value>(find: (element: Element) => Value): (element: Element) => Value {
  const known = new Map<Element, { readonly value: Value }>();
  return (element) => {
    let held = known.get(element);
    if (held === undefined) {
      held = { value: find(element) };
      known.set(element, held);
    }
    return held.value;
  };
}

/** Roles that ARIA gives no name, whatever stands in them. */
function isPlain(role: string): boolean {
  return role === 'generic' || role === 'none' || role === 'paragraph';
}

function wordsOf(element: Element, sight: Sight): Name {
  const words = visibleText(element, sight, MAX_NAME_CHARS);
  return { text: clip(words, MAX_NAME_CHARS), unseen: false };
}

function sayElement(element: Element, { role, name, actionable }: Facts, sight: Sight): string {
  const parts = [role === 'none' ? 'generic' : role];
  if (name.text !== '') parts.push(quote(name.text));
  if (name.unseen) parts.push('[unseen]');
  parts.push(...statesOf(element, role));
  if (actionable && !isActionableRole(role)) parts.push('[clickable]');
  const value = valueOf(element, role, sight);
  if (value !== null) parts.push(value);
  if (isSelect(element)) parts.push(optionsOf(element, sight));
  if (isFrame(element) && sight.tree.insideFrame(element) === null) parts.push('[cross-origin]');
  return parts.join(' ');
}

/** An element without a role of action that still takes clicks, as far as can be told from outside. */
function isClickable(element: Element, sight: Sight): boolean {
  if (!isHtml(element) || isFrame(element) || isLabel(element)) return false;
  if (hasAttribute(element, 'onclick')) return true;
  const tabindex = attributeOf(element, 'tabindex');
  if (tabindex !== null && Number.parseInt(tabindex, 10) >= 0) return !isScrollArea(element);
  const look = sight.looks.of(element);
  if (look.style.cursor !== 'pointer') return false;
  const parent = sight.tree.parentOf(element);
  return parent === null || sight.looks.of(parent).style.cursor !== 'pointer';
}

/** Things made focusable only to be scrolled or read. */
function isScrollArea(element: Element): boolean {
  return /^(pre|body|html|main|section|article)$/u.test(element.localName);
}

function optionsOf(select: HTMLSelectElement, sight: Sight): string {
  const { options } = select;
  const shown = [...options]
    .slice(0, MAX_OPTIONS)
    .map((option) => quote(clip(sight.secrets.mask(option.label), 40)));
  const more = options.length > MAX_OPTIONS ? [`… ${options.length - MAX_OPTIONS} more`] : [];
  return `[options: ${[...shown, ...more].join(', ')}]`;
}

/** Takes typed text: what fill and press treat as a field. */
export function isTextField(element: Element | null): boolean {
  return isTypedInput(element) || isTextArea(element) || isEditable(element);
}
