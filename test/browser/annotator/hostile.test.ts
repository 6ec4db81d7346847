import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'puppeteer-core';
import {
  ARTICLE,
  annotationOn,
  command,
  give,
  markedTexts,
  pressButton,
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

const begin = (): Promise<unknown> => command(lab, { to: 'annotator', type: 'annotations.begin' });

async function createdCount(): Promise<number> {
  const heard = (await lab.worker?.evaluate(() => globalThis.node.heard)) ?? [];
  return heard.filter(({ type }) => type === 'annotations.create').length;
}

describe('on a hostile page', () => {
  it('no synthetic event opens, writes or saves anything, and our root stays closed', async () => {
    page = await lab.open('/synthetic.html', ARTICLE);
    const offered = await page.evaluate(async () => {
      getSelection()?.selectAllChildren(document.querySelector('#one') ?? document);
      document.dispatchEvent(new MouseEvent('mouseup', { bubbles: true }));
      document.dispatchEvent(new KeyboardEvent('keyup', { bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve));
      await new Promise((resolve) => setTimeout(resolve));
      const host = document.querySelector('commonplace-annotator');
      getSelection()?.removeAllRanges();
      return host !== null;
    });
    expect(offered).toBe(false);
    await selectWords(page, 'proverbial reason');
    await page.waitForSelector('aria/Annotate');
    const reached = await page.evaluate(() => {
      const host = document.querySelector('commonplace-annotator');
      if (!(host instanceof HTMLElement)) return 'no host';
      host.click();
      const keys = { key: 'Enter', ctrlKey: true, bubbles: true, composed: true };
      host.dispatchEvent(new KeyboardEvent('keydown', keys));
      host.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
      return host.shadowRoot;
    });
    expect(reached).toBeNull();
    await pressButton(page, 'Annotate');
    await page.waitForSelector('aria/Note');
    await page.keyboard.type('Never saved');
    await page.evaluate(() => {
      const host = document.querySelector('commonplace-annotator');
      const keys = { key: 'Enter', ctrlKey: true, bubbles: true, composed: true };
      host?.dispatchEvent(new KeyboardEvent('keydown', keys));
    });
    await page.keyboard.press('Escape');
    expect(await createdCount()).toBe(0);
  });

  it('a page that removes our element does not take away what is being written', async () => {
    page = await lab.open('/removing.html', ARTICLE);
    await selectWords(page, 'proverbial reason');
    await begin();
    await page.waitForSelector('aria/Note');
    await page.keyboard.type('Half a thought');
    await page.evaluate(() => document.querySelector('commonplace-annotator')?.remove());
    await until(
      () => page.evaluate(() => document.querySelector('commonplace-annotator') !== null),
      (there) => there,
    );
    expect(JSON.stringify(await page.accessibility.snapshot())).toContain('Half a thought');
  });

  it('a page that never stops removing it is not fought for ever', async () => {
    page = await lab.open('/stubborn.html', ARTICLE);
    await page.evaluate(() => {
      let removed = 0;
      new MutationObserver(() => {
        const host = document.querySelector('commonplace-annotator');
        if (host === null) return;
        host.remove();
        document.body.dataset['removed'] = String(++removed);
      }).observe(document.documentElement, { childList: true });
    });
    await selectWords(page, 'proverbial reason');
    await until(
      () => page.evaluate(() => Number(document.body.dataset['removed'])),
      (removed) => removed >= 20,
    );
    expect(await page.evaluate(() => Number(document.body.dataset['removed']))).toBeLessThan(30);
  });

  it('styles of the page do not hide or move what we show, and its content policy does not stop it', async () => {
    const styled = ARTICLE.replace(
      '</style>',
      `html > * { opacity: 0 !important; display: none !important }
       body { display: block !important; opacity: 1 !important }
       commonplace-annotator { transform: translate(-4000px) !important; visibility: hidden !important }</style>`,
    );
    page = await lab.open('/styled.html', styled);
    await selectWords(page, 'proverbial reason');
    await pressButton(page, 'Annotate');
    await page.waitForSelector('aria/Note');
    await page.close();

    const policy = { 'content-security-policy': "default-src 'none'" };
    page = await lab.open('/policy.html', ARTICLE, policy);
    await give(lab, page.url(), [annotationOn('supplemental memory')]);
    await until(
      () => markedTexts(page),
      (texts) => texts.length === 1,
    );
    await selectWords(page, 'proverbial reason');
    await pressButton(page, 'Annotate');
    const note = await page.waitForSelector('aria/Note');
    expect((await note?.boundingBox())?.width).toBeGreaterThan(200);
  });

  it('a page that clobbers the names of the DOM with form fields is still read to its end', async () => {
    const names = [
      'firstChild',
      'parentNode',
      'nextSibling',
      'childNodes',
      'nodeType',
      'localName',
    ];
    const form = `<form>${names.map((name) => `<input name=${name}>`).join('')}In the form</form>`;
    page = await lab.open('/clobbered.html', `<!doctype html>${form}<p>After the form</p>`);
    await give(lab, page.url(), [annotationOn('In the form After the form')]);
    const texts = await until(
      () => markedTexts(page),
      (found) => found.length === 1,
    );
    expect(texts).toEqual(['In the formAfter the form']);
  });

  it('a text node of ten megabytes and a flood of changes leave marks where they are', async () => {
    page = await lab.open('/flood.html', ARTICLE);
    await give(lab, page.url(), [
      annotationOn('proverbial reason'),
      annotationOn('nowhere at all on this page'),
    ]);
    await until(
      () => markedTexts(page),
      (texts) => texts.length === 1,
    );
    await page.evaluate(() => {
      const heap = document.createElement('pre');
      heap.hidden = true;
      heap.textContent = 'x y '.repeat(2_621_440);
      document.body.append(heap);
      const churn = document.createElement('p');
      document.body.append(churn);
      let round = 0;
      const flood = setInterval(() => {
        for (let n = 0; n < 200; n++) churn.textContent = `${++round}`;
        if (round > 40_000) clearInterval(flood);
      });
    });
    await until(
      () => page.evaluate(() => Number(document.querySelector('body > p:last-child')?.textContent)),
      (round) => round > 40_000,
    );
    expect(await markedTexts(page)).toEqual(['proverbial reason']);
  });

  it('the page is not told of refused code by its own policy when our script starts', async () => {
    const listening = ARTICLE.replace(
      '<style>',
      `<script>document.addEventListener('securitypolicyviolation', (event) => {
        document.documentElement.dataset.violation = event.violatedDirective + ' ' + event.blockedURI;
      });</script><style>`,
    );
    const policy = { 'content-security-policy': "script-src 'unsafe-inline'" };
    page = await lab.open('/told.html', listening, policy);
    await give(lab, page.url(), [annotationOn('proverbial reason')]);
    await until(
      () => markedTexts(page),
      (texts) => texts.length === 1,
    );
    expect(
      await page.evaluate(() => document.documentElement.dataset['violation']),
    ).toBeUndefined();
  });
});
