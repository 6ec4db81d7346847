// Makes docs/images/panel.png: a page that two people and an agent have annotated, beside the side panel of one of
// them. Everything on it happened in real browsers a moment before. Run: npx node test/pictures/panel.ts [FILE]
import { writeFile } from 'node:fs/promises';
import type { Page } from 'puppeteer-core';
import { inRoot } from '../../scripts/root.ts';
import { markedTexts, until } from '../support/annotator-acts.ts';
import { annotate, shareSpace, stateOf, textOf } from '../support/journey-steps.ts';
import { startAgent, type McpAgent } from '../support/mcp-agent.ts';
import { servePages } from '../support/pages.ts';
import { stageWorld } from '../support/stage.ts';
import { almanac } from './almanac.ts';

const PAGE = { width: 700, height: 880, deviceScaleFactor: 2 };
const PANEL = { width: 360, height: 880, deviceScaleFactor: 2 };
const GRANT = {
  origins: ['http://almanac.localhost:*'],
  tools: ['tab_open', 'tab_end', 'page_snapshot', 'page_read', 'page_find', 'annotate'],
  reads: 40,
  writes: 10,
  minutes: 60,
};

/** Ada's page and panel after she, Bob and her agent have read it. */
async function annotatedScreens(): Promise<{ readonly page: Buffer; readonly panel: Buffer }> {
  await using world = await stageWorld({ people: 2, grant: GRANT });
  await using pages = await servePages();
  const served = new URL(pages.serve('/tides', await almanac()));
  served.hostname = 'almanac.localhost';
  const url = served.href;
  const [ada, bob] = [world.person('Ada'), world.person('Bob')];
  const { adas: panel } = await shareSpace(ada, bob, 'Tidal research');
  const [page, bobs] = [await ada.visit(url), await bob.visit(url)];
  await Promise.all([page.setViewport(PAGE), bobs.setViewport(PAGE), panel.setViewport(PANEL)]);

  await annotate(page, 'twice a day', 'Not everywhere: the Gulf of Tonkin has one tide a day.');
  await marks(bobs, 1);
  await annotate(bobs, 'a lag of some fifty minutes', 'The lunar day: 24 h 50 min. Cite it here?');
  await marks(page, 2);
  await using agent = await startAgent(ada, 'claude');
  await work(agent, url);
  await marks(page, 3);
  const pagePicture = await picturePage(page, 'a lag of some fifty minutes');

  await panel.bringToFront();
  await until(
    async () => (await stateOf(panel, url)).page?.annotations.map(({ state }) => state),
    (states) => states?.length === 3 && states.every((state) => state === 'anchored'),
  );
  await until(
    () => textOf(panel),
    (text) => text.includes('Bob') && text.includes('claude'),
  );
  return { page: pagePicture, panel: await pictureOf(panel) };
}

async function work(agent: McpAgent, url: string): Promise<void> {
  const { tab } = (await agent.call('tab_open', { url })).structured;
  await agent.call('page_read', { tab });
  const noted = await agent.call('annotate', {
    tab,
    quote: 'the highest tides in the world',
    note: 'Contested: Ungava Bay measures within a few centimetres of Fundy.',
  });
  if (noted.isError) throw new Error(noted.text);
  await agent.call('tab_end', { tab });
}

async function marks(page: Page, count: number): Promise<void> {
  await until(
    () => markedTexts(page),
    (texts) => texts.length === count,
  );
}

/** With one note open, as it is after a click on its mark. */
async function picturePage(page: Page, words: string): Promise<Buffer> {
  await page.bringToFront();
  await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
  const at = await page.evaluate((sought) => {
    const ranges = [...CSS.highlights.values()].flatMap((highlight) => [...highlight]);
    const range = ranges.find((one) => one instanceof Range && one.toString() === sought);
    const rect = range instanceof Range ? [...range.getClientRects()].at(-1) : undefined;
    return rect ? { x: rect.left + 60, y: rect.top + rect.height / 2 } : null;
  }, words);
  if (at === null) throw new Error(`no mark on "${words}"`);
  await page.mouse.click(at.x, at.y);
  await page.waitForSelector('commonplace-annotator');
  return pictureOf(page);
}

/** Without the scroll bars, which a person's browser draws over the page or not at all. */
async function pictureOf(page: Page): Promise<Buffer> {
  await page.addStyleTag({ content: 'html { scrollbar-width: none }' });
  return Buffer.from(await page.screenshot());
}

/** Both pictures side by side with a hairline between, as a window with its side panel shows them. */
async function join(left: Buffer, right: Buffer): Promise<Buffer> {
  await using world = await stageWorld({ people: 1 });
  const sheet = await world.person('Ada').visit('about:blank');
  await sheet.setViewport({ ...PAGE, width: PAGE.width + 1 + PANEL.width });
  await sheet.setContent(`<!doctype html><style>
    body { margin: 0; display: flex; gap: 1px; background: oklch(0.85 0.005 90) }
    img { display: block; height: 880px }
  </style><img src="${asUrl(left)}"><img src="${asUrl(right)}">`);
  await sheet.waitForFunction(() => [...document.images].every((one) => one.complete));
  return await pictureOf(sheet);
}

function asUrl(png: Buffer): string {
  return `data:image/png;base64,${png.toString('base64')}`;
}

const { page, panel } = await annotatedScreens();
await writeFile(process.argv[2] ?? inRoot('docs', 'images', 'panel.png'), await join(page, panel));
