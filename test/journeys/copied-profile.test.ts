// A browser profile is copied and both copies write: it is found out, one history stays, and what the other wrote is added
// again as soon as its browser has keys of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { expect, test } from 'vitest';
import { unwrap } from '../../lib/wire/failure.ts';
import { pressButton } from '../support/annotator-acts.ts';
import { annotate, ask, shareSpace, SOON, stateOf, textOf } from '../support/journey-steps.ts';
import { servePages } from '../support/pages.ts';
import { stageWorld } from '../support/stage.ts';
import type { StagedPerson } from '../support/staged-person.ts';

const LONG = { timeout: 45_000, interval: 250 };
const NOWHERE = 'ws://127.0.0.1:9';

test('a copied profile is found out and mended, and all work is there at everyone', async () => {
  await using world = await stageWorld({ people: 2 });
  await using pages = await servePages();
  const [ada, bob] = [world.person('Ada'), world.person('Bob')];
  const url = pages.serve('/tides', ARTICLE);
  const { adas } = await shareSpace(ada, bob, 'Tidal research');
  await annotate(await bob.visit(url), 'twice a day', 'Before.');
  await expect.poll(() => notesOn(adas, url), SOON).toEqual(['Before.']);

  await using copies = await copyOf(bob);
  const { copy } = copies;
  await copy.reopen();
  const copied = await copy.panel();
  await expect.poll(async () => (await stateOf(copied)).relay.state, SOON).toBe('connected');
  unwrap(await ask(copied, 'setRelay', { url: NOWHERE }));
  await annotate(await copy.visit(url), 'drawn by the moon', 'By the copy.');
  await expect.poll(() => notesOn(copied, url), SOON).toHaveLength(2);
  await bob.reopen();
  await annotate(await bob.visit(url), 'and by the sun', 'By the first.');
  await expect.poll(() => notesOn(adas, url), SOON).toEqual(['Before.', 'By the first.']);

  unwrap(await ask(copied, 'setRelay', { url: world.relay }));
  await expect.poll(() => textOf(copied), LONG).toContain('1 change was set aside here');
  await expect.poll(() => notesOn(copied, url), LONG).toEqual(['Before.', 'By the first.']);
  await renew(copy, copied);

  const all = ['Before.', 'By the copy.', 'By the first.'];
  await expect.poll(() => notesOn(adas, url), LONG).toEqual(all);
  const again = await copy.panel();
  await expect.poll(() => notesOn(again, url), LONG).toEqual(all);
  // The keys that both had are taken back, and the other one says so.
  const firsts = await bob.panel();
  await expect.poll(() => textOf(firsts), LONG).toContain('keys of this browser were taken back');
  const { spaces } = await stateOf(adas);
  expect(spaces[0]?.problem).toBeNull();
  expect(spaces[0]?.people.map(({ name }) => name)).toEqual(['Ada', 'Bob']);
}, 300_000);

const ARTICLE = `<!doctype html><html lang="en"><head><title>Tides</title></head><body><article>
<h1>Tides</h1><p>The sea rises twice a day. It is drawn by the moon and by the sun.</p></article></body></html>`;

async function notesOn(panel: Page, url: string): Promise<string[]> {
  const { page } = await stateOf(panel, url);
  return (page?.annotations ?? []).map(({ note }) => note).toSorted();
}

/** Presses for new keys, which count from the next start. */
async function renew(person: StagedPerson, panel: Page): Promise<void> {
  await panel.bringToFront();
  await pressButton(panel, 'Give this browser its own keys');
  await expect.poll(() => textOf(panel), SOON).toContain('Close it completely');
  await person.reopen();
}

async function copyOf(person: StagedPerson) {
  const folder = await mkdtemp(join(tmpdir(), 'commonplace-copy-'));
  const copy = await person.copyInto(join(folder, 'profile'));
  return {
    copy,
    [Symbol.asyncDispose]: async () => {
      await copy.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
