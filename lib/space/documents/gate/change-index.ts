// The changes of a document that stand: who made each, when in its author's count, and what its past contains. The past
// is a vector, the last change of every actor in it; a run of changes by one actor shares one vector.
import { refuse } from './byte-reader.ts';
import { OpTable } from './op-table.ts';
import type { ReadChange } from './read-change.ts';
import { NONE } from './run-length.ts';

export interface KnownChange {
  readonly hash: string;
  readonly actor: number;
  readonly seq: number;
  readonly startOp: number;
  readonly maxOp: number;
  /** Number of its first operation in the table. */
  readonly firstOp: number;
  /** By actor, the seq of its last change in the past; the author's own is `seq - 1` and not kept here. */
  readonly past: readonly number[];
  /** Where its author's log has it: of two changes with one number, the earlier place stands. */
  readonly place: number;
}

/** What lies before a change, as its deps say. */
export interface Past {
  readonly actor: number;
  readonly vector: readonly number[];
  readonly seq: number;
  readonly maxOp: number;
}

export class ChangeIndex {
  readonly ops = new OpTable();
  readonly #byHash = new Map<string, KnownChange>();
  readonly #actors = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #chains: KnownChange[][] = [];

  /** The change that every replica makes itself, on which all others build; null for kinds that begin empty. */
  root: string | null = null;

  get size(): number {
    return this.#byHash.size;
  }

  find(hash: string): KnownChange | null {
    return this.#byHash.get(hash) ?? null;
  }

  /** The change that holds a number already, or null. */
  holder(actor: number, seq: number): KnownChange | null {
    return this.#chains[actor]?.[seq - 1] ?? null;
  }

  add(known: KnownChange): void {
    this.#byHash.set(known.hash, known);
    const chain = this.#chains[known.actor] ?? [];
    this.#chains[known.actor] = chain;
    chain[known.seq - 1] = known;
  }

  /** Takes note that an author's log has a known change at an earlier place too. */
  moveTo(known: KnownChange, place: number): void {
    if (place < known.place) this.add({ ...known, place });
  }

  /** By actor, the places of its changes in order of their numbers. */
  places(): ReadonlyMap<string, readonly number[]> {
    const named = this.#chains.map((chain, actor): [string, readonly number[]] => [
      this.actorName(actor),
      chain.map(({ place }) => place),
    ]);
    return new Map(named);
  }

  actorNumber(name: string): number {
    const known = this.#actors.get(name);
    if (known !== undefined) return known;
    this.#actors.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }

  /** Like `actorNumber` for names from strangers: one that has made nothing gets no number. */
  findActor(name: string): number {
    return this.#actors.get(name) ?? NONE;
  }

  actorName(actor: number): string {
    return this.#names[actor] ?? '';
  }

  /** The past of a change whose deps all stand; refuses deps of which one is in the past of another. */
  pastOf(change: ReadChange): Past {
    const actor = this.actorNumber(change.actors[0] ?? '');
    const deps = change.deps.flatMap((dep) => this.find(dep) ?? []);
    const [only] = deps;
    const maxOp = deps.reduce((max, dep) => Math.max(max, dep.maxOp), 0);
    if (deps.length === 1 && only?.actor === actor) {
      return { actor, vector: only.past, seq: only.seq, maxOp };
    }
    const vector: number[] = [];
    for (const dep of deps) {
      dep.past.forEach((seq, i) => raise(vector, i, seq));
      raise(vector, dep.actor, dep.seq - 1);
    }
    const redundant = deps.filter((dep) => (vector[dep.actor] ?? 0) >= dep.seq);
    for (const dep of deps) raise(vector, dep.actor, dep.seq);
    const seq = vector[actor] ?? 0;
    // Automerge always names the author's own last change, even where others have built on it since.
    if (redundant.some((dep) => dep.actor !== actor || dep.seq !== seq)) {
      refuse('it builds on a change and on what that one builds on');
    }
    if (actor < vector.length) vector[actor] = 0;
    return { actor, vector, seq, maxOp };
  }

  /** The number of an operation within a past, or null when that past does not contain it. */
  operation(past: Past, actor: number, counter: number): number | null {
    const until = actor === past.actor ? past.seq : (past.vector[actor] ?? 0);
    const chain = this.#chains[actor] ?? [];
    let [low, high] = [0, until];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((chain[middle]?.startOp ?? 0) <= counter) low = middle + 1;
      else high = middle;
    }
    const change = low === 0 ? undefined : chain[low - 1];
    if (change === undefined || counter > change.maxOp) return null;
    return change.firstOp + (counter - change.startOp);
  }
}

function raise(vector: number[], actor: number, seq: number): void {
  while (vector.length <= actor) vector.push(0);
  if (seq > (vector[actor] ?? 0)) vector[actor] = seq;
}
