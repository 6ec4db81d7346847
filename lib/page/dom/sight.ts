// One run's eyes: the tree, what of it can be seen, and which fields are secret. Made afresh for each
// request, because the page may change between two.
import { NEAR_BLACK, WHITE, type Colour } from './colour.ts';
import { hiddenText } from './hidden-text.ts';
import { isElement, isText } from './kinds.ts';
import { computedStyle, createLooks, type Hidden, type Looks } from './look.ts';
import { localNameOf, rootElementOf, textContentOf, windowOf } from './native.ts';
import type { PageTree } from './tree.ts';
import type { Secrets } from '../secrets.ts';

export interface Sight {
  readonly tree: PageTree;
  readonly looks: Looks;
  readonly secrets: Secrets;
  /** Why nothing of the element's subtree can be seen, or null. */
  gone(element: Element): Hidden | null;
  /** Why text directly in the element cannot be read, or null. */
  textHidden(element: Element): Hidden | null;
}

export function createSight(tree: PageTree, secrets: Secrets): Sight {
  const looks = createLooks(tree, canvasOf(tree.top));
  const texts = new Map<Element, Hidden | null>();
  return {
    tree,
    looks,
    secrets,
    gone: (element) => looks.of(element).gone,
    textHidden: (element) => {
      let hidden = texts.get(element);
      if (hidden === undefined) {
        hidden = hiddenText(element, looks.of(element), tree);
        texts.set(element, hidden);
      }
      return hidden;
    },
  };
}

/** What the browser paints where the page paints nothing. */
function canvasOf(top: Document): Colour {
  const root = rootElementOf(top);
  if (root === null) return WHITE;
  const schemes = computedStyle(root).colorScheme;
  if (!schemes.includes('dark')) return WHITE;
  const prefersDark = windowOf(top)?.matchMedia('(prefers-color-scheme: dark)').matches ?? false;
  return prefersDark || !schemes.includes('light') ? NEAR_BLACK : WHITE;
}

/** Elements whose content is never shown as text. */
const WORDLESS = new Set(
  'script style noscript template head link meta title base iframe frame object embed canvas svg math audio video textarea select datalist'.split(
    ' ',
  ),
);

export function isWordless(element: Element): boolean {
  return WORDLESS.has(localNameOf(element));
}

const MAX_NODES = 4_000;

/**
 * The text a person could read in an element, in order, about `maxChars` of it, blocks set apart by spaces.
 * `leaveOut` names elements whose text belongs to somebody else.
 */
export function visibleText(
  root: Element,
  sight: Sight,
  maxChars: number,
  leaveOut: (element: Element) => boolean = () => false,
): string {
  const stack: (Node | ' ')[] = [...sight.tree.childrenOf(root)].toReversed();
  if (sight.gone(root) !== null) return '';
  let text = '';
  let owner = root;
  for (let seen = 0; seen < MAX_NODES && text.length < maxChars * 2; seen++) {
    const node = stack.pop();
    if (node === undefined) break;
    if (node === ' ') text += ' ';
    else if (isText(node)) {
      owner = sight.tree.parentOf(node) ?? owner;
      if (sight.textHidden(owner) === null)
        text += textContentOf(node)?.slice(0, maxChars * 2) ?? '';
    } else if (isElement(node) && !isWordless(node) && !leaveOut(node)) {
      if (sight.gone(node) !== null) continue;
      const apart = sight.looks.of(node).style.display !== 'inline';
      if (apart) stack.push(' ');
      for (const child of sight.tree.childrenOf(node).toReversed()) stack.push(child);
      if (apart) stack.push(' ');
    }
  }
  return sight.secrets.mask(text.replace(/\s+/gu, ' ').trim());
}
