// Opening a large space from IndexedDB in a real Chromium: from what was kept, from the log alone, and the same documents
// with nothing but Automerge.
import type { ColdTools } from '../test/support/large-space-page.ts';
import type { Bench, Figure } from './figure.ts';
import { startLab, type Lab } from './lab.ts';
import { median } from './table.ts';

const PAGE = new URL('../test/support/large-space-page.ts', import.meta.url);
const DOCUMENTS = 200;
const CHANGES = 500;
const RUNS = 5;
const NAME = 'cold open, 100,000 changes';

export const coldBench: Bench = {
  name: 'cold',
  run: async () => {
    await using lab = await startLab<ColdTools>(PAGE);
    return await figuresOf(lab);
  },
};

async function figuresOf(lab: Lab<ColdTools>): Promise<readonly Figure[]> {
  await lab.call('write', { documents: DOCUMENTS, changes: CHANGES });
  const fromLog = await lab.call('open', true);
  const ours: Awaited<ReturnType<ColdTools['open']>>[] = [];
  const bare: Awaited<ReturnType<ColdTools['bare']>>[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    bare.push(await lab.call('bare'));
    ours.push(await lab.call('open', false));
  }
  const all = figure(
    'all documents read',
    ours.map((one) => one.all),
  );
  const read = figure(
    'bare Automerge, loaded and read',
    bare.map((one) => one.read),
  );
  const loaded = figure(
    'bare Automerge, loaded',
    bare.map((one) => one.loaded),
  );
  return [
    figure(
      'space there',
      ours.map(({ ready }) => ready),
    ),
    figure(
      'first document read',
      ours.map(({ first }) => first),
    ),
    all,
    loaded,
    read,
    figure('all documents read, from the log alone', [fromLog.all]),
    ratio(all, read),
    ratio(all, loaded),
  ];
}

function figure(what: string, values: readonly number[]): Figure {
  return { name: `${NAME}: ${what}`, unit: 'ms', values };
}

function ratio(ours: Figure, theirs: Figure): Figure {
  const name = `ours by ${theirs.name}`;
  return { name, unit: 'ratio', values: [median(ours.values) / median(theirs.values)] };
}
