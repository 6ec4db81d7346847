// The same extension on Firefox ESR: it loads, a space is made, a page is annotated.
import { expect, test } from 'vitest';
import { markedTexts } from '../support/annotator-acts.ts';
import { startFirefox } from '../support/firefox.ts';
import { annotateByPlace, makeSpace, SOON, stateOf } from '../support/journey-steps.ts';
import { servePages } from '../support/pages.ts';
import { startTestRelay } from '../support/relay.ts';

test('on Firefox a person makes a space and annotates a page', async () => {
  const relay = await startTestRelay();
  await using pages = await servePages();
  await using firefox = await startFirefox({ name: 'Fay', relay: relay.url });
  const panel = await firefox.extensionPage('sidepanel.html');
  await makeSpace(panel, 'Tidal research');
  const url = pages.serve('/tides', ARTICLE);
  const page = await firefox.browser.newPage();
  await page.goto(url);
  await annotateByPlace(page, 'twice a day', 'Seen on Firefox.');
  await expect.poll(() => markedTexts(page), SOON).toEqual(['twice a day']);
  await expect
    .poll(async () => (await stateOf(panel, url)).page?.annotations, SOON)
    .toMatchObject([{ note: 'Seen on Firefox.', by: { name: 'Fay' } }]);
  const { spaces } = await stateOf(panel);
  expect(spaces).toMatchObject([{ name: 'Tidal research' }]);
  await expect.poll(async () => (await stateOf(panel)).spaces[0]?.unsent, SOON).toBe(0);
  await page.reload();
  await expect.poll(() => markedTexts(page), SOON).toEqual(['twice a day']);
  await relay.close();
});

const ARTICLE = `<!doctype html><meta charset=utf-8><title>Tides</title>
<h1>Tides</h1><p>The sea rises and falls twice a day on most coasts, drawn by the moon.</p>`;
