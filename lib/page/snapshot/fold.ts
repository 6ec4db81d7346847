// Runs of alike siblings (rows, items, cards): told apart, counted, and named in the line that folds them.
import type { SnapshotView } from '../../wire/page.ts';
import { isElement, isText } from '../dom/kinds.ts';
import {
  attributeOf,
  isRendered,
  localNameOf,
  matches,
  selectFirst,
  textContentOf,
} from '../dom/native.ts';
import { ACTION_SELECTOR } from './verdict.ts';

const ITEM_TAGS = new Set('tr li option dd dt article tbody'.split(' '));
const NEVER_TAGS = new Set(
  'p h1 h2 h3 h4 h5 h6 span b i em strong small code br hr td th input button select textarea label main nav header footer section form table ul ol script style'.split(
    ' ',
  ),
);
const WORTH = `${ACTION_SELECTOR}, h1, h2, h3, h4, h5, h6, [role]`;

/** What alike siblings share; null for what is never folded. */
export function foldKey(element: Element): string | null {
  const tag = localNameOf(element);
  if (ITEM_TAGS.has(tag)) return tag;
  const role = attributeOf(element, 'role');
  if (role !== null && /^(row|listitem|option|treeitem|article|gridcell)$/u.test(role))
    return `${tag}@${role}`;
  if (NEVER_TAGS.has(tag)) return null;
  const classes = attributeOf(element, 'class');
  if (classes === null && !tag.includes('-')) return null;
  return `${tag}.${(classes ?? '').slice(0, 60)}`;
}

export interface Run {
  /** Index after the last sibling of the run. */
  readonly end: number;
  /** Members that a person could see something of. */
  readonly worth: number;
}

export function restOfRun(
  nodes: readonly Node[],
  start: number,
  end: number,
  key: string,
  view: SnapshotView,
): Run {
  let worth = 0;
  let at = start;
  for (; at < end; at++) {
    const node = nodes[at];
    if (node === undefined || !belongs(node, key)) break;
    if (isElement(node) && isWorth(node, view)) worth++;
  }
  return { end: at, worth };
}

function belongs(node: Node, key: string): boolean {
  if (isElement(node)) return foldKey(node) === key;
  return !isText(node) || (textContentOf(node) ?? '').trim() === '';
}

function isWorth(element: Element, view: SnapshotView): boolean {
  if (!isRendered(element)) return false;
  return view === 'full' || matches(element, WORTH) || selectFirst(element, WORTH) !== null;
}

export function foldLine(key: string, count: number, cursor: string): string {
  return `… ${count.toLocaleString('en-US')} more ${nounOf(key)} [cursor=${cursor}]`;
}

/** Only words of ours: a page names tags too. */
function nounOf(key: string): string {
  if (key === 'tr' || key.endsWith('@row')) return 'rows';
  if (key === 'option' || key.endsWith('@option')) return 'options';
  if (key === 'li' || key.endsWith('@listitem') || key.endsWith('@treeitem')) return 'items';
  return 'alike';
}
