// Whatever order changes come in, however they are bundled: one document.
import * as A from '@automerge/automerge/slim';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { LiveDocument, type BoundChange } from '../../../lib/space/documents/live-document.ts';
import { startAutomerge } from '../../support/automerge.ts';
import { mutantOf } from '../../support/change-mutants.ts';
import { dice, wildHistory, wildKind } from '../../support/wild-document.ts';

beforeAll(startAutomerge);

const seeds = fc.integer({ min: 1, max: 1e6 });
/** Sorting by these shuffles, and a change is repeated where it has two. */
const ranks = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  minLength: 30,
  maxLength: 30,
});
const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1 });

describe('honest changes', () => {
  it('all stand, in any order and any bundles, and make what Automerge alone makes of them', () => {
    fc.assert(
      fc.property(seeds, ranks, sizes, (seed, order, bundles) => {
        const history = wildHistory(dice(seed), 15);
        const { state, refused, waiting } = endOf([...history, ...history], order, bundles);
        expect({ refused, waiting }).toEqual({ refused: 0, waiting: 0 });
        expect(state).toEqual(bareAutomerge(history));
      }),
      { numRuns: 60 },
    );
  });
});

describe('changes of any sort', () => {
  it('leave every replica with the same document', () => {
    fc.assert(
      fc.property(seeds, ranks, ranks, sizes, (seed, one, other, bundles) => {
        const roll = dice(seed);
        const history = wildHistory(roll, 15);
        const all = [...history, ...Array.from({ length: 15 }, () => mutantOf(history, roll))];
        expect(endOf(all, one, bundles).state).toEqual(endOf(all, other, [3]).state);
      }),
      { numRuns: 60 },
    );
  });
});

function endOf(
  changes: readonly BoundChange[],
  order: readonly number[],
  bundles: readonly number[],
) {
  const shuffled = changes
    .map((change, i) => ({ change, rank: order[i % order.length] ?? 0 }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ change }) => change);
  const document = new LiveDocument(wildKind);
  let [refused, waiting] = [0, 0];
  for (let [at, bundle] = [0, 0]; at < shuffled.length; bundle++) {
    const size = bundles[bundle % bundles.length] ?? 1;
    const applied = document.apply(shuffled.slice(at, at + size));
    refused += applied.refused.length;
    waiting = applied.waiting;
    at += size;
  }
  const state = { heads: document.heads(), json: document.read() };
  document.free();
  return { state, refused, waiting };
}

function bareAutomerge(history: readonly BoundChange[]) {
  const empty = new LiveDocument(wildKind);
  const begun = A.load(empty.save());
  empty.free();
  const [doc] = A.applyChanges(
    begun,
    history.map(({ bytes }) => bytes),
  );
  const state = { heads: A.getHeads(doc), json: A.toJS(doc) };
  A.free(doc);
  return state;
}
