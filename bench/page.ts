// The page engine alone, in its content script, on a page of 3,000 rows of a link, a button and a field each.
import { unwrap } from '../lib/wire/failure.ts';
import { refIn, startPageLab, type PageUnderTest } from '../test/support/page-bundle.ts';
import { timedFigure, type Bench, type Figure } from './figure.ts';

const RUNS = 20;
const WARM_UPS = 3;

export const pageBench: Bench = {
  name: 'page',
  run: async () => {
    const lab = await startPageLab();
    try {
      return await figuresOf(await lab.open({ html: PAGE }));
    } finally {
      await lab.close();
    }
  },
};

async function figuresOf(tab: PageUnderTest): Promise<readonly Figure[]> {
  const { text, tokens } = unwrap(await tab.ask({ op: 'snapshot' }));
  const ref = refIn(text, '"Mark 3"');
  return [
    { name: 'page: snapshot, 3,000 rows', unit: 'tokens', values: [tokens] },
    await perCall('snapshot', () => tab.ask({ op: 'snapshot' })),
    await perCall('outline', () => tab.ask({ op: 'snapshot', view: 'outline' })),
    await perCall('find', () => tab.ask({ op: 'find', role: 'button', name: 'Mark 2500' })),
    await perCall('click with an effect', () => tab.ask({ op: 'click', ref })),
    await perCall('read', () => tab.ask({ op: 'read', deadlineMs: 20_000 })),
  ];
}

function perCall(name: string, work: () => Promise<unknown>): Promise<Figure> {
  return timedFigure(`page: ${name}, 3,000 rows`, RUNS, work, WARM_UPS);
}

const ROWS = Array.from(
  { length: 3_000 },
  (_, row) =>
    `<tr><td>Row ${row}</td><td><a href="/${row}">Open ${row}</a></td>` +
    `<td><button onclick="this.ariaPressed = String(this.ariaPressed !== 'true')">Mark ${row}</button></td>` +
    `<td><input aria-label="Note ${row}"></td></tr>`,
).join('');

const PAGE = `<!doctype html><title>Rows</title><h1>Rows</h1><table>${ROWS}</table><footer><a href="/end">End</a></footer>`;
