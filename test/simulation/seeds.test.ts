import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { runSeeds } from './pool.ts';
import type { Outcome } from './simulate.ts';

const SEEDS = 500;

test('honest nodes stay equal and unharmed, whatever happens', { timeout: 300_000 }, async () => {
  const broken: Outcome[] = [];
  let seeds = 0;
  const onOutcome = (outcome: Outcome): boolean => {
    seeds += 1;
    if (outcome.violations.length > 0) broken.push(outcome);
    return broken.length < 5;
  };
  await runSeeds({ from: 1, seeds: SEEDS, threads: availableParallelism(), onOutcome });
  // To see how one came about: npm run simulate -- --seeds 1 --from <seed> --trace
  expect(broken).toEqual([]);
  expect(seeds).toBe(SEEDS);
});
