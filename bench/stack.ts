// An agent's calls through the whole of each stack, from the official client to the page and back: our own and, on the
// same pages in the same run, those of two peers. One after another, so that they do not share the machine's cores.
import { encode } from 'gpt-tokenizer';
import { servePages, type FixturePages } from '../test/support/pages.ts';
import { stageWorld } from '../test/support/stage.ts';
import { timedFigure, type Bench, type Figure } from './figure.ts';
import { findButton, type Harness } from './harness/harness.ts';
import { startOurs, type OurHarness } from './harness/ours.ts';
import { startDevtoolsMcp, startPlaywrightMcp } from './harness/peers.ts';
import { LOOK, ratiosOf, WHOLE, type Measured } from './ratios.ts';
import { ARTICLE_PAGE, CLICK_PAGE, ROWS_PAGE, SMALL_PAGE } from './stack-pages.ts';

const RUNS = 20;
const WARM_UPS = 2;
/** Of a page whole, which takes us many calls. */
const WHOLE_RUNS = 5;
const GRANT = { origins: ['http://127.0.0.1:*'], reads: 10_000, writes: 10_000, minutes: 60 };

type MadePage = readonly [what: string, html: string];

const LONG_PAGES: readonly MadePage[] = [
  ['article', ARTICLE_PAGE],
  ['3,000 rows', ROWS_PAGE],
];
const PAGES: readonly MadePage[] = [['small page', SMALL_PAGE], ...LONG_PAGES];

export const stackBench: Bench = {
  name: 'stack',
  async run() {
    await using pages = await servePages();
    const ours = await measureOurs(pages);
    const theirs = [
      await measurePeer(pages, startPlaywrightMcp),
      await measurePeer(pages, startDevtoolsMcp),
    ];
    return [...[ours, ...theirs].flatMap(named), ...ratiosOf(ours, theirs)];
  },
};

function named({ name, figures }: Measured): Figure[] {
  return figures.map((figure) => ({ ...figure, name: `${name}: ${figure.name}` }));
}

async function measureOurs(pages: FixturePages): Promise<Measured> {
  await using world = await stageWorld({ people: 1, grant: GRANT });
  await using harness = await startOurs(world);
  const { name } = harness;
  const authority = await timedFigure('authority', 2 * RUNS, () => harness.authority(), WARM_UPS);
  const figures = [
    authority,
    ...(await compared(harness, pages)),
    ...(await everything(harness, pages)),
  ];
  return { name, figures };
}

async function measurePeer(pages: FixturePages, start: () => Promise<Harness>): Promise<Measured> {
  await using harness = await start();
  return { name: harness.name, figures: await compared(harness, pages) };
}

/** What is measured of every harness, under the same names. */
async function compared(harness: Harness, pages: FixturePages): Promise<Figure[]> {
  const { tools } = await harness.client.listTools();
  const figures = [tokens('tools/list', JSON.stringify({ tools }))];
  for (const [what, html] of PAGES) {
    await harness.open(pages.serve('/looked-at', html));
    figures.push(...(await snapshots(harness, `${LOOK}${what}`)));
  }
  return [...figures, await clicks(harness, pages)];
}

async function snapshots(harness: Harness, name: string): Promise<Figure[]> {
  let text = '';
  const look = async () => void (text = await harness.snapshot());
  return [await timedFigure(name, RUNS, look, WARM_UPS), tokens(name, text)];
}

async function clicks(harness: Harness, pages: FixturePages): Promise<Figure> {
  await harness.open(pages.serve('/clicked', CLICK_PAGE));
  const ref = findButton(harness, await harness.snapshot(), 'Add one');
  const figure = await timedFigure('click', RUNS, () => harness.click(ref), WARM_UPS);
  const after = await harness.snapshot();
  if (after.includes(`Pressed ${RUNS + WARM_UPS} times`)) return figure;
  throw new Error(`${harness.name} did not click each time:\n${after}`);
}

/** The long pages whole: the peers' snapshots always are, ours on demand and in parts. */
async function everything(harness: OurHarness, pages: FixturePages): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [what, html] of LONG_PAGES) {
    await harness.open(pages.serve('/looked-at', html));
    let parts: readonly string[] = [];
    const look = async () => void (parts = await harness.everything());
    const figure = await timedFigure(`${WHOLE}${what}`, WHOLE_RUNS, look, 1);
    figures.push(figure, tokens(figure.name, parts.join('\n')), calls(figure.name, parts.length));
  }
  return figures;
}

function calls(name: string, count: number): Figure {
  return { name, unit: 'calls', values: [count] };
}

/** As GPT-4o and its successors count. */
function tokens(name: string, text: string): Figure {
  return { name, unit: 'tokens', values: [encode(text).length] };
}
