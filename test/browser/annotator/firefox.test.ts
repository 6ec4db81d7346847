import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ARTICLE,
  markedTexts,
  marksOn,
  saveByKey,
  selectWords,
  until,
} from '../../support/annotator-acts.ts';
import type { AnnotatorLab } from '../../support/annotator-lab.ts';
import { startAnnotatorLab } from '../../support/annotator-lab.ts';

let lab: AnnotatorLab;
beforeAll(async () => {
  lab = await startAnnotatorLab('firefox');
});
afterAll(() => lab.close());

describe('in Firefox', () => {
  it('a selection is annotated by mouse and keys, also under a strict policy, and is there after a reload', async () => {
    const policy = { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" };
    const page = await lab.open('/firefox.html', ARTICLE, policy);
    await selectWords(page, 'provident poet cannot subsist without');
    const button = await until(
      () => page.evaluate(() => document.querySelector('commonplace-annotator') !== null),
      (there) => there,
    );
    expect(button).toBe(true);
    // The button is the only thing that can be reached beside the selection; its place is known from it.
    const last = await page.evaluate(() => {
      const rect = getSelection()?.getRangeAt(0).getBoundingClientRect();
      return { left: rect?.left ?? 0, bottom: rect?.bottom ?? 0 };
    });
    await page.mouse.click(last.left + 40, last.bottom + 24);
    await until(
      () => page.evaluate(() => document.activeElement?.localName ?? ''),
      (name) => name === 'commonplace-annotator',
    );
    await page.keyboard.type('In Firefox too');
    await saveByKey(page);
    await until(
      () => markedTexts(page),
      (texts) => texts[0] === 'provident poet cannot subsist without',
    );
    await page.reload();
    const marks = await until(
      () => marksOn(page),
      (found) => Object.keys(found).length > 0,
    );
    expect(marks).toEqual({
      'commonplace-person-0-light-anchored': ['provident poet cannot subsist without'],
    });
  });
});
