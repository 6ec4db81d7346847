// A second device of the same person, in real browsers: added by a code, at work as the same person, removed for good.
import type { Page } from 'puppeteer-core';
import { expect, test } from 'vitest';
import { pressButton } from '../support/annotator-acts.ts';
import { annotate, ask, shareSpace, SOON, stateOf, textOf } from '../support/journey-steps.ts';
import { servePages } from '../support/pages.ts';
import { openSecondDevice } from '../support/second-device.ts';
import { stageWorld } from '../support/stage.ts';

test('a second browser becomes Ada, with her spaces, until she removes it', async () => {
  await using world = await stageWorld({ people: 2 });
  await using pages = await servePages();
  await using second = await openSecondDevice('Ada', world.relay);
  const [ada, bob] = [world.person('Ada'), world.person('Bob')];
  const url = pages.serve('/tides', ARTICLE);
  const { adas, bobs } = await shareSpace(ada, bob, 'Tidal research');
  await annotate(await ada.visit(url), 'twice a day', 'From the first browser.');
  await expect.poll(() => quotesOn(bobs, url), SOON).toEqual(['twice a day']);

  const options = await ada.extensionPage('options.html');
  const welcome = await second.device.extensionPage('welcome.html');
  await pair(options, welcome);
  await expect.poll(() => textOf(welcome), SOON).toContain('You are Ada');
  const panel = await second.device.panel();
  await expect.poll(() => quotesOn(panel, url), SOON).toEqual(['twice a day']);
  expect((await stateOf(panel)).me?.did).toBe((await stateOf(adas)).me?.did);
  await expect.poll(async () => (await stateOf(panel)).spaces[0]?.waitingFor, SOON).toBeNull();

  await annotate(await second.device.visit(url), 'drawn by the moon', 'From the second.');
  await expect
    .poll(() => handsOn(bobs, url), SOON)
    .toEqual([
      ['drawn by the moon', 'Ada'],
      ['twice a day', 'Ada'],
    ]);
  expect((await stateOf(bobs)).spaces[0]?.people.map(({ name }) => name)).toEqual(['Bob', 'Ada']);

  await removeTheOther(options);
  await hearsOfRemoval(panel);
  const page = await ada.visit(url);
  await annotate(page, 'most coasts', 'After.');
  await expect.poll(async () => (await quotesOn(bobs, url)).length, SOON).toBe(3);
  expect(await quotesOn(panel, url)).toEqual(['drawn by the moon', 'twice a day']);
  const spaceId = (await stateOf(panel)).activeSpaceId ?? '';
  const refused = await ask(panel, 'renameSpace', { spaceId, name: 'Mine' });
  expect(refused).toMatchObject({ ok: false, failure: { code: 'permission_denied' } });
});

/** By hand, as a person does it with both screens in view. */
async function pair(options: Page, welcome: Page): Promise<void> {
  await options.bringToFront();
  await pressButton(options, 'Add a device');
  await options.waitForFunction(() => document.body.innerText.includes('Waiting for the other'));
  const code = (await stateOf(options)).devices?.offer?.code ?? '';
  await welcome.bringToFront();
  await pressButton(welcome, 'Add this browser');
  const field = await welcome.waitForSelector('aria/Code[role="textbox"]');
  await field?.type(code);
  await pressButton(welcome, 'Continue with this code');
  await welcome.waitForFunction(() => document.body.innerText.includes('show the same digits'));
  await options.waitForFunction(() => document.body.innerText.includes('show the same digits'));
  const digits = (await stateOf(welcome)).joining?.digits ?? 'none';
  expect(await textOf(options)).toContain(digits);
  await pressButton(welcome, 'They are the same');
  await options.bringToFront();
  await pressButton(options, 'They are the same: add it');
  await options.waitForFunction(() => document.body.innerText.includes('one of your devices now'));
  await pressButton(options, 'Done');
}

async function removeTheOther(options: Page): Promise<void> {
  await options.bringToFront();
  await pressButton(options, 'Remove');
  await options.waitForFunction(() => document.body.innerText.includes('It reads nothing'));
  await pressButton(options, 'Remove');
  await expect.poll(() => textOf(options), SOON).toContain('removed');
}

/** Out of the home space and out of each space are two decisions, which come one after the other. */
async function hearsOfRemoval(panel: Page): Promise<void> {
  await panel.bringToFront();
  await expect.poll(() => textOf(panel), SOON).toContain('This browser was removed');
  const problem = async () => (await stateOf(panel)).spaces[0]?.problem?.message;
  await expect.poll(problem, SOON).toContain('no longer');
}

async function quotesOn(panel: Page, url: string): Promise<string[]> {
  return (await handsOn(panel, url)).map(([quote]) => quote);
}

async function handsOn(panel: Page, url: string): Promise<[string, string][]> {
  const { page } = await stateOf(panel, url);
  const hands = page?.annotations.map(({ quote, by }): [string, string] => [quote, by.name]);
  return hands?.toSorted(([a], [b]) => (a < b ? -1 : 1)) ?? [];
}

const ARTICLE = `<!doctype html><meta charset=utf-8><title>Tides</title>
<h1>Tides</h1><p>The sea rises and falls twice a day on most coasts, drawn by the moon.</p>`;
