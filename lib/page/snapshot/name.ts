// Accessible names (the one door to dom-accessibility-api), with two differences: text that cannot be seen
// names nothing while there is anything else, and nothing a page nests can exhaust the stack or the clock.
import { computeAccessibleName } from 'dom-accessibility-api';
import { isElement, isInput, isTextArea, isText } from '../dom/kinds.ts';
import { computedStyle, type Hidden } from '../dom/look.ts';
import {
  attributeOf,
  childNodesOf,
  firstChildOf,
  hasAttribute,
  localNameOf,
  nextSiblingOf,
  ownerDocumentOf,
  parentNodeOf,
  textContentOf,
} from '../dom/native.ts';
import { visibleText, type Sight } from '../dom/sight.ts';
import { clip, collapse } from '../quote.ts';
import { isNamedByContent } from './role.ts';

export interface Name {
  readonly text: string;
  /** The words are on no screen: text clipped away for screen readers, and nothing else names the element. */
  readonly unseen: boolean;
}

export const MAX_NAME_CHARS = 100;
const MAX_SUBTREE = 1_500;
const MAX_DEPTH = 200;
const NAMELESS: Name = { text: '', unseen: false };
/** The ways of hiding that screen-reader-only text uses honestly. */
const FOR_SCREEN_READERS: ReadonlySet<Hidden> = new Set(['clipped', 'off-page']);

export function nameOf(element: Element, role: string, sight: Sight): Name {
  const simple = isNamedByContent(role) ? plainContent(element, sight) : null;
  if (simple !== null && simple !== '') return finish(simple, false, sight);
  if (isUnnameable(element, role)) return NAMELESS;
  if (isTooLarge(element, role)) return finish(fallback(element, role, sight), false, sight);
  const seen = compute(element, (part) => isUnread(part, sight));
  if (seen !== '') return finish(seen, false, sight);
  const spoken = compute(element, (part) => isUnread(part, sight, FOR_SCREEN_READERS));
  if (spoken !== '') return finish(spoken, true, sight);
  return finish(fallback(element, role, sight), false, sight);
}

function finish(text: string, unseen: boolean, sight: Sight): Name {
  const bounded = collapse(text.slice(0, 4_000));
  return { text: clip(sight.secrets.mask(bounded), MAX_NAME_CHARS), unseen };
}

/** The common case, cheaply: nothing but text inside and no attribute that names. */
function plainContent(element: Element, sight: Sight): string | null {
  if (hasAttribute(element, 'aria-label') || hasAttribute(element, 'aria-labelledby')) return null;
  if (isInput(element)) return null;
  const children = childNodesOf(element);
  if (children.length > 3) return null;
  for (const child of children) if (!isText(child)) return null;
  return sight.textHidden(element) === null ? (textContentOf(element) ?? '') : null;
}

/** Containers that only attributes, a legend or a caption can name: most have none. */
function isUnnameable(element: Element, role: string): boolean {
  if (isNamedByContent(role) || hasAttribute(element, 'title')) return false;
  if (hasAttribute(element, 'aria-label') || hasAttribute(element, 'aria-labelledby')) return false;
  return /^(div|span|p|ul|ol|li|section|nav|main|aside|header|footer|form|article|body|html|tbody|thead|dl|dd|dt)$/u.test(
    localNameOf(element),
  );
}

function isTooLarge(element: Element, role: string): boolean {
  if (isNamedByContent(role) && exceeds(element)) return true;
  if (isInput(element) || isTextArea(element)) {
    return [...(element.labels ?? [])].some((label) => exceeds(label));
  }
  return hasAttribute(element, 'aria-labelledby') && labelledByLarge(element);
}

function labelledByLarge(element: Element): boolean {
  const home = ownerDocumentOf(element);
  const ids = attributeOf(element, 'aria-labelledby')?.split(/\s+/u) ?? [];
  return ids.slice(0, 20).some((id) => {
    const target = home?.getElementById(id) ?? null;
    return target !== null && exceeds(target);
  });
}

/** More nodes or deeper than a name may be computed from. */
function exceeds(root: Element): boolean {
  let at: Node = root;
  let depth = 0;
  for (let seen = 0; seen < MAX_SUBTREE; seen++) {
    const child = firstChildOf(at);
    if (child !== null) {
      at = child;
      if (++depth > MAX_DEPTH) return true;
      continue;
    }
    while (at !== root && nextSiblingOf(at) === null) {
      at = parentNodeOf(at) ?? root;
      depth--;
    }
    if (at === root) return false;
    at = nextSiblingOf(at) ?? root;
  }
  return true;
}

let unshown: CSSStyleDeclaration | undefined;

function compute(element: Element, isHidden: (part: Element) => boolean): string {
  const nothing = (unshown ??= hiddenStyle());
  try {
    return computeAccessibleName(element, {
      computedStyleSupportsPseudoElements: false,
      // That the element itself is shown was decided before: a drawn-over checkbox is invisible, yet named.
      getComputedStyle: (part) =>
        part !== element && isHidden(part) ? nothing : computedStyle(part),
    });
  } catch {
    // A form whose fields shadow what the library reads, or aria-owns turned into a knot.
    return '';
  }
}

/** The library asks for `display` and `visibility` only: for what is hidden it is shown this. */
function hiddenStyle(): CSSStyleDeclaration {
  const { style } = document.implementation.createHTMLDocument('').body;
  style.display = 'none';
  return style;
}

function isUnread(part: Element, sight: Sight, but?: ReadonlySet<Hidden>): boolean {
  const hidden = hasOwnText(part) ? sight.textHidden(part) : sight.gone(part);
  return hidden !== null && !(but?.has(hidden) ?? false);
}

function hasOwnText(element: Element): boolean {
  for (let child = firstChildOf(element); child !== null; child = nextSiblingOf(child)) {
    if (isText(child)) return true;
    if (isElement(child)) return false;
  }
  return false;
}

/** What remains for naming: what the field says while empty, or as much visible text as fits. */
function fallback(element: Element, role: string, sight: Sight): string {
  for (const attribute of ['aria-label', 'placeholder', 'title']) {
    const hint = attributeOf(element, attribute);
    if (hint !== null && hint.trim() !== '') return hint;
  }
  return isNamedByContent(role) ? visibleText(element, sight, MAX_NAME_CHARS) : '';
}
