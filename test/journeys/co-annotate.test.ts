// Story two: both mark up the same live page; marks appear without reloading and find their text again.
import { expect, test } from 'vitest';
import { markedTexts, marksOn } from '../support/annotator-acts.ts';
import { annotate, shareSpace, SOON, stateOf } from '../support/journey-steps.ts';
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

function article(sentence: string): string {
  return `<!doctype html><meta charset=utf-8><title>Tides</title><h1>Tides</h1><p>${sentence}</p>
<p>They are drawn by the moon and, less, by the sun.</p>`;
}
