// What can be said of an operation without knowing the document: which parts go together, and what values are allowed.
import { refuse, type ByteReader } from './byte-reader.ts';
import { ACTION, type ChangeOps } from './change-ops.ts';
import { NONE } from './run-length.ts';

/**
 * Types of value, as the low four bits of their metadata say. Refused are counters (8), unknown ones, and unsigned numbers
 * (3): Automerge writes none of its own accord and reads them as BigInts, which JSON does not have.
 */
export const VALUE = {
  null: 0,
  false: 1,
  true: 2,
  signed: 4,
  float: 5,
  text: 6,
  bytes: 7,
  time: 9,
} as const;

/** The largest time of a JavaScript Date, in milliseconds either way. */
const MAX_TIME_MS = 8.64e15;

/** Marks over one text cost more the more there are. */
const MAX_MARKS = 500;

/** Checks every operation and that each of the change's other actors is used; throws a `Refusal`. */
export function checkShapes(ops: ChangeOps, actors: number): void {
  const used = new Uint8Array(actors);
  let marks = 0;
  for (let i = 0; i < ops.count; i++) {
    checkAction(ops, i);
    if (isBeginning(ops, i) && ++marks > MAX_MARKS) refuse(`it has more than ${MAX_MARKS} marks`);
    checkTarget(ops, i);
    use(used, at(ops.objectActor, i));
    use(used, at(ops.keyActor, i));
    checkValue(ops.values, at(ops.valueMeta, i));
  }
  for (const actor of ops.predActor) use(used, actor);
  if (!ops.values.done) refuse('bytes are left over behind the last value');
  for (let actor = 1; actor < actors; actor++) {
    if (used[actor] === 0) refuse('it names an actor that it does not use');
  }
}

export function at(column: Int32Array | Uint8Array, i: number): number {
  return column[i] ?? NONE;
}

function use(used: Uint8Array, actor: number): void {
  if (actor >= used.length) refuse('it refers to an actor that it does not name');
  if (actor !== NONE) used[actor] = 1;
}

function checkAction(ops: ChangeOps, i: number): void {
  const action = at(ops.action, i);
  const inserts = ops.insert[i] === 1;
  const preds = at(ops.predCount, i);
  const valued = at(ops.valueMeta, i) !== VALUE.null;
  if (inserts && preds > 0) refuse('an insertion has predecessors');
  if (action !== ACTION.mark && (ops.expand[i] === 1 || (ops.markName[i] ?? null) !== null)) {
    refuse('something other than a mark has the parts of a mark');
  }
  switch (action) {
    case ACTION.set:
      return;
    case ACTION.makeMap:
    case ACTION.makeList:
    case ACTION.makeText:
      return valued ? refuse('a new object has a value') : undefined;
    case ACTION.del:
      if (valued || inserts || preds === 0) refuse('a deletion deletes nothing or holds something');
      return;
    case ACTION.mark:
      return checkMark(ops, i);
    default:
      refuse('it has an operation that documents here do not use');
  }
}

/** A mark is two insertions one after the other: its beginning, which has a name, and its end, which has nothing. */
function checkMark(ops: ChangeOps, i: number): void {
  if (ops.insert[i] !== 1) refuse('a mark is not inserted');
  const neighbour = isBeginning(ops, i) ? i + 1 : i - 1;
  const paired =
    at(ops.action, neighbour) === ACTION.mark &&
    isBeginning(ops, neighbour) !== isBeginning(ops, i) &&
    at(ops.objectActor, neighbour) === at(ops.objectActor, i) &&
    at(ops.objectCounter, neighbour) === at(ops.objectCounter, i);
  if (!paired) refuse('a mark has a beginning or an end alone');
  if (!isBeginning(ops, i) && at(ops.valueMeta, i) !== VALUE.null) {
    refuse('the end of a mark has a value');
  }
}

export function isBeginning(ops: ChangeOps, i: number): boolean {
  return (ops.markName[i] ?? null) !== null;
}

function checkTarget(ops: ChangeOps, i: number): void {
  const objectCounter = at(ops.objectCounter, i);
  if ((at(ops.objectActor, i) === NONE) !== (objectCounter === NONE) || objectCounter === 0) {
    refuse('an object is named by half');
  }
  const keyCounter = at(ops.keyCounter, i);
  const keyText = ops.keyText[i] ?? null;
  if ((keyText === null) === (keyCounter === NONE)) refuse('an operation has two keys or none');
  if ((at(ops.keyActor, i) === NONE) !== (keyText !== null || keyCounter === 0)) {
    refuse('an element is named by half');
  }
  // Readers of documents are JavaScript: there this key would not be data.
  if (keyText === '__proto__') refuse('a key is reserved');
}

function checkValue(values: ByteReader, meta: number): void {
  const length = meta >>> 4;
  const start = values.at;
  switch (meta & 15) {
    case VALUE.null:
    case VALUE.false:
    case VALUE.true:
      break;
    case VALUE.signed:
      // The largest safe integer itself is read as a BigInt.
      if (Math.abs(values.signed()) >= Number.MAX_SAFE_INTEGER) refuse('a number is too large');
      break;
    case VALUE.time:
      if (Math.abs(values.signed()) > MAX_TIME_MS) refuse('a time is out of range');
      break;
    case VALUE.float:
      checkFloat(values.take(8));
      break;
    case VALUE.text:
      values.text(length);
      break;
    case VALUE.bytes:
      values.take(length);
      break;
    default:
      refuse('it has a value of a kind that documents here do not use');
  }
  if (values.at - start !== length) refuse('a value has another length than it says');
}

function checkFloat(bytes: Uint8Array): void {
  const value = new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
  if (!Number.isFinite(value)) refuse('a number is not finite');
}
