// From spawning the scripted start to its ready line, with everything already built.
import { startScripted } from '../test/support/scripted-start.ts';
import { timed, type Bench, type Figure } from './figure.ts';

const RUNS = 3;
const NPM = ['npm', 'start', '--silent', '--'] as const;

export const startBench: Bench = {
  name: 'start',
  run: async () => [await readyFigure(1), await readyFigure(2)],
};

async function readyFigure(people: number): Promise<Figure> {
  const values: number[] = [];
  for (let run = 0; run < RUNS; run += 1) values.push(await readyAfterMs(people));
  return { name: `npm start to ready, ${people} in all`, unit: 'ms', values };
}

async function readyAfterMs(people: number): Promise<number> {
  const start = startScripted(['--headless', '--json', '--people', String(people)], NPM);
  try {
    return await timed(() => start.ready);
  } finally {
    await start.stop();
  }
}
