// `npm run simulate -- --seeds 20000 --from 1`: runs the simulation for many seeds. `--trace` prints all that happens in
// them, `--mutants` shows that deliberate faults are found. The last line is `simulate: N seeds, V violations`.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { MUTANTS } from '../test/simulation/mutants/mutants.ts';
import { hunt } from '../test/simulation/hunt.ts';
import { runSeeds } from '../test/simulation/pool.ts';
import { simulate, type Outcome } from '../test/simulation/simulate.ts';
import { say } from './say.ts';

interface Wish {
  readonly from: number;
  readonly seeds: number;
}

const SAY_EVERY = 500;

export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string' },
      from: { type: 'string', default: '1' },
      trace: { type: 'boolean', default: false },
      mutants: { type: 'boolean', default: false },
    },
  });
  const seeds = values.seeds ?? (values.mutants ? '400' : values.trace ? '1' : '500');
  const wish = { from: Number(values.from), seeds: Number(seeds) };
  if (!Number.isSafeInteger(wish.from) || !Number.isSafeInteger(wish.seeds) || wish.seeds < 1) {
    say('--seeds and --from take whole numbers.');
    return 2;
  }
  if (values.mutants) return huntAll(wish);
  return values.trace ? traceAll(wish) : runAll(wish);
}

async function runAll({ from, seeds }: Wish): Promise<number> {
  let [done, violations] = [0, 0];
  const startedMs = performance.now();
  const onOutcome = (outcome: Outcome): boolean => {
    done += 1;
    violations += report(outcome);
    if (done % SAY_EVERY === 0) {
      const perSecond = done / ((performance.now() - startedMs) / 1000);
      say(`${done} of ${seeds} seeds, ${perSecond.toFixed(1)} a second`);
    }
    return true;
  };
  await runSeeds({ from, seeds, threads: availableParallelism(), onOutcome });
  return conclude(done, violations);
}

/** In this thread, one after another, so that what is printed is in order. */
async function traceAll({ from, seeds }: Wish): Promise<number> {
  let violations = 0;
  for (let seed = from; seed < from + seeds; seed++) {
    const outcome = await simulate(seed, (line) => process.stdout.write(`${line}\n`));
    say(`seed ${seed}: ${outcome.events} events, digest ${outcome.digest.slice(0, 16)}`);
    violations += report(outcome);
  }
  return conclude(seeds, violations);
}

async function huntAll({ from, seeds }: Wish): Promise<number> {
  let missed = 0;
  for (const mutant of MUTANTS) {
    const { seed, invariant } = await hunt(mutant, {
      from,
      seeds,
      threads: availableParallelism(),
    });
    if (seed === null) missed += 1;
    const found = seed === null ? 'NOT CAUGHT' : `caught by seed ${seed}`;
    process.stdout.write(`${mutant.name.padEnd(48)} ${found.padEnd(22)} ${invariant}\n`);
  }
  process.stdout.write(`simulate: ${MUTANTS.length} mutants, ${missed} not caught\n`);
  return missed === 0 ? 0 : 1;
}

/** 1 for a seed in which something went wrong. */
function report({ seed, violations }: Outcome): number {
  const [first] = violations;
  if (first === undefined) return 0;
  say(`seed ${seed}: ${first.invariant}\n  ${first.detail}`);
  say(`  replay: npm run simulate -- --seeds 1 --from ${seed} --trace`);
  return 1;
}

function conclude(seeds: number, violations: number): number {
  process.stdout.write(`simulate: ${seeds} seeds, ${violations} violations\n`);
  return violations === 0 ? 0 : 1;
}
