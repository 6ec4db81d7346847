import { defineConfig } from 'vitest/config';

/** Suites: `unit` runs in Node alone; `browser` and `journeys` drive real browsers and run one file at a time. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{unit,contracts,house,relay,bridge,simulation,fuzz}/**/*.test.{ts,tsx}'],
          // A deadline against hanging, not a measure: machines that test are often busy.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/{browser,journeys}/**/*.test.ts'],
          fileParallelism: false,
          // After the others: browsers have deadlines of their own, and want the machine to themselves.
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
