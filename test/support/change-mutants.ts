// Changes that are nearly right: real ones with a few of their bytes, numbers, columns or references changed, sealed
// again so that they get past the checksum.
import type { BoundChange } from '../../lib/space/documents/live-document.ts';
import { concatBytes } from '../../lib/wire/bytes.ts';
import { ByteReader } from '../../lib/space/documents/gate/byte-reader.ts';
import { countRuns } from '../../lib/space/documents/gate/run-length.ts';
import {
  COL,
  envelope,
  forge,
  hashOf,
  putTogether,
  takeApart,
  type ForgedOp,
  type Id,
  type Parts,
} from './automerge-forge.ts';
import { runs, unsigned } from './column-codes.ts';
import { WILD_ACTORS, type Dice } from './wild-document.ts';

/** A mutant of one of `history`, bound to the actor that it names where that is readable. */
export function mutantOf(history: readonly BoundChange[], roll: Dice): BoundChange {
  const change = history[roll(history.length)];
  if (change === undefined) throw new Error('there is no change to mutate');
  if (roll(10) === 0) return { ...change, bytes: damaged(change.bytes, roll) };
  if (roll(6) === 0) {
    const contents = damaged(change.bytes.subarray(11), roll);
    return { ...change, bytes: envelope(1, contents) };
  }
  const parts = takeApart(change.bytes);
  for (let edits = 1 + roll(2); edits > 0; edits--) {
    MUTATIONS[roll(MUTATIONS.length)]?.(parts, roll, history);
  }
  return { actor: parts.actor, bytes: putTogether(parts) };
}

type Mutation = (parts: Parts, roll: Dice, history: readonly BoundChange[]) => void;

const inColumn =
  (edit: (bytes: Uint8Array, roll: Dice, parts: Parts) => Uint8Array): Mutation =>
  (parts, roll) => {
    const column = parts.columns[roll(parts.columns.length)];
    if (column !== undefined) column[1] = edit(column[1], roll, parts);
  };

const MUTATIONS: readonly Mutation[] = [
  inColumn(damaged),
  inColumn(nudged),
  inColumn(nudged),
  inColumn(nudged),
  inColumn((bytes, roll) => bytes.subarray(0, roll(bytes.length))),
  inColumn((bytes) => concatBytes(bytes, bytes)),
  inColumn((_, roll, parts) => parts.columns[roll(parts.columns.length)]?.[1] ?? new Uint8Array()),
  inColumn((_, roll) => runs(Array.from({ length: 1 + roll(6) }, () => roll(40)))),
  inColumn((bytes, roll) => concatBytes(unsigned(roll(2 ** 20)), bytes)),
  (parts, roll) => void (parts.seq = Math.max(0, parts.seq + roll(5) - 2)),
  (parts, roll) => void (parts.startOp = Math.max(0, parts.startOp + roll(9) - 4)),
  (parts, roll) => void (parts.time = roll(2 ** 31)),
  (parts, roll) => void parts.deps.splice(roll(parts.deps.length), 1),
  (parts, roll, history) => {
    const other = history[roll(history.length)];
    if (other !== undefined) parts.deps.push(hashOf(other.bytes));
    if (roll(4) > 0) parts.deps = [...new Set(parts.deps)].toSorted();
  },
  (parts, roll, history) => {
    const other = history[roll(history.length)];
    if (other !== undefined) parts.deps = [hashOf(other.bytes)];
  },
  (parts, roll) => void (parts.actor = WILD_ACTORS[roll(WILD_ACTORS.length)] ?? parts.actor),
  (parts) => void (parts.others = parts.others.toReversed()),
  (parts, roll) => void parts.others.push(WILD_ACTORS[roll(WILD_ACTORS.length)] ?? parts.actor),
  (parts) => void (parts.columns = parts.columns.toReversed()),
  (parts, roll) => void parts.columns.splice(roll(parts.columns.length), 1),
  (parts, roll) => {
    const column = parts.columns[roll(parts.columns.length)];
    if (column !== undefined) column[0] = roll(0xb0);
  },
  (parts, roll) => void (parts.extra = new Uint8Array(roll(4))),
  (parts, roll) => void (parts.message = new Uint8Array(roll(4)).fill(97)),
];

/** A few bytes replaced, put in or left out. */
function damaged(bytes: Uint8Array, roll: Dice): Uint8Array {
  const at = roll(bytes.length + 1);
  const put = Uint8Array.from({ length: roll(3) }, () => roll(256));
  return concatBytes(bytes.subarray(0, at), put, bytes.subarray(at + roll(3)));
}

const STEPS = [1, -1, 2, -2, 64];

/** One byte a little higher or lower: most often still a valid number, length or reference. */
function nudged(bytes: Uint8Array, roll: Dice): Uint8Array {
  const copy = bytes.slice();
  const at = roll(copy.length);
  const byte = copy[at];
  if (byte !== undefined) copy[at] = (byte + (STEPS[roll(STEPS.length)] ?? 1)) & 0x7f;
  return copy;
}

/**
 * A change of the right form by somebody new, built on one change of `history`, whose operations refer at random to what
 * may be there: some fit, most do not.
 */
export function strangerOn(history: readonly BoundChange[], roll: Dice): BoundChange {
  const base = history[roll(history.length)];
  if (base === undefined) throw new Error('there is no change to build on');
  const { startOp, columns } = takeApart(base.bytes);
  const first = startOp + countOf(columns);
  const known = WILD_ACTORS.length;
  const id = (): Id => {
    const own = roll(4) === 0;
    return own ? [0, first + roll(4)] : [1 + roll(known), 1 + roll(first)];
  };
  const others = [BEGIN, ...WILD_ACTORS];
  const actor = STRANGERS[roll(STRANGERS.length)] ?? BEGIN;
  const ops = Array.from({ length: 1 + roll(4) }, () => randomOps(roll, id)).flat();
  const named = new Set(ops.flatMap((op) => idsOf(op).map(([number]) => number)));
  const used = others.filter((_, i) => named.has(i + 1));
  const renumber = ([number, counter]: Id): Id =>
    number === 0 ? [0, counter] : [1 + used.indexOf(others[number - 1] ?? ''), counter];
  const bytes = forge({
    actor,
    deps: [hashOf(base.bytes)],
    startOp: first,
    others: used,
    ops: ops.map((op) => renumbered(op, renumber)),
  });
  return { actor, bytes };
}

const BEGIN = '00'.repeat(16);
const STRANGERS = ['d0', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7'].map((byte) => byte.repeat(16));

function countOf(columns: Parts['columns']): number {
  const action = columns.find(([id]) => id === COL.action)?.[1] ?? new Uint8Array();
  return countRuns(new ByteReader(action), 2 ** 20, -1)[0];
}

/** The objects that the wild document begins with, as others[0] made them; their elements follow them. */
const TEXT: Id = [1, 1];
const LIST: Id = [1, 18];
const MAP: Id = [1, 23];

function randomOps(roll: Dice, id: () => Id): ForgedOp[] {
  if (roll(6) > 0) return [randomOp(roll, id)];
  const place = (): Id | 'head' =>
    roll(6) === 0 ? 'head' : roll(6) === 0 ? id() : [1, 2 + roll(16)];
  const mark = { action: 7, insert: true, object: TEXT, expand: roll(2) === 0 };
  const begin = { ...mark, element: place(), mark: 'bold', value: [2, NO_BYTES] as const };
  return [begin, { ...mark, element: place() }];
}

function randomOp(roll: Dice, id: () => Id): ForgedOp {
  const action = [0, 1, 1, 1, 2, 3, 3, 4][roll(8)] ?? 1;
  const inText = roll(2) === 0;
  const object = roll(8) === 0 ? id() : inText ? TEXT : ([LIST, MAP, undefined] as const)[roll(3)];
  const keyed = object === MAP || object === undefined ? roll(12) > 0 : roll(12) === 0;
  const insert = action !== 3 && !keyed && roll(3) > 0;
  const letter: Id = roll(5) === 0 ? id() : [1, inText ? 2 + roll(16) : 19 + roll(4)];
  const element = insert && roll(3) === 0 ? ('head' as const) : letter;
  const pred: Id = keyed || element === 'head' || roll(6) === 0 ? id() : element;
  const preds = insert || (action !== 3 && roll(2) === 0) ? [] : [pred];
  const value =
    inText || roll(2) === 0 ? ([6, Uint8Array.of(97)] as const) : ([2, NO_BYTES] as const);
  return {
    action,
    insert,
    preds,
    ...(keyed ? { key: `key${roll(5)}` } : { element }),
    ...(object === undefined ? {} : { object }),
    ...(action === 1 ? { value } : {}),
  };
}

const NO_BYTES = new Uint8Array();

function idsOf(op: ForgedOp): Id[] {
  const element = op.element === undefined || op.element === 'head' ? [] : [op.element];
  return [...element, ...(op.object === undefined ? [] : [op.object]), ...(op.preds ?? [])];
}

function renumbered(op: ForgedOp, renumber: (id: Id) => Id): ForgedOp {
  return {
    ...op,
    ...(op.object === undefined ? {} : { object: renumber(op.object) }),
    ...(op.element === undefined || op.element === 'head' ? {} : { element: renumber(op.element) }),
    preds: (op.preds ?? []).map(renumber),
  };
}
