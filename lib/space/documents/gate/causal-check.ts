// Whether a change fits its own past. The verdict looks at nothing else, so every replica comes to the same one in
// whatever order changes reach it. Automerge assumes all of this of the changes it is given and checks little of it.
import { refuse, Refusal } from './byte-reader.ts';
import type { ChangeIndex, KnownChange, Past } from './change-index.ts';
import { ACTION, type ChangeOps } from './change-ops.ts';
import { at, isBeginning, VALUE } from './op-shape.ts';
import { HEAD, isMake, ROOT } from './op-table.ts';
import type { ReadChange } from './read-change.ts';
import { NONE } from './run-length.ts';

/** Objects lie at most this deep below the root: readers walk them by recursion. */
const MAX_DEPTH = 64;
/** Steps through a text that one change may cost in order to place its marks. */
const MAX_MARK_STEPS = 200_000;
/** Operations have counters below this, so that sums of them stay exact. */
const MAX_COUNTER = 0x7fff_ffff;

export type Verdict =
  | { readonly stands: true; readonly known: KnownChange }
  | { readonly stands: false; readonly reason: string };

/** All deps must stand in `index`; the operations of a change that stands are in its table afterwards. */
export function checkAgainstPast(change: ReadChange, place: number, index: ChangeIndex): Verdict {
  const firstOp = index.ops.size;
  try {
    const past = pastThatFits(change, index);
    const placing = new Placing(change, past, index, firstOp);
    for (let i = 0; i < change.ops.count; i++) placing.take(i);
    const { hash, seq, startOp, ops } = change;
    const maxOp = startOp + ops.count - 1;
    const { actor, vector } = past;
    const known = { hash, actor, seq, startOp, maxOp, firstOp, past: vector, place };
    return { stands: true, known };
  } catch (error) {
    index.ops.truncate(firstOp);
    if (error instanceof Refusal) return { stands: false, reason: error.message };
    throw error;
  }
}

function pastThatFits(change: ReadChange, index: ChangeIndex): Past {
  const past = index.pastOf(change);
  if (index.root !== null && change.deps.length === 0) refuse('it does not build on the document');
  if (change.seq !== past.seq + 1) {
    refuse(`it is change ${change.seq} of its author, after number ${past.seq} in its own past`);
  }
  if (change.startOp !== past.maxOp + 1) refuse('its operations do not begin after its past');
  if (change.startOp + change.ops.count > MAX_COUNTER) refuse('its counters are too large');
  return past;
}

/** Puts the operations of one change into the table, one after another. */
class Placing {
  readonly #change: ReadChange;
  readonly #past: Past;
  readonly #index: ChangeIndex;
  readonly #firstOp: number;
  readonly #actors: readonly number[];
  #nextPred = 0;
  readonly #marks = { steps: MAX_MARK_STEPS };

  constructor(change: ReadChange, past: Past, index: ChangeIndex, firstOp: number) {
    this.#change = change;
    this.#past = past;
    this.#index = index;
    this.#firstOp = firstOp;
    this.#actors = change.actors.map((name) => index.findActor(name));
  }

  take(i: number): void {
    const { ops, startOp } = this.#change;
    const object = this.#objectOf(ops, i);
    const action = at(ops.action, i);
    const inserted = ops.insert[i] === 1;
    const slot = this.#slotOf(ops, i, object);
    const { actor } = this.#past;
    this.#checkPreds(ops, i, object, slot);
    this.#index.ops.add({ action, inserted, object, slot, counter: startOp + i, actor });
    if (isMake(action) && this.#index.ops.depth(object) >= MAX_DEPTH) {
      refuse(`it nests objects more than ${MAX_DEPTH} deep`);
    }
    if (action === ACTION.mark && !isBeginning(ops, i)) this.#checkMarkOrder(i);
  }

  /** The number of an operation in the past or before this one in the same change. */
  #resolve(actor: number, counter: number): number {
    const { startOp } = this.#change;
    if (actor === 0 && counter >= startOp) {
      const op = this.#firstOp + (counter - startOp);
      return op < this.#index.ops.size ? op : refuse('it refers to an operation to come');
    }
    const name = this.#actors[actor] ?? NONE;
    const op = this.#index.operation(this.#past, name, counter);
    return op ?? refuse('it refers to an operation outside its past');
  }

  #isInPast(op: number): boolean {
    if (op >= this.#firstOp) return true;
    const { ops } = this.#index;
    return this.#index.operation(this.#past, ops.actor(op), ops.counter(op)) !== null;
  }

  #objectOf(ops: ChangeOps, i: number): number {
    const actor = at(ops.objectActor, i);
    if (actor === NONE) return ROOT;
    const object = this.#resolve(actor, at(ops.objectCounter, i));
    return isMake(this.#index.ops.action(object)) ? object : refuse('it changes what is no object');
  }

  #slotOf(ops: ChangeOps, i: number, object: number): number {
    const table = this.#index.ops;
    const kind = table.action(object);
    const key = ops.keyText[i] ?? null;
    if ((kind === ACTION.makeMap) !== (key !== null)) refuse('a key does not fit its object');
    const inserted = ops.insert[i] === 1;
    if (key !== null) {
      return inserted ? refuse('it inserts into a map') : table.keyNumber(key);
    }
    if (kind === ACTION.makeText) checkInText(ops, i);
    else if (at(ops.action, i) === ACTION.mark) refuse('it marks what is no text');
    const actor = at(ops.keyActor, i);
    if (actor === NONE) return inserted ? HEAD : refuse('it changes the head of a list');
    const element = this.#resolve(actor, at(ops.keyCounter, i));
    if (!table.inserted(element) || table.object(element) !== object) {
      refuse('it refers to an element of another object');
    }
    if (!inserted && table.action(element) === ACTION.mark) refuse('it changes a mark');
    return element;
  }

  #checkPreds(ops: ChangeOps, i: number, object: number, slot: number): void {
    const table = this.#index.ops;
    let [lastCounter, lastName] = [NONE, ''];
    for (let left = at(ops.predCount, i); left > 0; left--) {
      const actor = at(ops.predActor, this.#nextPred);
      const counter = at(ops.predCounter, this.#nextPred);
      this.#nextPred += 1;
      const pred = this.#resolve(actor, counter);
      if (table.object(pred) !== object || table.place(pred) !== slot) {
        refuse('a predecessor is of another place');
      }
      const action = table.action(pred);
      if (action !== ACTION.set && !isMake(action)) refuse('a predecessor holds no value');
      const name = this.#change.actors[actor] ?? '';
      if (counter < lastCounter || (counter === lastCounter && name <= lastName)) {
        refuse('predecessors are out of order');
      }
      [lastCounter, lastName] = [counter, name];
      if (table.heirs(pred).some((heir) => this.#isInPast(heir))) {
        refuse('it replaces what has been replaced in its past');
      }
      table.replace(pred, table.size);
    }
  }

  /** A mark that ends before it begins cannot be loaded again. */
  #checkMarkOrder(i: number): void {
    const table = this.#index.ops;
    const end = this.#firstOp + i;
    const newer = (actor: number, than: number) =>
      this.#index.actorName(actor) > this.#index.actorName(than);
    const ordered = table.standsBefore(end - 1, end, this.#marks, newer);
    if (ordered === null) refuse('its marks take too long to place');
    if (!ordered) refuse('a mark ends before it begins');
  }
}

/** In a text letters and block markers are inserted and deleted, never replaced in place. */
function checkInText(ops: ChangeOps, i: number): void {
  const action = at(ops.action, i);
  if (action === ACTION.mark || action === ACTION.del) return;
  if (ops.insert[i] !== 1) refuse('it replaces a letter in place');
  if (action === ACTION.makeMap) return;
  const meta = at(ops.valueMeta, i);
  const isLetters = action === ACTION.set && (meta & 15) === VALUE.text && meta >>> 4 > 0;
  if (!isLetters) refuse('something other than letters stands in a text');
}
