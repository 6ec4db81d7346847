// Story one: make a space, send a link, see the same things in two separate browsers, live and after an absence.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { markedTexts } from '../support/annotator-acts.ts';
import { annotate, shareSpace, SOON, stateOf, textOf } from '../support/journey-steps.ts';
import { servePages, type FixturePages } from '../support/pages.ts';
import { stageWorld, type StagedWorld } from '../support/stage.ts';

let world: StagedWorld;
let pages: FixturePages;

beforeEach(async () => {
  world = await stageWorld({ people: 2 });
  pages = await servePages();
});

afterEach(async () => {
  await pages?.close();
  await world?.stop();
});

test('two people share a space by a link and see each other, directly connected', async () => {
  const [ada, bob] = [world.person('Ada'), world.person('Bob')];
  const { adas, bobs } = await shareSpace(ada, bob, 'Tidal research');
  await expect.poll(() => textOf(bobs), SOON).toContain('Ada, here now');
  await expect.poll(() => textOf(adas), SOON).toContain('Bob, here now');
  await expect.poll(async () => viaOf(await stateOf(adas), 'Bob'), SOON).toBe('direct');
  await expect.poll(async () => viaOf(await stateOf(bobs), 'Ada'), SOON).toBe('direct');
});

test('what Ada wrote reaches Bob though they are never online together', async () => {
  const [ada, bob] = [world.person('Ada'), world.person('Bob')];
  const url = pages.serve('/tides', ARTICLE);
  const { adas } = await shareSpace(ada, bob, 'Tidal research');
  await bob.close();

  const page = await ada.visit(url);
  await annotate(page, 'twice a day', 'Twice? Check the south coast.');
  // Nothing is unsent before it is written either.
  await expect.poll(() => notesOn(adas, url), SOON).toHaveLength(1);
  await expect.poll(async () => (await stateOf(adas)).spaces[0]?.unsent, SOON).toBe(0);
  await ada.close();

  await bob.reopen();
  const bobsPage = await bob.visit(url);
  await expect.poll(() => markedTexts(bobsPage), SOON).toEqual(['twice a day']);
  const panel = await bob.panel();
  await expect
    .poll(() => notesOn(panel, url), SOON)
    .toEqual(['Ada: Twice? Check the south coast.']);
});

function viaOf({ spaces }: Awaited<ReturnType<typeof stateOf>>, name: string) {
  return spaces[0]?.people.find((person) => person.name === name)?.via;
}

async function notesOn(panel: Parameters<typeof stateOf>[0], url: string): Promise<string[]> {
  const { page } = await stateOf(panel, url);
  return page?.annotations.map(({ by, note }) => `${by.name}: ${note}`) ?? [];
}

const ARTICLE = `<!doctype html><meta charset=utf-8><title>Tides</title>
<h1>Tides</h1><p>The sea rises and falls twice a day on most coasts, drawn by the moon.</p>`;
