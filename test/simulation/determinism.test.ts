import { expect, test } from 'vitest';
import { runSeeds } from './pool.ts';
import { simulate, type Outcome } from './simulate.ts';

test('a seed replays exactly, in whichever process and after whatever else', async () => {
  const inThread: Outcome[] = [];
  const onOutcome = (outcome: Outcome): boolean => inThread.push(outcome) > 0;
  await runSeeds({ from: 21, seeds: 4, threads: 2, onOutcome });
  for (const { seed, digest, events } of inThread) {
    for (let again = 0; again < 2; again++) {
      const outcome = await simulate(seed);
      expect({ digest: outcome.digest, events: outcome.events }).toEqual({ digest, events });
    }
  }
  expect(new Set(inThread.map(({ digest }) => digest)).size).toBe(4);
});
