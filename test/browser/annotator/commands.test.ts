import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'puppeteer-core';
import {
  ARTICLE,
  annotationOn,
  command,
  give,
  markedTexts,
  selectWords,
  until,
} from '../../support/annotator-acts.ts';
import type { AnnotatorLab } from '../../support/annotator-lab.ts';
import { startAnnotatorLab } from '../../support/annotator-lab.ts';

let lab: AnnotatorLab;
let page: Page;
beforeAll(async () => {
  lab = await startAnnotatorLab('chrome');
});
afterEach(() => page.close());
afterAll(() => lab.close());

describe('commands of the node to a page', () => {
  it('scroll to an annotation and show it, or the request says why not', async () => {
    const far = ARTICLE.replace('<h1>', `<div style="height:3000px"></div><h1>`);
    page = await lab.open('/far.html', far);
    const given = annotationOn('great wits have short memories', { note: 'Proverb' });
    await give(lab, page.url(), [given]);
    await until(
      () => markedTexts(page),
      (texts) => texts.length === 1,
    );
    const show = (id: string) => command(lab, { to: 'annotator', type: 'annotations.show', id });
    expect(await show('nothing')).toMatchObject({ ok: false, failure: { code: 'not_found' } });
    expect(await show(given.id)).toEqual({ ok: true, value: null });
    await until(
      () => page.evaluate(() => scrollY),
      (y) => y > 2_000,
    );
    await page.waitForSelector('aria/Notes');
  });

  it('place words that an agent quotes, and refuse words that are not there', async () => {
    page = await lab.open('/quoted.html', ARTICLE);
    const describeQuote = (quote: string) =>
      command(lab, { to: 'annotator', type: 'anchor.describe', quote });
    expect(await describeQuote('poet cannot\n subsist without')).toMatchObject({
      ok: true,
      value: {
        quote: { exact: 'poet cannot subsist without', suffix: ', for this proverbial reason, th' },
      },
    });
    expect(await describeQuote('the moon is made of green cheese')).toMatchObject({
      ok: false,
      failure: { code: 'not_found' },
    });
  });

  it('reach the page engine in the same script, which does not see the card', async () => {
    page = await lab.open('/engine.html', ARTICLE);
    const ask = (request: unknown): Promise<unknown> | undefined =>
      lab.worker?.evaluate(async (sent) => {
        const tabs = await chrome.tabs.query({ url: '*://*/engine.html' });
        return chrome.tabs.sendMessage(tabs[0]?.id ?? 0, { to: 'page', request: sent });
      }, request);
    await selectWords(page, 'proverbial reason');
    await command(lab, { to: 'annotator', type: 'annotations.begin' });
    await page.waitForSelector('aria/Note');
    await page.keyboard.type('For people only');
    const seen = JSON.stringify(await ask({ op: 'snapshot', view: 'full' }));
    expect(seen).toContain('commonplace book is what a provident poet');
    expect(seen).not.toContain('For people only');
    expect(await ask({ op: 'no such thing' })).toMatchObject({
      ok: false,
      failure: { code: 'bad_arguments' },
    });
  });
});
