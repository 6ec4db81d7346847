import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'puppeteer-core';
import {
  ARTICLE,
  annotationOn,
  command,
  give,
  markedTexts,
  pressButton,
  saveByKey,
  selectWords,
  until,
} from '../../support/annotator-acts.ts';
import type { AnnotatorLab } from '../../support/annotator-lab.ts';
import { startAnnotatorLab } from '../../support/annotator-lab.ts';

let lab: AnnotatorLab;
let page: Page;
let count = 0;
beforeAll(async () => {
  lab = await startAnnotatorLab('chrome');
});
beforeEach(async () => {
  page = await lab.open(`/writing-${++count}.html`, ARTICLE);
});
afterEach(() => page.close());
afterAll(() => lab.close());

const begin = (): Promise<unknown> => command(lab, { to: 'annotator', type: 'annotations.begin' });

async function created(): Promise<{ note: string; spaceId: string; exact: string }[]> {
  const url = page.url();
  const heard = (await lab.worker?.evaluate(() => globalThis.node.heard)) ?? [];
  return heard.flatMap((one) =>
    one.type === 'annotations.create' && one.url === url
      ? [{ note: one.note, spaceId: one.spaceId, exact: one.target.quote.exact }]
      : [],
  );
}

async function textOfCard(): Promise<string> {
  return JSON.stringify(await page.accessibility.snapshot());
}

async function pressShortcut(): Promise<void> {
  await page.keyboard.down('Alt');
  await page.keyboard.down('Shift');
  await page.keyboard.press('KeyA');
  await page.keyboard.up('Shift');
  await page.keyboard.up('Alt');
}

describe('writing an annotation', () => {
  it('begins by the shortcut even where the browser has not bound it, and only with a selection', async () => {
    await page.evaluate(() => {
      Object.assign(globalThis, { heard: 0 });
      window.addEventListener('keydown', ({ code }) => {
        if (code === 'KeyA')
          Object.assign(globalThis, { heard: Number(Reflect.get(globalThis, 'heard')) + 1 });
      });
    });
    await pressShortcut();
    expect(await page.evaluate(() => Reflect.get(globalThis, 'heard'))).toBe(1);
    await selectWords(page, 'proverbial reason');
    await pressShortcut();
    await page.waitForSelector('aria/Note');
    await page.keyboard.type('By keys.');
    await saveByKey(page);
    await until(created, (all) => all.some(({ note }) => note === 'By keys.'));
    expect(await page.evaluate(() => Reflect.get(globalThis, 'heard'))).toBe(1);
  });

  it('goes by keys alone: shortcut, note, save; and the page hears nothing of what is typed', async () => {
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(globalThis, { heard });
      for (const type of ['keydown', 'keypress', 'keyup', 'beforeinput', 'input', 'focusin']) {
        const hear = (event: Event): void => {
          heard.push(`${type} ${event instanceof KeyboardEvent ? event.key : ''}`);
        };
        window.addEventListener(type, hear, { capture: true });
        document.addEventListener(type, hear);
      }
    });
    await selectWords(page, 'proverbial reason');
    await begin();
    await page.waitForSelector('aria/Note');
    await page.keyboard.type('Mine do');
    await saveByKey(page);
    const texts = await until(
      () => markedTexts(page),
      (found) => found.length === 1,
    );
    expect(texts).toEqual(['proverbial reason']);
    expect(await until(created, (made) => made.length > 0)).toEqual([
      { note: 'Mine do', spaceId: 'space-1', exact: 'proverbial reason' },
    ]);
    const heard: unknown = await page.evaluate(() => Reflect.get(globalThis, 'heard'));
    // The card is gone before the fingers leave the keys that save.
    const released = ['keyup Enter', 'keyup Control'];
    expect([heard].flat(2).filter((one) => !released.includes(String(one)))).toEqual([]);
  });

  it('ends with Escape, and the selection and the focus are what they were', async () => {
    await page.evaluate(() => document.querySelector<HTMLElement>('a')?.focus());
    await page.evaluate(() =>
      getSelection()?.selectAllChildren(document.querySelector('b') ?? document),
    );
    await begin();
    await page.waitForSelector('aria/Note');
    await page.keyboard.press('Escape');
    await until(
      () => page.evaluate(() => document.querySelector('commonplace-annotator') === null),
      (gone) => gone,
    );
    expect(
      await page.evaluate(() => [document.activeElement?.tagName, getSelection()?.toString()]),
    ).toEqual(['A', 'cannot subsist']);
    expect(await created()).toEqual([]);
  });

  it('keeps what was written when the node refuses, and says why and what to do', async () => {
    const refusal = {
      code: 'storage_full',
      message: 'There is no room left.',
      remedy: 'Free some room.',
    } as const;
    await lab.worker?.evaluate((failure) => (globalThis.node.refusal = failure), refusal);
    await selectWords(page, 'proverbial reason');
    await pressButton(page, 'Annotate');
    await page.waitForSelector('aria/Note');
    await page.keyboard.type('Keep this');
    await pressButton(page, 'Save');
    await until(textOfCard, (text) => text.includes('There is no room left. Free some room.'));
    expect(await markedTexts(page)).toEqual([]);
    expect(await textOfCard()).toContain('Keep this');
    await lab.worker?.evaluate(() => (globalThis.node.refusal = null));
    await pressButton(page, 'Save');
    await until(
      () => markedTexts(page),
      (texts) => texts[0] === 'proverbial reason',
    );
  });

  it('asks where to keep it only where there is a choice', async () => {
    const two = [
      { id: 'space-1', name: 'Field notes' },
      { id: 'space-2', name: 'Poets' },
    ];
    await lab.worker?.evaluate((spaces) => (globalThis.node.spaces = spaces), two);
    await page.reload();
    await selectWords(page, 'proverbial reason');
    await pressButton(page, 'Annotate');
    const chooser = await page.waitForSelector('aria/Space');
    await page.waitForSelector('aria/Note');
    await page.keyboard.type('For the other');
    await chooser?.focus();
    await page.keyboard.type('Po');
    await saveByKey(page);
    await until(created, (made) => made[0]?.spaceId === 'space-2');
    await lab.worker?.evaluate((spaces) => (globalThis.node.spaces = spaces), two.slice(0, 1));
  });

  it('offers to make a space where there is none, and goes on by itself once there is one', async () => {
    await lab.worker?.evaluate(() => (globalThis.node.spaces = []));
    await page.reload();
    await selectWords(page, 'proverbial reason');
    await begin();
    await pressButton(page, 'Open Commonplace');
    await until(
      async () => (await lab.worker?.evaluate(() => globalThis.node.heard.at(-1)?.type)) ?? '',
      (type) => type === 'panel.open',
    );
    await lab.worker?.evaluate(async () => {
      globalThis.node.spaces = [{ id: 'space-1', name: 'Field notes' }];
      await globalThis.node.push();
    });
    await page.waitForSelector('aria/Note');
  });
});

describe('reading annotations in the page', () => {
  it('shows every note on a passage, as text, with who wrote it', async () => {
    const person = annotationOn('great wits', {
      id: 'one',
      note: '<img src=x onerror=alert(1)> **so**',
    });
    const agent = annotationOn('wits have short memories', {
      id: 'two',
      note: 'Found in Swift, 1721.',
      by: { name: 'Scout', hue: 0, kind: 'agent', onBehalfOf: 'Ada Lovelace' },
    });
    await give(lab, page.url(), [person, agent]);
    await until(
      () => markedTexts(page),
      (texts) => texts.length === 2,
    );
    const box = await page.$eval('a', (link) => link.getBoundingClientRect().toJSON());
    await page.mouse.move(box.left + 60, box.top + 8);
    await page.waitForSelector('aria/Notes');
    const card = await textOfCard();
    expect(card).toContain('<img src=x onerror=alert(1)> **so**');
    expect(card).toContain('Found in Swift, 1721.');
    expect(card).toContain('on behalf of Ada Lovelace');
    expect(card).not.toContain('"Edit"');
  });

  it('lets a person edit and remove what is theirs', async () => {
    await give(lab, page.url(), [
      annotationOn('great wits', { id: 'own', mine: true, note: 'Old words' }),
    ]);
    await until(
      () => markedTexts(page),
      (texts) => texts.length === 1,
    );
    await command(lab, { to: 'annotator', type: 'annotations.show', id: 'own' });
    await pressButton(page, 'Edit');
    await page.waitForSelector('aria/Note');
    await page.keyboard.down('Control');
    await page.keyboard.press('a');
    await page.keyboard.up('Control');
    await page.keyboard.type('New words');
    await saveByKey(page);
    await until(textOfCard, (text) => text.includes('New words') && text.includes('"Edit"'));
    await pressButton(page, 'Remove');
    await until(textOfCard, (text) => text.includes('Remove this note for everyone'));
    await pressButton(page, 'Remove');
    await until(
      () => markedTexts(page),
      (texts) => texts.length === 0,
    );
  });
});
