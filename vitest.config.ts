import { defineConfig } from 'vitest/config';

// Every deadline here is against hanging and never a measure: machines that test are often busy, and a run that
// goes well waits for none of them.
const POLL = { timeout: 20_000 };

/** Suites: `unit` runs in Node alone; `browser` and `journeys` drive real browsers and run one file at a time. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{unit,contracts,house,relay,bridge,simulation,fuzz}/**/*.test.{ts,tsx}'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: POLL },
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/{browser,journeys}/**/*.test.ts'],
          fileParallelism: false,
          // After the others: browsers have deadlines of their own, and want the machine to themselves.
          sequence: { groupOrder: 1 },
          // Longer than what one wait inside a journey may take, so that it is the wait that says what was missing.
          testTimeout: 240_000,
          hookTimeout: 240_000,
          expect: { poll: POLL },
        },
      },
    ],
  },
});
