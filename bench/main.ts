// `npm run bench [-- --only NAME --small]`: runs all benchmarks or the named ones (`--only` may be left out), and prints
// one table. It keeps nothing: figures of two machines do not compare, so whoever keeps them says where they come from.
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../scripts/build.ts';
import { TARGETS } from '../scripts/build/targets.ts';
import { say } from '../scripts/say.ts';
import { BENCHES } from './bench-list.ts';
import type { Figure, Size } from './figure.ts';
import { tableOf } from './table.ts';

export async function main(args: readonly string[]): Promise<number> {
  const { names, size } = askedIn(args);
  const where = machine();
  const unknown = names.filter((name) => !BENCHES.some((bench) => bench.name === name));
  if (unknown.length > 0) {
    const known = BENCHES.map(({ name }) => name).join(', ');
    say(`There is no benchmark called ${unknown.join(', ')}; there are: ${known}.`);
    return 2;
  }
  await ensureBuilt(TARGETS, async () => {});
  const figures: Figure[] = [];
  for (const bench of BENCHES) {
    if (names.length > 0 && !names.includes(bench.name)) continue;
    say(`${bench.name} …`);
    figures.push(...(await bench.run(size)));
  }
  process.stdout.write(`${where}\n\n${tableOf(figures)}\n`);
  return 0;
}

/** Throws for a flag that it does not know. */
function askedIn(args: readonly string[]): { names: readonly string[]; size: Size } {
  const options = {
    only: { type: 'string', multiple: true },
    small: { type: 'boolean' },
  } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const names = [...(values.only ?? []), ...positionals];
  return { names, size: values.small === true ? 'small' : 'full' };
}

function machine(): string {
  const [cpu] = cpus();
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0);
  const [load = 0] = loadavg();
  const of = `${cpus().length} × ${cpu?.model ?? 'unknown processor'}, ${gigabytes} GiB`;
  return `${of}, Node ${process.version}, load ${load.toFixed(1)} at the start`;
}
