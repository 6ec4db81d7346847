import { defineConfig } from 'vitest/config';

/** Suites: `unit` runs in Node alone; `browser` and `journeys` drive real browsers and run one file at a time. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{unit,contracts,house,relay,bridge}/**/*.test.{ts,tsx}'],
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/{browser,journeys}/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
