// A space whose maker chose MLS keys: people share it, write in it and go from it as in any other.
import { expect, test } from 'vitest';
import { unwrap } from '../../lib/wire/failure.ts';
import { markedTexts, pressButton } from '../support/annotator-acts.ts';
import {
  annotate,
  ask,
  inviteFrom,
  joinByLink,
  SOON,
  stateOf,
  textOf,
} from '../support/journey-steps.ts';
import { servePages } from '../support/pages.ts';
import { stageWorld } from '../support/stage.ts';

test('a space with MLS keys is shared and written in, and who is removed reads no further', async () => {
  await using world = await stageWorld({ people: 2 });
  await using pages = await servePages();
  const [ada, bob] = [world.person('Ada'), world.person('Bob')];
  const url = pages.serve('/tides', ARTICLE);
  const adas = await ada.panel();
  const name = await adas.waitForSelector('aria/Name of the space[role="textbox"]');
  await name?.type('Tidal research');
  await adas.locator('summary').click();
  await adas.locator('aria/MLS (RFC 9420)[role="radio"]').click();
  await pressButton(adas, 'Make the space');
  await expect.poll(() => textOf(adas), SOON).toContain('Tidal research');
  await joinByLink(bob, await inviteFrom(adas));
  const bobs = await bob.panel();

  const bobsPage = await bob.visit(url);
  await annotate(bobsPage, 'twice a day', 'From Bob.');
  await expect.poll(() => quotesOn(adas, url), SOON).toEqual(['twice a day']);
  const { spaces, activeSpaceId } = await stateOf(adas);
  const person = spaces[0]?.people.find((each) => each.name === 'Bob')?.did ?? '';
  unwrap(await ask(adas, 'removePerson', { spaceId: activeSpaceId ?? '', person }));
  await expect.poll(() => textOf(bobs), SOON).toContain('You are no longer in this space');
  const adasPage = await ada.visit(url);
  await annotate(adasPage, 'drawn by the moon', 'Without Bob.');
  await expect.poll(() => quotesOn(adas, url), SOON).toHaveLength(2);
  expect(await quotesOn(bobs, url)).toEqual(['twice a day']);

  await ada.close();
  await ada.reopen();
  const again = await ada.visit(url);
  await expect
    .poll(() => markedTexts(again), SOON)
    .toEqual(expect.arrayContaining(['twice a day', 'drawn by the moon']));
});

async function quotesOn(panel: Parameters<typeof stateOf>[0], url: string): Promise<string[]> {
  const { page } = await stateOf(panel, url);
  return page?.annotations.map(({ quote }) => quote).toSorted() ?? [];
}

const ARTICLE = `<!doctype html><meta charset=utf-8><title>Tides</title>
<h1>Tides</h1><p>The sea rises and falls twice a day on most coasts, drawn by the moon.</p>`;
