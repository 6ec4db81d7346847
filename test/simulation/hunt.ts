// Looks for a deliberate fault: runs seeds with it until one of them shows a violation.
import type { Mutant } from './mutant.ts';
import { runSeeds, type Run } from './pool.ts';

export interface Catch {
  /** Null when no seed found it. */
  readonly seed: number | null;
  /** What was violated. */
  readonly invariant: string;
}

export async function hunt(
  mutant: Mutant,
  run: Pick<Run, 'from' | 'seeds' | 'threads'>,
): Promise<Catch> {
  let found: Catch = { seed: null, invariant: '' };
  await runSeeds({
    ...run,
    mutant,
    onOutcome: ({ seed, violations }) => {
      const [first] = violations;
      if (first !== undefined) found = { seed, invariant: first.invariant };
      return first === undefined;
    },
  });
  return found;
}
