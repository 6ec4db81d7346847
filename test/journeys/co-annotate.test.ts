// Story two: both mark up the same live page; marks appear without reloading and find their text again.
import { expect, test } from 'vitest';
import { unwrap } from '../../lib/wire/failure.ts';
import {
  markedTexts,
  marksOn,
  pressButton,
  saveByKey,
  selectWords,
} from '../support/annotator-acts.ts';
import { annotate, ask, makeSpace, shareSpace, SOON, stateOf } from '../support/journey-steps.ts';
import { servePages } from '../support/pages.ts';
import { stageWorld } from '../support/stage.ts';

test('a note appears on the other screen, says whose it is, and outlives reloads and edits', async () => {
  await using world = await stageWorld({ people: 2 });
  await using pages = await servePages();
  const [ada, bob] = [world.person('Ada'), world.person('Bob')];
  const url = pages.serve('/tides', article('The sea rises and falls twice a day on most coasts.'));
  const { bobs } = await shareSpace(ada, bob, 'Tidal research');
  const adasPage = await ada.visit(url);
  const bobsPage = await bob.visit(url);

  await annotate(adasPage, 'twice a day', 'Not everywhere.');
  await expect.poll(() => markedTexts(bobsPage), SOON).toEqual(['twice a day']);
  await expect.poll(() => markedTexts(adasPage), SOON).toEqual(['twice a day']);
  expect(Object.keys(await marksOn(bobsPage))[0]).toMatch(/^commonplace-person/);
  const { page } = await stateOf(bobs, url);
  expect(page?.annotations).toMatchObject([
    { note: 'Not everywhere.', by: { name: 'Ada', kind: 'person' }, mine: false },
  ]);

  await bobsPage.reload();
  await expect.poll(() => markedTexts(bobsPage), SOON).toEqual(['twice a day']);

  pages.serve(
    '/tides',
    article('Watch: the sea rises, then falls, twice each day on most coasts.'),
  );
  await bobsPage.reload();
  await expect.poll(() => markedTexts(bobsPage), SOON).toHaveLength(1);
  expect((await markedTexts(bobsPage))[0]).toMatch(/twice/);
  await expect
    .poll(async () => (await stateOf(bobs, url)).page?.annotations[0]?.state, SOON)
    .toMatch(/anchored|uncertain/);

  pages.serve('/tides', article('Nothing of this is about the sea any more.'));
  await bobsPage.reload();
  await expect
    .poll(async () => (await stateOf(bobs, url)).page?.annotations[0]?.state, SOON)
    .toBe('orphan');
  expect(await markedTexts(bobsPage)).toEqual([]);
});

test('a page that is open hears of a new space, and a note written then goes there', async () => {
  await using world = await stageWorld({ people: 1 });
  await using pages = await servePages();
  const ada = world.person('Ada');
  const url = pages.serve('/tides', article('The sea rises and falls twice a day on most coasts.'));
  const panel = await ada.panel();
  await makeSpace(panel, 'Shared with many');
  const page = await ada.visit(url);
  await annotate(page, 'twice a day', 'For everyone.');
  await expect.poll(() => markedTexts(page), SOON).toHaveLength(1);

  const { spaceId } = unwrap(await ask(panel, 'createSpace', { name: 'Only me' }));
  await page.bringToFront();
  await selectWords(page, 'most coasts');
  await pressButton(page, 'Annotate');
  const chooser = await page.waitForSelector('aria/Space[role="combobox"]');
  expect(await chooser?.evaluate((select) => 'value' in select && select.value)).toBe(spaceId);
  await page.keyboard.type('For me.');
  await saveByKey(page);
  await expect
    .poll(async () => (await stateOf(panel, url)).page?.annotations, SOON)
    .toMatchObject([{ note: 'For me.', spaceId }]);
});

test('a page that changes its address without loading has the notes of each address', async () => {
  await using world = await stageWorld({ people: 2 });
  await using pages = await servePages();
  const [ada, bob] = [world.person('Ada'), world.person('Bob')];
  const url = pages.serve('/fruit', ROUTES);
  await shareSpace(ada, bob, 'Orchard');
  const [adas, bobs] = [await ada.visit(url), await bob.visit(url)];
  await annotate(adas, 'apples', 'Keep well.');
  await expect.poll(() => markedTexts(bobs), SOON).toEqual(['apples']);

  await adas.click('#next');
  await expect.poll(() => markedTexts(adas), SOON).toEqual([]);
  await annotate(adas, 'lemons', 'Do not.');
  await expect.poll(() => markedTexts(adas), SOON).toEqual(['lemons']);
  expect(await markedTexts(bobs)).toEqual(['apples']);
  await bobs.click('#next');
  await expect.poll(() => markedTexts(bobs), SOON).toEqual(['lemons']);
  await bobs.goBack();
  await expect.poll(() => markedTexts(bobs), SOON).toEqual(['apples']);
});

const ROUTES = `<!doctype html><meta charset=utf-8><title>Fruit</title><main></main><button id=next>Next</button>
<script>
const show = () => {
  const words = location.pathname === '/fruit' ? 'A route of apples and pears.' : 'A route of lemons and limes.';
  document.querySelector('main').textContent = words;
};
addEventListener('popstate', show);
next.onclick = () => { history.pushState({}, '', '/fruit/two'); show(); };
show();
</script>`;

function article(sentence: string): string {
  return `<!doctype html><meta charset=utf-8><title>Tides</title><h1>Tides</h1><p>${sentence}</p>
<p>They are drawn by the moon and, less, by the sun.</p>`;
}
