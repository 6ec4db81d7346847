// People come and go: who was removed reads nothing of what comes after, also after having been away, and roles hold.
import { expect, test } from 'vitest';
import { unwrap } from '../../lib/wire/failure.ts';
import { markedTexts, pressButton } from '../support/annotator-acts.ts';
import {
  annotate,
  ask,
  inviteFrom,
  joinByLink,
  shareSpace,
  SOON,
  stateOf,
  textOf,
} from '../support/journey-steps.ts';
import { servePages } from '../support/pages.ts';
import { stageWorld } from '../support/stage.ts';

test('someone removed while away comes back to what was before, and to nothing after', async () => {
  await using world = await stageWorld({ people: 3 });
  await using pages = await servePages();
  const [ada, bob, chi] = [world.person('Ada'), world.person('Bob'), world.person('Chi')];
  const url = pages.serve('/tides', ARTICLE);
  const { adas, bobs } = await shareSpace(ada, bob, 'Tidal research');
  await joinByLink(chi, await inviteFrom(adas));
  const chis = await chi.panel();
  const page = await ada.visit(url);
  await annotate(page, 'twice a day', 'Before.');
  await expect.poll(() => quotesOn(bobs, url), SOON).toEqual(['twice a day']);
  await bob.close();

  const before = await stateOf(adas);
  const spaceId = before.activeSpaceId ?? '';
  const person = before.spaces[0]?.people.find(({ name }) => name === 'Bob')?.did ?? '';
  unwrap(await ask(adas, 'removePerson', { spaceId, person }));
  await expect.poll(() => namesIn(adas), SOON).toEqual(['Ada', 'Chi']);
  await annotate(page, 'drawn by the moon', 'After.');
  await expect.poll(() => quotesOn(chis, url), SOON).toEqual(['drawn by the moon', 'twice a day']);

  await bob.reopen();
  const again = await bob.panel();
  await expect.poll(() => textOf(again), SOON).toContain('You are no longer in this space');
  const bobsPage = await bob.visit(url);
  await expect.poll(() => markedTexts(bobsPage), SOON).toEqual(['twice a day']);
  const refused = await ask(again, 'renameSpace', { spaceId, name: 'Mine' });
  expect(refused).toMatchObject({ ok: false, failure: { code: 'permission_denied' } });
  expect(await quotesOn(again, url)).toEqual(['twice a day']);
  expect((await stateOf(adas)).spaces[0]?.name).toBe('Tidal research');
});

test('a reader reads along and cannot annotate, until they may again', async () => {
  await using world = await stageWorld({ people: 2 });
  await using pages = await servePages();
  const [ada, bob] = [world.person('Ada'), world.person('Bob')];
  const url = pages.serve('/tides', ARTICLE);
  const { adas, bobs } = await shareSpace(ada, bob, 'Tidal research');
  await expect.poll(() => namesIn(adas), SOON).toEqual(['Ada', 'Bob']);
  const { spaces, activeSpaceId } = await stateOf(adas);
  const spaceId = activeSpaceId ?? '';
  const person = spaces[0]?.people.find(({ name }) => name === 'Bob')?.did ?? '';

  unwrap(await ask(adas, 'setRole', { spaceId, person, role: 'reader' }));
  await expect.poll(() => roleOf(bobs, 'Bob'), SOON).toBe('reader');
  expect(await ask(bobs, 'renameSpace', { spaceId, name: 'Mine' })).toMatchObject({ ok: false });
  const page = await ada.visit(url);
  await annotate(page, 'twice a day', 'Read this.');
  await expect.poll(() => quotesOn(bobs, url), SOON).toEqual(['twice a day']);

  unwrap(await ask(adas, 'setRole', { spaceId, person, role: 'editor' }));
  await expect.poll(() => roleOf(bobs, 'Bob'), SOON).toBe('editor');
  unwrap(await ask(bobs, 'renameSpace', { spaceId, name: 'Ours' }));
  await expect.poll(async () => (await stateOf(adas)).spaces[0]?.name, SOON).toBe('Ours');
});

test('members invite others, an old link is no way back, and a steward may look first', async () => {
  await using world = await stageWorld({ people: 3 });
  const [ada, bob, chi] = [world.person('Ada'), world.person('Bob'), world.person('Chi')];
  const { adas, bobs } = await shareSpace(ada, bob, 'Tidal research');
  await expect.poll(() => namesIn(bobs), SOON).toEqual(['Ada', 'Bob']);
  const bobsLink = await inviteFrom(bobs);
  const { spaces, activeSpaceId } = await stateOf(adas);
  const spaceId = activeSpaceId ?? '';
  const person = spaces[0]?.people.find(({ name }) => name === 'Bob')?.did ?? '';

  unwrap(await ask(adas, 'removePerson', { spaceId, person }));
  await expect.poll(() => textOf(bobs), SOON).toContain('You are no longer in this space');
  unwrap(await ask(bobs, 'leaveSpace', { spaceId }));
  const back = await ask(bobs, 'joinSpace', { link: bobsLink });
  expect(back).toMatchObject({ ok: true, value: { waitingFor: expect.stringContaining('code') } });
  expect(await namesIn(adas)).toEqual(['Ada']);

  unwrap(await ask(adas, 'setAdmission', { spaceId, admit: 'by_hand' }));
  const chis = await chi.panel();
  const asked = ask(chis, 'joinSpace', { link: await inviteFrom(adas) });
  await expect.poll(() => textOf(adas), SOON).toContain('Chi asks to join');
  const { code } = (await stateOf(adas)).spaces[0]?.requests[0] ?? { code: 'none' };
  await expect.poll(() => textOf(chis), SOON).toContain(code);
  await adas.bringToFront();
  await pressButton(adas, 'Let in');
  expect(await asked).toMatchObject({ ok: true });
  await expect.poll(() => namesIn(chis), SOON).toEqual(['Ada', 'Chi']);
});

type Panel = Parameters<typeof stateOf>[0];

async function quotesOn(panel: Panel, url: string): Promise<string[]> {
  const { page } = await stateOf(panel, url);
  return page?.annotations.map(({ quote }) => quote).toSorted() ?? [];
}

async function namesIn(panel: Panel): Promise<string[]> {
  const { spaces } = await stateOf(panel);
  return spaces[0]?.people.map(({ name }) => name).toSorted() ?? [];
}

async function roleOf(panel: Panel, name: string) {
  const { spaces } = await stateOf(panel);
  return spaces[0]?.people.find((person) => person.name === name)?.role;
}

const ARTICLE = `<!doctype html><meta charset=utf-8><title>Tides</title>
<h1>Tides</h1><p>The sea rises and falls twice a day on most coasts, drawn by the moon.</p>`;
