// `npm run fuzz -- --seconds 60`: feeds every decoder what is nearly right. `--seed`, `--only` and `--input` replay one
// input. The last line is `fuzz: N inputs, V violations`.
import { parseArgs } from 'node:util';
import type { Outcome, Tally } from '../test/fuzz/run.ts';
import { fuzzWatched, type WatchedRun } from '../test/fuzz/watched.ts';
import { say } from './say.ts';

const SHOWN_VIOLATIONS = 20;
const USAGE = `npm run fuzz -- [--seconds 60] [--seed 1] [--only decodeEntry] [--input 7]
--seconds and --input take whole numbers.`;

export async function main(args: readonly string[]): Promise<number> {
  const run = wishOf(args);
  if (run === null) {
    say(USAGE);
    return 2;
  }
  const startedMs = performance.now();
  const { tallies, violations } = await fuzzWatched(run);
  report({ tallies, violations }, run);
  const inputs = tallies.reduce((sum, tally) => sum + tally.inputs, 0);
  say(`seed ${run.seed}, ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  process.stdout.write(`fuzz: ${inputs} inputs, ${violations.length} violations\n`);
  return violations.length === 0 && inputs > 0 ? 0 : 1;
}

/** Null for arguments that are none. */
function wishOf(args: readonly string[]): WatchedRun | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', multiple: true, default: [] },
      input: { type: 'string' },
    },
  });
  const [seconds, from] = [Number(values.seconds), Number(values.input ?? 0)];
  if (!Number.isSafeInteger(seconds) || seconds < 1 || !Number.isSafeInteger(from)) return null;
  const inputs = values.input === undefined ? Number.MAX_SAFE_INTEGER : 1;
  return { seconds, seed: values.seed, only: values.only, from, inputs };
}

function report({ tallies, violations }: Outcome, { seed }: WatchedRun): void {
  if (tallies.length > 0) process.stdout.write(`${HEADING}\n`);
  for (const tally of tallies) process.stdout.write(`${lineOf(tally)}\n`);
  for (const { decoder, input, fault } of violations.slice(0, SHOWN_VIOLATIONS)) {
    say(`${decoder}, input ${input}: ${fault}`);
    say(`  replay: npm run fuzz -- --seed ${seed} --only ${decoder} --input ${input}`);
  }
  const more = violations.length - SHOWN_VIOLATIONS;
  if (more > 0) say(`and ${more} more`);
}

const HEADING = columns(['decoder', 'inputs', 'accepted', 'refused', 'slowest ms', 'most MB']);

function lineOf({ name, inputs, accepted, slowestMs, mostBytes }: Tally): string {
  const counts = [inputs, accepted, inputs - accepted].map(String);
  return columns([name, ...counts, slowestMs.toFixed(1), (mostBytes / 1e6).toFixed(1)]);
}

function columns([name = '', ...rest]: readonly string[]): string {
  return name.padEnd(24) + rest.map((text) => text.padStart(12)).join('');
}
