// `npm run check`, which is also all that CI runs: format, lint, types, tests. Every step runs even when an
// earlier one failed, and each failed step counts as one failure in the last line.
import { inRoot } from './root.ts';
import { runShown } from './run.ts';
import { say } from './say.ts';
import { isGood, printCount, runTests } from './test.ts';

interface Step {
  readonly title: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly remedy: string;
}

const STEPS: readonly Step[] = [
  {
    title: 'format',
    program: 'prettier',
    args: ['--check', '--log-level', 'warn', '.'],
    remedy: 'npm run format',
  },
  { title: 'lint', program: 'oxlint', args: ['--quiet'], remedy: 'mend what stands above' },
  { title: 'types', program: 'tsc', args: ['-p', '.'], remedy: 'mend what stands above' },
];

export async function main(args: readonly string[]): Promise<number> {
  let failedSteps = 0;
  for (const step of STEPS) {
    if (!(await passes(step))) failedSteps += 1;
  }
  const tests = await runTests(args);
  const count = { passed: tests.passed, failed: tests.failed + failedSteps };
  printCount(count);
  return isGood(count) ? 0 : 1;
}

async function passes({ title, program, args, remedy }: Step): Promise<boolean> {
  const startedMs = performance.now();
  const code = await runShown(inRoot('node_modules', '.bin', program), args);
  const took = `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
  say(code === 0 ? `${title}: good (${took})` : `${title}: FAILED (${took}); ${remedy}`);
  return code === 0;
}
