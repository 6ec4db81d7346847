// Fifteen thousand changes that are nearly right, in three orders each, among honest ones.
import * as A from '@automerge/automerge/slim';
import { beforeAll, describe, expect, it } from 'vitest';
import { LiveDocument, type BoundChange } from '../../../lib/space/documents/live-document.ts';
import { startAutomerge } from '../../support/automerge.ts';
import { mutantOf, strangerOn } from '../../support/change-mutants.ts';
import { dice, wildHistory, wildKind, type Dice } from '../../support/wild-document.ts';

const MUTANTS = 15_000;
const PER_HISTORY = 60;
const HONEST = 16;
const REPLICAS = 3;
/** A deadline against hanging: it takes a tenth of this. */
const TIMEOUT_MS = 400_000;

beforeAll(startAutomerge);

describe('mutants of real changes', () => {
  it(
    'never break a replica, keep it from being loaded again, or set two apart',
    () => {
      const count = { mutants: 0, refused: 0, stood: 0 };
      for (let seed = 1; count.mutants < MUTANTS; seed++) {
        const roll = dice(seed);
        const history = wildHistory(roll, HONEST);
        const mutants = Array.from({ length: PER_HISTORY }, (_, i) =>
          i % 3 === 0 ? strangerOn(history, roll) : mutantOf(history, roll),
        );
        const all = [...history, ...mutants];
        const ends = Array.from({ length: REPLICAS }, () => endOf(shuffled(all, roll), roll, seed));
        for (const end of ends) expect(end.state, `seed ${seed}`).toEqual(ends[0]?.state);
        count.mutants += mutants.length;
        count.refused += ends[0]?.refused ?? 0;
        count.stood += ends[0]?.stood ?? 0;
      }
      process.stdout.write(
        `${count.mutants} mutants: ${count.refused} refusals, ${count.stood} changes stood\n`,
      );
    },
    TIMEOUT_MS,
  );
});

/** What a replica comes to that is given changes a few at a time. */
function endOf(changes: readonly BoundChange[], roll: Dice, seed: number) {
  const document = new LiveDocument(wildKind);
  let refused = 0;
  for (let at = 0; at < changes.length;) {
    const size = 1 + roll(8);
    const applied = document.apply(changes.slice(at, at + size));
    const harmful = applied.refused.filter((refusal) => refusal.harmful);
    expect(harmful, `seed ${seed}`).toEqual([]);
    refused += applied.refused.length;
    at += size;
  }
  const state = { heads: [...document.heads()], json: JSON.stringify(document.read()) };
  const loaded = A.load(document.save());
  expect(
    { heads: A.getHeads(loaded), json: JSON.stringify(A.toJS(loaded)) },
    `seed ${seed}`,
  ).toEqual(state);
  const stood = A.getAllChanges(loaded).length - 1;
  A.free(loaded);
  document.free();
  return { state, refused, stood };
}

function shuffled<T>(items: readonly T[], roll: Dice): T[] {
  return items
    .map((item) => ({ item, at: roll(2 ** 30) }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
