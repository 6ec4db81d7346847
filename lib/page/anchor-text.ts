// A page's text as one string of which every character knows its DOM text node.
// White space: every run of it is one space, and so is the edge of a block element or a <br>. Text of
// scripts, styles, form fields, embedded content and our own UI does not count; hidden text does, since it
// may be shown later. Text inside shadow roots is not read.

import { ANNOTATOR_ELEMENT } from './annotator-element.ts';

/** Text past this is not looked at. */
export const MAX_TEXT_CHARS = 6_000_000;
const NODES_PER_STEP = 300;

const SKIPPED = new Set(
  `head script style noscript template textarea select iframe object canvas video audio ${ANNOTATOR_ELEMENT}`.split(
    ' ',
  ),
);
const BLOCKS = new Set(
  (
    'address article aside blockquote body br button caption dd details dialog div dl dt fieldset figcaption ' +
    'figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre section ' +
    'summary table tbody td tfoot th thead tr ul'
  ).split(' '),
);

/** The part of the text that one text node gives: `text.slice(start, end)`. */
export interface Segment {
  readonly node: Text;
  readonly start: number;
  readonly end: number;
  /** White space at the node's start does not count: the text before it ends in a space. */
  readonly afterSpace: boolean;
}

export interface PageText {
  readonly text: string;
  /** In document order. */
  readonly segments: readonly Segment[];
}

/** Where a page's text is. A document without a body (a frame set, plain XML) is read whole. */
export function pageRoot(): HTMLElement {
  const body: HTMLElement | null = document.body;
  return body ?? document.documentElement;
}

/** What `buildPageText` does to white space, for a string. */
export function collapse(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/**
 * Reads the text under `root`. Yields every few hundred nodes; where the page changes meanwhile the result
 * may lack text, and whoever watches the page reads it again.
 */
export function* buildPageText(root: Node): Generator<void, PageText> {
  const writer = createWriter();
  // A tree walker, because a form's own properties (firstChild, parentNode) can be overridden by its fields' names.
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  let visited = 0;
  do {
    const at = walker.currentNode;
    if (at instanceof Text) writer.add(at);
    else if (isBlock(at)) writer.edge();
    if (++visited % NODES_PER_STEP === 0) yield;
  } while (!writer.isFull() && advance(walker, writer.edge));
  return writer.finish();
}

function advance(walker: TreeWalker, edge: () => void): boolean {
  if (!isSkipped(walker.currentNode) && walker.firstChild() !== null) return true;
  for (;;) {
    if (isBlock(walker.currentNode)) edge();
    if (walker.nextSibling() !== null) return true;
    if (walker.parentNode() === null) return false;
  }
}

function isSkipped(node: Node): boolean {
  return node instanceof Element && SKIPPED.has(node.localName);
}

function isBlock(node: Node): boolean {
  return node instanceof Element && BLOCKS.has(node.localName);
}

function createWriter() {
  const segments: Segment[] = [];
  const parts: string[] = [];
  let length = 0;
  let afterSpace = true;
  const put = (part: string): void => {
    parts.push(part);
    length += part.length;
    afterSpace = part.endsWith(' ');
  };
  return {
    isFull: () => length >= MAX_TEXT_CHARS,
    finish: (): PageText => ({ text: parts.join(''), segments }),
    edge: (): void => {
      if (!afterSpace) put(' ');
    },
    add: (node: Text): void => {
      const data = collapse(node.data.slice(0, MAX_TEXT_CHARS - length));
      const part = afterSpace && data.startsWith(' ') ? data.slice(1) : data;
      if (part === '') return;
      segments.push({ node, start: length, end: length + part.length, afterSpace });
      put(part);
    },
  };
}
