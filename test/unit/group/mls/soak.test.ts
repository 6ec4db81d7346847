// Short runs of the soak. `npm run soak -- --steps 2000 --seed 7` runs it for as long as wanted.
import { expect, test } from 'vitest';
import { soak } from '../../../support/mls-soak.ts';

// Against hanging only: machines that test are often busy.
const ROOM = { timeout: 120_000 };

test.for([1, 2, 3])('whatever happens, members agree (seed %i)', ROOM, async (seed) => {
  const report = await soak({ seed, steps: 24, maxPersons: 8 });
  expect(report.violations).toEqual([]);
  expect(report.epochs).toBeGreaterThan(12);
  expect(report.largestGroup).toBeGreaterThan(4);
});
