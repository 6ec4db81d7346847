// A copy of what a person can read of the page, in a document of its own: no hidden text, no field values,
// no scripts, shadow trees and frames laid flat. What reads it may change it as it likes.
import { isElement, isFrame, isText } from '../dom/kinds.ts';
import {
  attributeOf,
  bodyOf,
  localNameOf,
  selectAllIn,
  textContentOf,
  titleOf,
} from '../dom/native.ts';
import type { Sight } from '../dom/sight.ts';

export interface CleanCopy {
  readonly document: Document;
  readonly hidden: number;
  /** False when the page was larger than is copied. */
  readonly complete: boolean;
}

const MAX_NODES = 60_000;
const MAX_DEPTH = 120;
const MAX_URL_CHARS = 300;
const NODES_PER_CLOCK = 256;

const LEFT_OUT = new Set(
  'script style noscript template link meta base button input select textarea datalist svg canvas object embed audio video progress meter dialog'.split(
    ' ',
  ),
);
const KEPT = new Set(
  (
    'a abbr article aside b blockquote br caption cite code dd del details div dl dt em figcaption ' +
    'figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp ' +
    'section small span strong sub summary sup table tbody td tfoot th thead time tr u ul var'
  ).split(' '),
);
/** What helps to tell the article from its surroundings; none of it is shown. */
const KEPT_ATTRIBUTES = [
  'id',
  'class',
  'role',
  'itemprop',
  'rel',
  'alt',
  'colspan',
  'start',
  'lang',
];
const NAMED_META = /^((og|article|dc|dcterm|twitter|parsely|weibo):)?[\w.:-]{1,40}$/u;

interface Step {
  readonly node: Node;
  readonly into: Element;
  readonly depth: number;
}

export function cleanCopy(sight: Sight, isLate: () => boolean): CleanCopy {
  const { top } = sight.tree;
  const copy = document.implementation.createHTMLDocument(sight.secrets.mask(titleOf(top)));
  copyMeta(top, copy, sight);
  const root = bodyOf(top);
  const stack: Step[] = [];
  const push = (element: Element, into: Element, depth: number): void => {
    for (const node of sight.tree.childrenOf(element).toReversed())
      stack.push({ node, into, depth });
  };
  if (root !== null && sight.gone(root) === null) push(root, copy.body, 0);
  let hidden = 0;
  for (let seen = 1; ; seen++) {
    const step = stack.pop();
    if (step === undefined) return { document: copy, hidden, complete: true };
    if (seen > MAX_NODES || (seen % NODES_PER_CLOCK === 0 && isLate())) break;
    if (isText(step.node)) hidden += copyText(step.node, step.into, sight);
    if (!isElement(step.node)) continue;
    const { node, into, depth } = step;
    if (LEFT_OUT.has(localNameOf(node)) && !isOpenDialog(node)) continue;
    if (sight.gone(node) !== null) {
      hidden += (textContentOf(node) ?? '').trim() === '' ? 0 : 1;
      continue;
    }
    // Deeper than a reader's own recursion can bear, things are put side by side.
    const made = depth >= MAX_DEPTH ? into : into.appendChild(copyElement(node, copy, sight));
    push(node, made, Math.min(depth + 1, MAX_DEPTH));
  }
  return { document: copy, hidden, complete: false };
}

function isOpenDialog(element: Element): boolean {
  return localNameOf(element) === 'dialog' && attributeOf(element, 'open') !== null;
}

/** 1 when there was text that cannot be read. */
function copyText(text: Text, into: Element, sight: Sight): number {
  const words = textContentOf(text) ?? '';
  const owner = sight.tree.parentOf(text);
  if (owner === null || words === '') return 0;
  if (words.trim() !== '' && sight.textHidden(owner) !== null) return 1;
  into.append(sight.secrets.mask(words));
  return 0;
}

function copyElement(element: Element, home: Document, sight: Sight): Element {
  const name = localNameOf(element);
  const isInline = sight.looks.of(element).style.display.startsWith('inline');
  const made = home.createElement(
    KEPT.has(name) ? name : isInline && !isFrame(element) ? 'span' : 'div',
  );
  for (const attribute of KEPT_ATTRIBUTES) {
    const value = attributeOf(element, attribute);
    if (value !== null) made.setAttribute(attribute, sight.secrets.mask(value.slice(0, 500)));
  }
  copyAddress(element, made, sight);
  return made;
}

/** Addresses as the page resolves them; only those that lead somewhere on the web. */
function copyAddress(element: Element, made: Element, sight: Sight): void {
  const attribute = made.localName === 'a' ? 'href' : made.localName === 'img' ? 'src' : null;
  const given = attribute === null ? null : attributeOf(element, attribute);
  if (attribute === null || given === null) return;
  const url = URL.parse(given, element.ownerDocument.baseURI);
  if (url === null || !/^(https?|mailto):$/u.test(url.protocol)) return;
  if (url.href.length <= MAX_URL_CHARS) made.setAttribute(attribute, sight.secrets.mask(url.href));
}

function copyMeta(top: Document, copy: Document, sight: Sight): void {
  for (const meta of [...selectAllIn(top, 'meta[content]')].slice(0, 100)) {
    const name = attributeOf(meta, 'name') ?? attributeOf(meta, 'property');
    if (name === null || !NAMED_META.test(name)) continue;
    const made = copy.createElement('meta');
    made.setAttribute(attributeOf(meta, 'name') === null ? 'property' : 'name', name);
    made.setAttribute(
      'content',
      sight.secrets.mask((attributeOf(meta, 'content') ?? '').slice(0, 500)),
    );
    copy.head.append(made);
  }
}
