// A kind of document with everything that Automerge holds in documents here (maps, lists, texts, marks, blocks), and a
// seeded stream of honest edits to it by several people who are often apart.
import * as A from '@automerge/automerge/slim';
import type { AutomergeMap } from '../../lib/space/documents/automerge-doc.ts';
import type { DocumentKind } from '../../lib/space/documents/document-kind.ts';
import { LiveDocument, type BoundChange } from '../../lib/space/documents/live-document.ts';

interface Wild {
  text: string;
  list: unknown[];
  map: AutomergeMap;
  [key: string]: unknown;
}

export const WILD_ACTORS = ['aa', 'bb', 'cc'].map((byte) => byte.repeat(16));

/** Its one verb runs an edit that is given as a function. */
export const wildKind: DocumentKind = {
  begin: (doc) => {
    doc['text'] = 'once upon a time';
    doc['list'] = [1, 2, 3, 4];
    doc['map'] = {};
  },
  verbs: { edit: (doc, edit) => (edit as (doc: AutomergeMap) => void)(doc) },
  read: (doc) => A.toJS(doc),
};

/** Whole numbers from 0 below `n`, the same for the same seed. */
export type Dice = (n: number) => number;

/** Mulberry32. */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

export function propose(document: LiveDocument, actor: string, edit: (doc: Wild) => void) {
  const proposed = document.propose(actor, 'edit', edit, 1_000_000);
  if (!proposed.ok) throw new Error(proposed.failure.message);
  return proposed.value;
}

/** About `length` changes that honest people made, in an order in which one replica could have seen them. */
export function wildHistory(roll: Dice, length: number): BoundChange[] {
  const replicas = WILD_ACTORS.map(() => new LiveDocument(wildKind));
  const seen = WILD_ACTORS.map(() => new Set<BoundChange>());
  const history: BoundChange[] = [];
  while (history.length < length) {
    const i = roll(replicas.length);
    const [replica, known, actor] = [replicas[i], seen[i], WILD_ACTORS[i]];
    if (replica === undefined || known === undefined || actor === undefined) continue;
    if (roll(3) === 0) {
      const fresh = history.filter((change) => !known.has(change));
      replica.apply(fresh);
      for (const change of fresh) known.add(change);
    }
    const bytes = propose(replica, actor, (doc) => wildEdit(doc, roll));
    if (bytes === null) continue;
    const change = { actor, bytes };
    replica.apply([change]);
    known.add(change);
    history.push(change);
  }
  for (const replica of replicas) replica.free();
  return history;
}

function wildEdit(doc: Wild, roll: Dice): void {
  for (let edits = 1 + roll(3); edits > 0; edits--) EDITS[roll(EDITS.length)]?.(doc, roll);
}

const VALUES = [1, -5, 2.5, true, null, new A.ImmutableString('whole'), new Date(1e6), 'letters'];

const EDITS: ((doc: Wild, roll: Dice) => void)[] = [
  (doc, roll) =>
    A.splice(doc, ['text'], roll(doc.text.length + 1), 0, 'abcé😀'.slice(0, 1 + roll(3))),
  (doc, roll) => {
    const at = roll(doc.text.length + 1);
    A.splice(doc, ['text'], at, Math.min(roll(4), doc.text.length - at));
  },
  (doc, roll) => {
    doc.map[`key${roll(5)}`] = VALUES[roll(VALUES.length)];
  },
  (doc, roll) => {
    doc.map[`key${roll(5)}`] = new Uint8Array(roll(4));
  },
  (doc, roll) => {
    delete doc.map[`key${roll(5)}`];
  },
  (doc, roll) => A.insertAt(doc.list, roll(doc.list.length + 1), { a: roll(10), b: [null] }),
  (doc, roll) => {
    if (doc.list.length > 0) A.deleteAt(doc.list, roll(doc.list.length));
  },
  (doc, roll) => {
    if (doc.list.length > 0) doc.list[roll(doc.list.length)] = roll(1e6) - 5e5;
  },
  (doc, roll) => {
    if (doc.text.length < 4) return;
    const start = roll(doc.text.length - 2);
    const end = start + 1 + roll(doc.text.length - start - 1);
    const expand = (['both', 'none', 'after', 'before'] as const)[roll(4)] ?? 'none';
    A.mark(doc, ['text'], { start, end, expand }, 'bold', [true, null, 'x'][roll(3)] ?? null);
  },
  (doc, roll) => {
    doc['deep'] = { a: { b: { c: `text ${roll(9)}` } } };
  },
  (doc, roll) => A.updateText(doc, ['text'], `${doc.text.slice(0, 40)}${roll(9)}`),
  (doc, roll) => A.splitBlock(doc, ['text'], roll(doc.text.length + 1), { type: 'p' }),
];
