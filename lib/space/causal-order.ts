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

/** `items`: each author's from the oldest on. Whoever names what does not exist, or the future, waits for nobody. */
export function inCausalOrder<T extends Placed>(items: readonly T[]): readonly T[] {
  const lanes = lanesOf(items);
  const done = new Map<string, number>();
  const order: T[] = [];
  while (order.length < items.length) {
    const fronts = [...lanes.values()].flatMap(({ items: lane, next }) => lane[next] ?? []);
    const ready = fronts.filter((item) => isReady(item, done, lanes));
    const chosen = earliest(ready) ?? earliest(fronts);
    if (chosen === undefined) break;
    order.push(chosen);
    done.set(chosen.author, chosen.seq);
    const lane = lanes.get(chosen.author);
    if (lane !== undefined) lane.next += 1;
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

/** What is not here cannot be waited for. */
function isReady<T extends Placed>(
  { after }: T,
  done: VersionVector,
  lanes: ReadonlyMap<string, Lane<T>>,
): boolean {
  return after.every(
    ({ author, seq }) => (done.get(author) ?? 0) >= Math.min(seq, lastOf(lanes, author)),
  );
}

function lastOf<T extends Placed>(lanes: ReadonlyMap<string, Lane<T>>, author: string): number {
  return lanes.get(author)?.items.at(-1)?.seq ?? 0;
}

function earliest<T extends Placed>(items: readonly T[]): T | undefined {
  return items.reduce<T | undefined>(
    (first, item) => (first === undefined || comesBefore(item, first) ? item : first),
    undefined,
  );
}

function comesBefore(one: Placed, other: Placed): boolean {
  return one.at === other.at ? one.author < other.author : one.at < other.at;
}
