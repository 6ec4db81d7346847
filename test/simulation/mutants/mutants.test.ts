import { expect, test } from 'vitest';
import { hunt } from '../hunt.ts';
import { faultOf } from '../mutant.ts';
import { MUTANTS } from './mutants.ts';

test('every mutant still has its place in the code', () => {
  const faults = MUTANTS.flatMap((mutant) => {
    const fault = faultOf(mutant);
    return fault === null ? [] : [`${mutant.name}: ${fault}`];
  });
  expect(faults).toEqual([]);
});

/** All of them are hunted by `npm run simulate -- --mutants`; these are found soon. */
const SAMPLE = [
  'acknowledges before it writes',
  'does not check signatures',
  'forgets forks',
  'goes on serving someone who was put out, at the relay',
];

test.each(SAMPLE)('a node that %s is found out', { timeout: 120_000 }, async (name) => {
  const mutant = MUTANTS.find((candidate) => candidate.name === name);
  if (mutant === undefined) throw new Error(`no mutant is called "${name}"`);
  const { seed } = await hunt(mutant, { from: 1, seeds: 60, threads: 2 });
  expect(seed).not.toBeNull();
});
