import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'puppeteer-core';
import {
  ARTICLE,
  annotationOn,
  give,
  statesSaid,
  markedTexts,
  marksOn,
  pressButton,
  saveByKey,
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

describe('marks on a page', () => {
  it('stay on a passage across inline elements after a reload and after a change of its text', async () => {
    page = await lab.open('/kept.html', ARTICLE);
    await selectWords(page, 'provident poet cannot subsist without');
    await pressButton(page, 'Annotate');
    await page.waitForSelector('aria/Note');
    await page.keyboard.type('Is it so?');
    await saveByKey(page);
    const marked = await until(
      () => markedTexts(page),
      (texts) => texts.length === 1,
    );
    expect(marked).toEqual(['provident poet cannot subsist without']);

    await page.reload();
    expect(
      await until(
        () => markedTexts(page),
        (texts) => texts.length === 1,
      ),
    ).toEqual(marked);

    const changed = ARTICLE.replace('cannot subsist', 'can scarce subsist').replace(
      '<h1>',
      '<p>New</p><h1>',
    );
    lab.serve('/kept.html', changed);
    await page.reload();
    const after = await until(
      () => markedTexts(page),
      (texts) => texts.length === 1,
    );
    expect(after).toEqual(['provident poet can scarce subsist without']);
  });

  it('appear, change and go as the node says, without a reload', async () => {
    page = await lab.open('/live.html', ARTICLE);
    const given = annotationOn('great wits have short memories', {
      prefix: 'proverbial reason, that ',
    });
    await give(lab, page.url(), [given]);
    const shown = await until(
      () => marksOn(page),
      (marks) => Object.keys(marks).length > 0,
    );
    expect(shown).toEqual({
      'commonplace-person-1-light-anchored': ['great wits have short memories'],
    });

    const byAgent = { name: 'Scout', hue: 3, kind: 'agent', onBehalfOf: 'Bob' } as const;
    await give(lab, page.url(), [{ ...given, by: byAgent }]);
    await until(
      () => marksOn(page),
      (marks) => 'commonplace-agent-3-light-anchored' in marks,
    );

    await give(lab, page.url(), []);
    await until(
      () => markedTexts(page),
      (texts) => texts.length === 0,
    );
  });

  it('take the tone of the ground they stand on', async () => {
    page = await lab.open('/tone.html', ARTICLE);
    await give(lab, page.url(), [
      annotationOn('a book of this sort, is in the nature of a supplemental memory'),
    ]);
    await until(
      () => marksOn(page),
      (marks) => 'commonplace-person-1-light-anchored' in marks,
    );
    await page.evaluate(() => document.body.classList.add('dark'));
    await until(
      () => marksOn(page),
      (marks) => 'commonplace-person-1-dark-anchored' in marks,
    );
  });

  it('follow a page that rewrites itself, and become orphans when their words go', async () => {
    page = await lab.open('/rewritten.html', ARTICLE);
    const given = annotationOn('great wits have short memories', {
      prefix: 'proverbial reason, that ',
    });
    await give(lab, page.url(), [given]);
    await until(
      () => markedTexts(page),
      (texts) => texts.length === 1,
    );
    await page.evaluate(() => {
      const one = document.querySelector('#one');
      const clone = one?.cloneNode(true);
      if (clone !== undefined) one?.replaceWith(clone);
    });
    await until(
      () => markedTexts(page),
      (texts) => texts[0] === 'great wits have short memories',
    );
    await page.evaluate(() => document.querySelector('#one')?.remove());
    await until(
      () => markedTexts(page),
      (texts) => texts.length === 0,
    );
    await until(
      () => statesSaid(lab, page.url()),
      (said) => said[given.id] === 'orphan',
    );
  });

  it('belong to an address: they go and come with navigation inside the page', async () => {
    page = await lab.open('/app.html', ARTICLE);
    const here = page.url();
    await give(lab, here, [annotationOn('great wits have short memories')]);
    await until(
      () => markedTexts(page),
      (texts) => texts.length === 1,
    );
    await page.evaluate(() => history.pushState({}, '', '/app/elsewhere'));
    await until(
      () => markedTexts(page),
      (texts) => texts.length === 0,
    );
    await page.evaluate(() => history.back());
    await until(
      () => markedTexts(page),
      (texts) => texts.length === 1,
    );
    await page.evaluate(() => (location.hash = 'section'));
    expect(await markedTexts(page)).toHaveLength(1);
  });

  it('say that they are uncertain where equal passages cannot be told apart, and never mark absent words', async () => {
    const row = '<li>Delete this entry from the list</li>';
    page = await lab.open('/rows.html', `<!doctype html><ul>${row.repeat(6)}</ul>`);
    const twin = annotationOn('this entry', { prefix: 'Delete ', suffix: ' from the list' });
    const absent = annotationOn('words that were never printed on this page at all');
    await give(lab, page.url(), [twin, absent]);
    const said = await until(
      () => statesSaid(lab, page.url()),
      (states) => Object.keys(states).length === 2,
    );
    expect(said).toEqual({ [twin.id]: 'uncertain', [absent.id]: 'orphan' });
    expect(await marksOn(page)).toEqual({ 'commonplace-person-1-light-uncertain': ['this entry'] });
  });

  it('come on a page of five megabytes with five hundred annotations', async () => {
    page = await lab.open('/big.html', '<!doctype html><body><h1>Big</h1></body>');
    await page.evaluate(() => {
      const fill = 'lorem ipsum dolor sit amet consectetur adipiscing elit sed do '.repeat(16);
      const parts = Array.from(
        { length: 5_000 },
        (_, n) => `<p>Entry number ${n} is about topic ${n * 31}. ${fill}</p>`,
      );
      document.body.insertAdjacentHTML('beforeend', parts.join(''));
    });
    const many = Array.from({ length: 500 }, (_, n) =>
      annotationOn(`Entry number ${n * 9} is about topic ${n * 9 * 31}.`, {
        id: `n${n}`,
        suffix: ' lorem ipsum',
      }),
    );
    await give(lab, page.url(), many);
    const texts = await until(
      () => markedTexts(page),
      (found) => found.length === 500,
    );
    expect(new Set(texts)).toEqual(new Set(many.map(({ target }) => target.quote.exact)));
  });

  it('are found in a tab that has never been shown', async () => {
    page = await lab.open('/shown.html', ARTICLE);
    const hidden = lab.serve('/hidden.html', ARTICLE);
    const given = annotationOn('a book of this sort, is in the nature of a supplemental memory');
    await give(lab, hidden, [given]);
    await lab.worker?.evaluate((url) => chrome.tabs.create({ url, active: false }), hidden);
    await until(
      () => statesSaid(lab, hidden),
      (said) => said[given.id] === 'anchored',
    );
  });
});
