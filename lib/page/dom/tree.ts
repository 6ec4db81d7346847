// The page as it is shown: light trees, shadow trees, slots and same-origin frames as one tree.
// Bounded on purpose: frames nest at most MAX_FRAMES deep, so that a page framing itself ends.
import { isDocument, isElement, isFrame, isSlot, isText } from './kinds.ts';
import {
  childNodesOf,
  isConnected,
  localNameOf,
  nodeTypeOf,
  openShadowOf,
  ownerDocumentOf,
  parentNodeOf,
  rootElementOf,
  slotOf,
  textSlotOf,
  windowOf,
} from './native.ts';

const MAX_FRAMES = 6;

/** Gives a closed shadow root where the browser lets an extension see it (`chrome.dom`). */
export type ClosedShadowDoor = (element: Element) => ShadowRoot | null;

export interface PageTree {
  readonly top: Document;
  /** Shown children in order: of the shadow tree if there is one, of what a slot holds, of a frame's document. */
  childrenOf(element: Element): readonly Node[];
  /** The element that shows this node, across shadow and frame edges; null at the top. */
  parentOf(node: Node): Element | null;
  shadowOf(element: Element): ShadowRoot | null;
  /** The document inside a same-origin frame; null for others. */
  insideFrame(frame: Element): Document | null;
  /** Still part of the page: connected, and so is every frame around it. */
  isPresent(node: Node): boolean;
  /** The same document or shadow tree or one nested in it. */
  contains(ancestor: Element, node: Node): boolean;
}

export function createPageTree(top: Document, closedShadow: ClosedShadowDoor): PageTree {
  const shadowOf = (element: Element): ShadowRoot | null =>
    canHost(element) ? (openShadowOf(element) ?? closedShadow(element)) : null;
  const parentOf = (node: Node): Element | null => shownParent(node, top);

  function childrenOf(element: Element): readonly Node[] {
    const shadow = shadowOf(element);
    if (shadow !== null) return [...childNodesOf(shadow)];
    if (isFrame(element)) return rootsOf(insideFrame(element));
    if (isSlot(element)) {
      const assigned = element.assignedNodes();
      if (assigned.length > 0) return assigned;
    }
    return [...childNodesOf(element)];
  }

  function insideFrame(frame: Element): Document | null {
    if (!isFrame(frame) || frameDepth(frame, top) >= MAX_FRAMES) return null;
    return frame.contentDocument;
  }

  function contains(ancestor: Element, node: Node): boolean {
    for (let at: Node | null = node; at !== null; at = parentOf(at)) {
      if (at === ancestor) return true;
    }
    return false;
  }

  const isPresent = (node: Node): boolean => isShown(node, top);
  return { top, childrenOf, parentOf, shadowOf, insideFrame, isPresent, contains };
}

const HOSTS = new Set(
  'article aside blockquote body div footer h1 h2 h3 h4 h5 h6 header main nav p section span'.split(
    ' ',
  ),
);

/** The elements that DOM lets hold a shadow tree: asking the browser about every other one takes time. */
function canHost(element: Element): boolean {
  const name = localNameOf(element);
  return HOSTS.has(name) || name.includes('-');
}

function rootsOf(inside: Document | null): readonly Node[] {
  const root = inside === null ? null : rootElementOf(inside);
  return root === null ? [] : [root];
}

function isShown(node: Node, top: Document): boolean {
  if (!isConnected(node)) return false;
  const home = ownerDocumentOf(node);
  if (home === top) return true;
  const frame = home === null ? null : frameOf(home);
  return frame !== null && isShown(frame, top);
}

function shownParent(node: Node, top: Document): Element | null {
  const slot = isElement(node) ? slotOf(node) : isText(node) ? textSlotOf(node) : null;
  if (slot !== null) return slot;
  const parent = parentNodeOf(node);
  if (parent === null || isElement(parent)) return parent;
  if (isDocument(parent)) return parent === top ? null : frameOf(parent);
  return isShadowRoot(parent) ? parent.host : null;
}

/** A document fragment with a host is a shadow root; one without hangs in the air. */
function isShadowRoot(node: Node): node is ShadowRoot {
  return nodeTypeOf(node) === 11 && 'host' in node;
}

function frameOf(inside: Document): Element | null {
  try {
    return windowOf(inside)?.frameElement ?? null;
  } catch {
    return null;
  }
}

function frameDepth(frame: Element, top: Document): number {
  let depth = 0;
  let home = ownerDocumentOf(frame);
  while (home !== null && home !== top && depth < MAX_FRAMES) {
    depth++;
    const outer = frameOf(home);
    home = outer === null ? null : ownerDocumentOf(outer);
  }
  return depth;
}
