// Entries of many authors in one order in which each comes after everything that its author had seen. Every prefix of it
// is a consistent cut (Mattern, "Virtual Time and Global States", 1989). The same entries give the same order anywhere.
import type { VersionVector } from '../log/version-vector.ts';

export interface Point {
  /** Hex. */
  readonly author: string;
  readonly seq: number;
}

export interface Placed extends Point {
  /** What its author's clock said: decides between entries of which neither knew of the other, and nothing else. */
  readonly at: number;
  /** What it comes after, beside its author's entry before. */
  readonly after: readonly Point[];
}

interface Lane<T> {
  readonly items: readonly T[];
  next: number;
}

/** Whoever names what does not exist, or the future, waits for nobody. */
export function inCausalOrder<T extends Placed>(items: readonly T[]): readonly T[] {
  const lanes = lanesOf(items);
  const done = new Map<string, number>();
  const order: T[] = [];
  const ready = new Set<Lane<T>>();
  /** Lanes whose next item comes after something of an author that has not had its turn. */
  const waiting = new Map<string, Set<Lane<T>>>();
  const settle = (lane: Lane<T>): void => {
    const front = lane.items[lane.next];
    const author = front && missingOf(front, done, lanes);
    if (front === undefined) return;
    if (author === null || author === undefined) ready.add(lane);
    else waiting.set(author, (waiting.get(author) ?? new Set()).add(lane));
  };
  for (const lane of lanes.values()) settle(lane);
  while (order.length < items.length) {
    const lane = earliest(ready) ?? earliest([...waiting.values()].flatMap((each) => [...each]));
    const item = lane?.items[lane.next];
    if (lane === undefined || item === undefined) break;
    ready.delete(lane);
    for (const each of waiting.values()) each.delete(lane);
    order.push(item);
    done.set(item.author, item.seq);
    lane.next += 1;
    const released = [...(waiting.get(item.author) ?? [])];
    waiting.delete(item.author);
    for (const one of [lane, ...released]) settle(one);
  }
  return order;
}

/**
 * The least cut that contains `cut` and everything that what it contains comes after, as far as `items` go. `items` in
 * any order.
 */
export function closureOf(cut: VersionVector, items: readonly Placed[]): VersionVector {
  const closed = new Map(cut);
  const lanes = lanesOf(items);
  for (let moved = true; moved;) {
    moved = false;
    for (const [author, lane] of lanes) {
      const until = closed.get(author) ?? 0;
      for (; (lane.items[lane.next]?.seq ?? Infinity) <= until; lane.next += 1) {
        for (const point of lane.items[lane.next]?.after ?? []) {
          const here = Math.min(point.seq, lastOf(lanes, point.author));
          if (here <= (closed.get(point.author) ?? 0)) continue;
          closed.set(point.author, here);
          moved = true;
        }
      }
    }
  }
  return closed;
}

function lanesOf<T extends Placed>(items: readonly T[]): Map<string, Lane<T>> {
  const byAuthor = Map.groupBy(items, ({ author }) => author);
  return new Map(
    [...byAuthor].map(([author, own]) => [
      author,
      { items: own.toSorted((a, b) => a.seq - b.seq), next: 0 },
    ]),
  );
}

/** An author whose turn an item has to wait for, or null. What is not here cannot be waited for. */
function missingOf<T extends Placed>(
  { after }: T,
  done: VersionVector,
  lanes: ReadonlyMap<string, Lane<T>>,
): string | null {
  const missing = after.find(
    ({ author, seq }) => (done.get(author) ?? 0) < Math.min(seq, lastOf(lanes, author)),
  );
  return missing?.author ?? null;
}

function lastOf<T extends Placed>(lanes: ReadonlyMap<string, Lane<T>>, author: string): number {
  return lanes.get(author)?.items.at(-1)?.seq ?? 0;
}

function earliest<T extends Placed>(lanes: Iterable<Lane<T>>): Lane<T> | undefined {
  let first: Lane<T> | undefined;
  for (const lane of lanes) {
    const [item, best] = [lane.items[lane.next], first?.items[first.next]];
    if (item !== undefined && (best === undefined || comesBefore(item, best))) first = lane;
  }
  return first;
}

function comesBefore(one: Placed, other: Placed): boolean {
  return one.at === other.at ? one.author < other.author : one.at < other.at;
}
