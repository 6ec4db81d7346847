// A space's past: looked back at, carried off in a file, opened by someone who was never in it, and gone on with.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { expect, test } from 'vitest';
import { unwrap } from '../../lib/wire/failure.ts';
import { markedTexts, pressButton } from '../support/annotator-acts.ts';
import { annotate, ask, makeSpace, SOON, stateOf, textOf } from '../support/journey-steps.ts';
import { servePages } from '../support/pages.ts';
import { stageWorld } from '../support/stage.ts';

test('what Ada exports, Bob opens as an archive, makes a new space from it, and looks back', async () => {
  await using world = await stageWorld({ people: 2 });
  await using pages = await servePages();
  await using downloads = await temporaryFolder();
  const [ada, bob] = [world.person('Ada'), world.person('Bob')];
  const url = pages.serve('/tides', ARTICLE);
  const adas = await ada.panel();
  await makeSpace(adas, 'Reef survey');
  await annotate(await ada.visit(url), 'twice a day', 'First words.');
  await changeNote(adas, url, 'Better words.');
  const file = await exportTo(downloads.path, adas, 'tidal pools');

  const options = await bob.extensionPage('options.html');
  await openFile(options, file, 'tidal pools');
  await expect.poll(() => textOf(options), SOON).toContain('Opened as an archive');
  const bobs = await bob.panel();
  await expect.poll(() => textOf(bobs), SOON).toContain('exported by Ada');
  const bobsPage = await bob.visit(url);
  await expect.poll(() => markedTexts(bobsPage), SOON).toEqual(['twice a day']);

  await bobs.bringToFront();
  await pressButton(bobs, 'Space: Reef survey');
  await pressButton(bobs, 'Make a new space from this one…');
  await pressButton(bobs, 'Make the new space');
  await expect.poll(() => textOf(bobs), SOON).toContain('Made from “Reef survey”, as of');
  const notes = async () => (await stateOf(bobs, url)).page?.annotations ?? [];
  await expect
    .poll(notes, SOON)
    .toMatchObject([{ note: 'Better words.', by: { name: 'Ada' }, carriedBy: 'Bob', mine: false }]);
  const { spaces, activeSpaceId } = await stateOf(bobs);
  expect(spaces.map(({ archive }) => archive === null)).toEqual([false, true]);
  expect(spaces.find(({ id }) => id === activeSpaceId)?.mayManage).toBe(true);

  const archive = spaces.find((space) => space.archive !== null)?.id ?? '';
  await lookBack(await bob.extensionPage(`lookback.html#${archive}`));
});

/** One step back from the end, by hand, and to the end again, by key. */
async function lookBack(past: Page): Promise<void> {
  await expect.poll(() => thenOf(past), SOON).toContain('Better words.');
  await pressButton(past, 'Step before');
  await expect.poll(() => thenOf(past), SOON).toContain('First words.');
  expect(await thenOf(past)).not.toContain('Better words.');
  await past.focus('input[type=range]');
  await past.keyboard.press('End');
  await expect.poll(() => thenOf(past), SOON).toContain('Better words.');
}

async function changeNote(panel: Page, url: string, note: string): Promise<void> {
  const annotations = async () => (await stateOf(panel, url)).page?.annotations ?? [];
  await expect.poll(annotations, SOON).toHaveLength(1);
  const [found] = await annotations();
  const where = { spaceId: found?.spaceId ?? '', annotationId: found?.id ?? '', url };
  unwrap(await ask(panel, 'editAnnotation', { ...where, note }));
}

/** By hand, as far as the browser's own folder for downloads. */
async function exportTo(folder: string, panel: Page, passphrase: string): Promise<string> {
  const session = await panel.createCDPSession();
  const saving = { behavior: 'allow', downloadPath: folder } as const;
  await session.send('Browser.setDownloadBehavior', saving);
  await panel.bringToFront();
  await pressButton(panel, 'Space: Reef survey');
  await pressButton(panel, 'Export…');
  const field = await panel.waitForSelector('aria/Passphrase[role="textbox"]');
  await field?.type(passphrase);
  await pressButton(panel, 'Save the file');
  await expect.poll(() => textOf(panel), SOON).toContain('Saved as “Reef survey');
  const saved = async () => (await readdir(folder)).filter((name) => name.endsWith('.commonplace'));
  await expect.poll(saved, SOON).toHaveLength(1);
  return join(folder, (await saved())[0] ?? '');
}

async function openFile(options: Page, path: string, passphrase: string): Promise<void> {
  const chooser = await options.waitForSelector('input[type=file]');
  // The selector names an input, which the query's type does not say.
  await (chooser as unknown as { uploadFile(path: string): Promise<void> }).uploadFile(path);
  const field = await options.waitForSelector('aria/Passphrase, if it has one[role="textbox"]');
  await field?.type(passphrase);
  await pressButton(options, 'Open the file');
}

/** The space as the look-back page shows it. */
function thenOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const heading = document.querySelector('#then');
    return heading?.parentElement?.innerText ?? '';
  });
}

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'commonplace-export-'));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

const ARTICLE = `<!doctype html><meta charset=utf-8><title>Tides</title>
<h1>Tides</h1><p>The sea rises and falls twice a day on most coasts, drawn by the moon.</p>`;
