// Short runs of the soak. `npm run soak -- --steps 2000 --seed 7` runs it for as long as wanted.
import { expect, test } from 'vitest';
import { soak } from '../../../support/mls-soak.ts';

test.for([1, 2, 3])('whatever happens in whatever order, members agree (seed %i)', async (seed) => {
  const report = await soak({ seed, steps: 24, maxPersons: 8 });
  expect(report.violations).toEqual([]);
  expect(report.epochs).toBeGreaterThan(12);
  expect(report.largestGroup).toBeGreaterThan(4);
});
