// Settles which change stands when one author has numbered several alike: a verdict on the whole set at once, which is
// the same for every replica that has the set, whatever came first. Needed only when a change arrives out of its log's
// order, or from an author who means harm.
import { comesFirst, type Candidate } from './candidate.ts';
import { ChangeGate } from './change-gate.ts';
import { readChange } from './read-change.ts';

const MAX_ROUNDS = 32;

/**
 * Goes through all candidates in an order that respects what they build on; whenever one goes before another that stood,
 * notes that the other falls because of it and begins again; and takes a note back when its cause has fallen too.
 */
export function settleRivals(
  candidates: readonly Candidate[],
  begin: Uint8Array | null,
  skip: ReadonlyMap<string, string>,
): ChangeGate {
  const ordered = inOrder(candidates);
  const fallen = new Map<string, string>();
  for (let round = 0; ; round++) {
    const gate = new ChangeGate(begin, skip, new Set(fallen.keys()));
    for (const candidate of ordered) {
      gate.offer(candidate);
      if (gate.displaced !== null) break;
    }
    const groundless = [...fallen].filter(([, by]) => !gate.stands(by));
    if (gate.displaced !== null) fallen.set(gate.displaced.fallen, gate.displaced.by);
    else for (const [hash] of groundless) fallen.delete(hash);
    const settled = gate.displaced === null && groundless.length === 0;
    if (settled || round >= MAX_ROUNDS) return gate;
  }
}

function inOrder(candidates: readonly Candidate[]): readonly Candidate[] {
  const startOp = new Map<string, number>();
  const place = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const read = readChange(candidate.bytes);
    if (!read.ok) continue;
    startOp.set(candidate.hash, read.change.startOp);
    const known = place.get(candidate.hash);
    if (known === undefined || comesFirst(candidate, known)) place.set(candidate.hash, candidate);
  }
  const start = ({ hash }: Candidate) => startOp.get(hash) ?? 0;
  return [...place.values()].toSorted((one, other) => {
    return start(one) - start(other) || (comesFirst(one, other) ? -1 : 1);
  });
}
