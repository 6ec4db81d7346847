// A text that two people write together, a copy to try things on, and a version that both agree on.
import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../lib/wire/failure.ts';
import { pressButton } from '../support/annotator-acts.ts';
import { ask, shareSpace, SOON, stateOf, textOf } from '../support/journey-steps.ts';
import { stageWorld } from '../support/stage.ts';
import type { StagedPerson } from '../support/staged-person.ts';

async function openText(person: StagedPerson, query: string): Promise<Page> {
  const page = await person.browser.newPage();
  await page.goto(`chrome-extension://${person.extensionId}/text.html?${query}`);
  // A text that has just been made may still be on its way.
  await page.waitForSelector('textarea', { timeout: SOON.timeout });
  return page;
}

function written(page: Page): Promise<string> {
  return page.$eval('textarea', (field) => field.value);
}

/** The text in which both have written something. */
async function writeTogether(adasText: Page, bobsText: Page): Promise<void> {
  await adasText.bringToFront();
  await adasText.type('textarea', 'High water comes daily.');
  await expect.poll(() => written(bobsText), SOON).toBe('High water comes daily.');
  await bobsText.bringToFront();
  await bobsText.focus('textarea');
  await bobsText.$eval('textarea', (field) => field.setSelectionRange(16, 16));
  await bobsText.keyboard.type(' twice');
  await expect.poll(() => written(adasText), SOON).toBe('High water comes twice daily.');
}

/** A copy that only its maker sees, with one word of it changed. */
async function tryOnCopy(page: Page): Promise<void> {
  await page.bringToFront();
  await pressButton(page, 'Make a copy');
  const name = await page.waitForSelector('aria/Name of the copy[role="textbox"]');
  await name?.type('Another word');
  await pressButton(page, 'Make the copy');
  await expect.poll(() => textOf(page), SOON).toContain('Only you see it.');
  await page.focus('textarea');
  await page.$eval('textarea', (field) => field.setSelectionRange(0, 4));
  await page.keyboard.type('Full');
  const changed = () => page.$$eval('ins', (all) => all.map((one) => one.textContent));
  await expect.poll(changed, SOON).toEqual(['put in: Full']);
}

describe('a text', () => {
  it('is written by two at once, tried on a copy, and agreed when both approve', async () => {
    await using world = await stageWorld({ people: 2 });
    const [ada, bob] = [world.person('Ada'), world.person('Bob')];
    const { adas } = await shareSpace(ada, bob, 'Tidal research');
    const spaceId = (await stateOf(adas)).activeSpaceId ?? '';
    const made = await ask(adas, 'createText', { spaceId, title: 'Tides', form: 'prose' });
    unwrap(await ask(adas, 'setApprovals', { spaceId, approvals: 2 }));
    const query = `space=${spaceId}&text=${unwrap(made).artifact}`;
    const [adasText, bobsText] = [await openText(ada, query), await openText(bob, query)];
    await writeTogether(adasText, bobsText);
    await tryOnCopy(adasText);
    expect(await written(bobsText)).toBe('High water comes twice daily.');

    await pressButton(adasText, 'Share it');
    await expect.poll(() => textOf(adasText), SOON).toContain('Shared by Ada.');
    await pressButton(adasText, 'Ask that it be agreed');
    await expect.poll(() => textOf(adasText), SOON).toContain('Waiting for one more person');
    await bobsText.bringToFront();
    await expect.poll(() => textOf(bobsText), SOON).toContain('Approved by Ada (1 of 2)');
    await pressButton(bobsText, 'Approve');
    await expect.poll(() => textOf(bobsText), SOON).toContain('See the agreed version');
    await pressButton(bobsText, 'See the agreed version');
    await expect.poll(() => textOf(bobsText), SOON).toContain('Full water comes twice daily.');
    await adasText.bringToFront();
    await expect.poll(() => textOf(adasText), SOON).toContain('This is the agreed version.');
  });
});
