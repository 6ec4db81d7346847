// `npm run bench [-- NAME …]`: runs the benchmarks, all or the named ones, and prints one table. It keeps nothing:
// figures of two machines do not compare, so whoever keeps them says where they come from.
import { cpus, totalmem } from 'node:os';
import { ensureBuilt } from '../scripts/build.ts';
import { TARGETS } from '../scripts/build/targets.ts';
import { say } from '../scripts/say.ts';
import { BENCHES } from './bench-list.ts';
import type { Figure } from './figure.ts';
import { tableOf } from './table.ts';

export async function main(names: readonly string[]): Promise<number> {
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
    figures.push(...(await bench.run()));
  }
  process.stdout.write(`${machine()}\n\n${tableOf(figures)}\n`);
  return 0;
}

function machine(): string {
  const [cpu] = cpus();
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0);
  return `${cpus().length} × ${cpu?.model ?? 'unknown processor'}, ${gigabytes} GiB, Node ${process.version}`;
}
