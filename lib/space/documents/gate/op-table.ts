// Every operation of a document's applied changes in a few bytes each: what it made or set, where, and its place in
// the list it was inserted into. Enough to check references; values are Automerge's to keep.
import { ACTION } from './change-ops.ts';

/** The number of the root, a map that no operation made. */
export const ROOT = 0;
/** Stands for the head of a list where the number of an element is asked for. */
export const HEAD = -1;

const INSERTED = 0x80;

export interface OpRow {
  readonly action: number;
  readonly inserted: boolean;
  readonly object: number;
  /** For an insertion the element it stands behind; else the element, or the number of the key, it changes. */
  readonly slot: number;
  readonly counter: number;
  readonly actor: number;
}

export class OpTable {
  #size = 1;
  #kinds = new Uint8Array(64);
  #objects = new Int32Array(64);
  #slots = new Int32Array(64);
  #counters = new Int32Array(64);
  #actors = new Int32Array(64);
  /** The first operation that replaced each, `ROOT` for none; the others, who did so concurrently, in `#moreHeirs`. */
  #heirs = new Int32Array(64);
  readonly #moreHeirs = new Map<number, number[]>();
  /** Every operation that was replaced, in the order of those that did it, so that it can be undone. */
  readonly #replaced: number[] = [];
  readonly #depths = new Map<number, number>([[ROOT, 0]]);
  readonly #keys = new Map<string, number>();

  get size(): number {
    return this.#size;
  }

  add(row: OpRow): void {
    const op = this.#size++;
    if (op === this.#kinds.length) this.#grow(op * 2);
    this.#kinds[op] = row.action | (row.inserted ? INSERTED : 0);
    this.#objects[op] = row.object;
    this.#slots[op] = row.slot;
    this.#counters[op] = row.counter;
    this.#actors[op] = row.actor;
    this.#heirs[op] = ROOT;
    if (isMake(row.action)) this.#depths.set(op, this.depth(row.object) + 1);
  }

  /** Takes note that `op` replaces or deletes `replaced`. */
  replace(replaced: number, op: number): void {
    this.#replaced.push(replaced);
    if (this.#heirs[replaced] === ROOT) {
      this.#heirs[replaced] = op;
      return;
    }
    const more = this.#moreHeirs.get(replaced) ?? [];
    this.#moreHeirs.set(replaced, more);
    more.push(op);
  }

  /** Those that replaced or deleted an operation, each without knowing of the others. */
  heirs(op: number): readonly number[] {
    const first = this.#heirs[op] ?? ROOT;
    return first === ROOT ? [] : [first, ...(this.#moreHeirs.get(op) ?? [])];
  }

  /** Forgets every operation from `size` on. */
  truncate(size: number): void {
    this.#restore(size);
    for (let op = size; op < this.#size; op++) this.#depths.delete(op);
    this.#size = size;
  }

  counter(op: number): number {
    return this.#counters[op] ?? 0;
  }

  actor(op: number): number {
    return this.#actors[op] ?? 0;
  }

  action(op: number): number {
    return op === ROOT ? ACTION.makeMap : (this.#kinds[op] ?? 0) & ~INSERTED;
  }

  inserted(op: number): boolean {
    return ((this.#kinds[op] ?? 0) & INSERTED) !== 0;
  }

  object(op: number): number {
    return this.#objects[op] ?? ROOT;
  }

  /** The place within its object that an operation is about: an element or the number of a key. */
  place(op: number): number {
    return this.inserted(op) ? op : (this.#slots[op] ?? HEAD);
  }

  /** How deep an object lies below the root; the root itself is at 0. */
  depth(object: number): number {
    return this.#depths.get(object) ?? 0;
  }

  /** One number for each text, so that keys are compared and kept cheaply. */
  keyNumber(key: string): number {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    this.#keys.set(key, this.#keys.size);
    return this.#keys.size - 1;
  }

  /**
   * Whether element `one` stands before `other` in the list of both, by the order of RGA: behind an element come its
   * insertions, newest first. Takes its steps from `budget` and gives null when they run out. `newer` orders actors.
   */
  standsBefore(
    one: number,
    other: number,
    budget: { steps: number },
    newer: (actor: number, than: number) => boolean,
  ): boolean | null {
    let [a, b] = [one, other];
    let [belowA, belowB] = [HEAD, HEAD];
    while (a !== b) {
      if (budget.steps-- <= 0) return null;
      // An element is newer than the one it stands behind, so the newer of the two is not above the other.
      if (this.#isNewer(a, b, newer)) {
        belowA = a;
        a = this.#slots[a] ?? HEAD;
      } else {
        belowB = b;
        b = this.#slots[b] ?? HEAD;
      }
    }
    if (belowA === HEAD || belowB === HEAD) return belowA === HEAD;
    return this.#isNewer(belowA, belowB, newer);
  }

  #isNewer(a: number, b: number, newer: (actor: number, than: number) => boolean): boolean {
    if (a === HEAD || b === HEAD) return b === HEAD;
    const difference = (this.#counters[a] ?? 0) - (this.#counters[b] ?? 0);
    return difference === 0 ? newer(this.#actors[a] ?? 0, this.#actors[b] ?? 0) : difference > 0;
  }

  #restore(size: number): void {
    for (let last = this.#replaced.at(-1); last !== undefined; last = this.#replaced.at(-1)) {
      const more = this.#moreHeirs.get(last) ?? [];
      if ((more.at(-1) ?? this.#heirs[last] ?? ROOT) < size) return;
      if (more.length > 0) more.pop();
      else this.#heirs[last] = ROOT;
      this.#replaced.pop();
    }
  }

  #grow(capacity: number): void {
    this.#kinds = grown(this.#kinds, new Uint8Array(capacity));
    this.#objects = grown(this.#objects, new Int32Array(capacity));
    this.#heirs = grown(this.#heirs, new Int32Array(capacity));
    this.#slots = grown(this.#slots, new Int32Array(capacity));
    this.#counters = grown(this.#counters, new Int32Array(capacity));
    this.#actors = grown(this.#actors, new Int32Array(capacity));
  }
}

export function isMake(action: number): boolean {
  return action === ACTION.makeMap || action === ACTION.makeList || action === ACTION.makeText;
}

function grown<T extends Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
