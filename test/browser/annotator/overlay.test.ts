import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARTICLE, annotationOn, give, until } from '../../support/annotator-acts.ts';
import type { AnnotatorLab } from '../../support/annotator-lab.ts';
import { startAnnotatorLab } from '../../support/annotator-lab.ts';

let lab: AnnotatorLab;
beforeAll(async () => {
  lab = await startAnnotatorLab('chrome', 'annotator-content-overlay.ts');
});
afterAll(() => lab.close());

describe('in a browser without the highlight API', () => {
  it('marks are drawn over the page, follow its scrolling, and leave its DOM and clicks alone', async () => {
    const page = await lab.open(
      '/overlay.html',
      ARTICLE.replace('</p>', '</p><div style="height:2000px"></div>'),
    );
    const picture = (): Promise<string> => page.screenshot({ encoding: 'base64' });
    const [plain, paragraphs] = [
      await picture(),
      await page.$$eval('p', (all) => all.map((p) => p.innerHTML)),
    ];
    const given = annotationOn('proverbial reason', { prefix: 'without, for this ', mine: true });
    await give(lab, page.url(), [given]);
    await until(picture, (now) => now !== plain);
    expect(await page.evaluate(() => CSS.highlights.size)).toBe(0);
    expect(await page.$$eval('p', (all) => all.map((p) => p.innerHTML))).toEqual(paragraphs);

    await page.evaluate(() => scrollTo(0, 60));
    const scrolled = await picture();
    await give(lab, page.url(), []);
    await until(picture, (now) => now !== scrolled);
    await page.evaluate(() => scrollTo(0, 0));
    await until(picture, (now) => now === plain);
    const under = await page.$eval('#one', (one) => {
      const { left, top } = one.getBoundingClientRect();
      return document.elementFromPoint(left + 5, top + 5)?.id;
    });
    expect(under).toBe('one');
  });
});
