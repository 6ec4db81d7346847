// What a replica keeps in memory of a space: where each log ends, which are disputed, what the stewards have settled.
import type { EntryStore, ForkProof } from '../store/entry-store.ts';
import { toHex } from '../wire/bytes.ts';
import type { Head } from '../wire/sync-message.ts';
import { NOTHING_SETTLED, type Crossing, type SettledLogs } from './settlement.ts';

export interface SpaceState {
  readonly heads: Map<string, Head>;
  /** Authors who signed two histories: nothing is taken from the place on where they part, until that is settled. */
  readonly forked: Map<string, number>;
  /** The places of the proofs behind that. */
  disputes: readonly Pick<ForkProof, 'author' | 'seq'>[];
  settled: SettledLogs;
  /** Authors of whom this replica holds, or may hold, another history than the settled one. */
  readonly crossings: Map<string, Crossing>;
}

export async function loadState(store: EntryStore, space: string): Promise<SpaceState> {
  const [heads, proofs] = await Promise.all([store.heads(space), store.forks(space)]);
  const forked = new Map<string, number>();
  for (const { author, seq } of proofs) {
    forked.set(author, Math.min(seq, forked.get(author) ?? seq));
  }
  return {
    heads: new Map(heads.map((head) => [toHex(head.author), head])),
    forked,
    disputes: proofs.map(({ author, seq }) => ({ author, seq })),
    settled: NOTHING_SETTLED,
    crossings: new Map(),
  };
}
