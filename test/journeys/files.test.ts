// Files in a space, in real browsers: added by one, fetched by the other from the relay, through an interruption.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FileView } from '../../lib/messaging/file-view.ts';
import { pressButton } from '../support/annotator-acts.ts';
import { shareSpace, SOON, stateOf } from '../support/journey-steps.ts';
import { stageWorld, type StagedWorld } from '../support/stage.ts';

const MIB = 1024 * 1024;
/** Megabytes are sealed, sent, checked and stored on machines that have much else to do. */
const PATIENT = { timeout: 40_000, interval: 100 };

/** For a whole test: browsers are closed and opened again in it. */
const WHOLE_MS = 300_000;

let world: StagedWorld;
let folder: string;

beforeEach(async () => {
  world = await stageWorld({ people: 2 });
  folder = await mkdtemp(join(tmpdir(), 'commonplace-files-'));
});

afterEach(async () => {
  await world?.stop();
  await rm(folder, { recursive: true, force: true });
});

test(
  'a file reaches Bob from the relay though Ada has gone, and her removal reaches him too',
  async () => {
    const [ada, bob] = [world.person('Ada'), world.person('Bob')];
    const { adas } = await shareSpace(ada, bob, 'Tidal research');
    await bob.close();
    const { path, hash } = await makeFile('tides.bin', 2 * MIB + 77);
    await choose(adas, path);
    await expect.poll(() => fileOf(adas), PATIENT).toMatchObject({ name: 'tides.bin', sent: true });
    await ada.close();

    await bob.reopen();
    const bobs = await bob.panel();
    await expect
      .poll(() => fileOf(bobs), SOON)
      .toMatchObject({ size: 2 * MIB + 77, state: 'elsewhere', mine: false, by: { name: 'Ada' } });
    await saveInto(bobs, folder);
    await pressButton(bobs, 'Save tides.bin');
    await expect.poll(() => hashOf(join(folder, 'saved', 'tides.bin')), PATIENT).toBe(hash);

    await ada.reopen();
    const again = await ada.panel();
    await pressButton(again, 'Remove tides.bin');
    await pressButton(again, 'Remove');
    await expect.poll(() => fileOf(bobs), PATIENT).toBeUndefined();
  },
  WHOLE_MS,
);

test(
  'getting a file goes on after the background was ended in the middle',
  async () => {
    const [ada, bob] = [world.person('Ada'), world.person('Bob')];
    const { adas, bobs } = await shareSpace(ada, bob, 'Tidal research');
    const { path, hash } = await makeFile('tides.bin', 4 * MIB);
    await choose(adas, path);
    await expect.poll(() => fileOf(bobs), PATIENT).toMatchObject({ state: 'elsewhere' });
    await saveInto(bobs, folder);
    await pressButton(bobs, 'Save tides.bin');
    await expect.poll(async () => (await fileOf(bobs))?.state, PATIENT).not.toBe('elsewhere');
    await bob.killServiceWorker();
    await expect.poll(() => fileOf(bobs), PATIENT).toMatchObject({ state: 'here' });
    await expect.poll(() => hashOf(join(folder, 'saved', 'tides.bin')), PATIENT).toBe(hash);
  },
  WHOLE_MS,
);

async function makeFile(name: string, length: number) {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  }
  const path = join(folder, name);
  await writeFile(path, bytes);
  return { path, hash: createHash('sha256').update(bytes).digest('hex') };
}

async function choose(panel: Page, path: string): Promise<void> {
  const input = await panel.waitForSelector('input[type=file]');
  await input?.uploadFile(path);
}

async function fileOf(panel: Page): Promise<FileView | undefined> {
  return (await stateOf(panel)).files[0];
}

async function saveInto(panel: Page, parent: string): Promise<void> {
  const devtools = await panel.createCDPSession();
  const downloadPath = join(parent, 'saved');
  await devtools.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath });
}

/** Of a file that may not be there yet, or not whole. */
async function hashOf(path: string): Promise<string> {
  const bytes = await readFile(path).catch(() => new Uint8Array());
  return createHash('sha256').update(bytes).digest('hex');
}
