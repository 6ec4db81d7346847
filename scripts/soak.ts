// `npm run soak -- --steps 2000 --seed 7 --persons 24`: a long random life of a space with MLS keys. The last line is
// `soak: N epochs, V violations`; the same seed draws the same life.
import { parseArgs } from 'node:util';
import { soak } from '../test/support/mls-soak.ts';
import { say } from './say.ts';

export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      steps: { type: 'string', default: '500' },
      persons: { type: 'string', default: '16' },
    },
  });
  const [seed, steps, maxPersons] = [values.seed, values.steps, values.persons].map(Number);
  if (!isWhole(seed) || !isWhole(steps) || !isWhole(maxPersons)) {
    say('--seed, --steps and --persons take whole numbers above 0.');
    return 2;
  }
  const { epochs, largestGroup, violations } = await soak({ seed, steps, maxPersons });
  for (const violation of violations) say(violation);
  say(`seed ${seed}, ${steps} steps, at most ${largestGroup} devices at a time`);
  say(`soak: ${epochs} epochs, ${violations.length} violations`);
  return violations.length === 0 ? 0 : 1;
}

function isWhole(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value > 0;
}
