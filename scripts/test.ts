// `npm test [-- filters]`: makes what the tests need, then runs every project, those in real browsers too.
// The last line of standard output is `N passed, N failed`.
import { parseCLI, startVitest, type Vitest } from 'vitest/node';
import { ensureBuilt } from './build.ts';
import { TARGETS } from './build/targets.ts';
import { ensureBrowser } from './launch/install-browser.ts';
import { say, sayFailure } from './say.ts';

export interface Count {
  readonly passed: number;
  readonly failed: number;
}

export async function main(args: readonly string[]): Promise<number> {
  const count = await runTests(args);
  printCount(count);
  return isGood(count) ? 0 : 1;
}

/** Never throws: what keeps the tests from running is a failure that is counted. */
export async function runTests(args: readonly string[]): Promise<Count> {
  try {
    for (const family of ['chromium', 'firefox'] as const) {
      const browser = await ensureBrowser(family);
      if (browser.ok) continue;
      sayFailure(browser.failure);
      return { passed: 0, failed: 1 };
    }
    await ensureBuilt(TARGETS, async () => {});
    return await runVitest(args);
  } catch (error) {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return { passed: 0, failed: 1 };
  }
}

/** A run without a single test has shown nothing. */
export function isGood({ passed, failed }: Count): boolean {
  return passed > 0 && failed === 0;
}

export function printCount({ passed, failed }: Count): void {
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}

async function runVitest(args: readonly string[]): Promise<Count> {
  const { filter, options } = parseCLI(['vitest', 'run', ...args]);
  const vitest = await startVitest('test', filter, { ...options, watch: false });
  const count = countTests(vitest);
  await vitest.close();
  return count;
}

/** A module that could not be collected, and an error outside every test, each count as one failure. */
function countTests({ state }: Vitest): Count {
  const modules = state.getTestModules();
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const inState = (wanted: string) => tests.filter((test) => test.result().state === wanted).length;
  const brokenModules = modules.filter((module) => module.errors().length > 0).length;
  const strayErrors = state.getUnhandledErrors().length;
  return { passed: inState('passed'), failed: inState('failed') + brokenModules + strayErrors };
}
