// What a person does and sees on an annotated page, for browser tests: real mouse and keys, pictures and marks.
import type { Page } from 'puppeteer-core';
import type { AnnotatorCommand, PageAnnotation } from '../../lib/wire/annotator.ts';
import { pageAddress } from '../../lib/wire/annotator.ts';
import type { AnnotatorLab } from './annotator-lab.ts';

const DEADLINE_MS = 30_000;

/** Asks again until the answer pleases; fails with the last answer after the deadline. */
export async function until<T>(ask: () => Promise<T>, pleases: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + DEADLINE_MS;
  for (;;) {
    const answer = await ask();
    if (pleases(answer)) return answer;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

/** Drags the mouse over the first place where an element's text has these words. */
export async function selectWords(page: Page, words: string): Promise<void> {
  const ends = await page.evaluate((sought) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const pieces: { node: Node; start: number }[] = [];
    let text = '';
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      pieces.push({ node, start: text.length });
      text += node.nodeValue ?? '';
    }
    const at = text.indexOf(sought);
    const range = document.createRange();
    for (const { node, start } of pieces) {
      const length = node.nodeValue?.length ?? 0;
      if (start <= at && at < start + length) range.setStart(node, at - start);
      const end = at + sought.length;
      if (start < end && end <= start + length) range.setEnd(node, end - start);
    }
    const rects = [...range.getClientRects()];
    const [first, last] = [rects[0], rects.at(-1)];
    if (at === -1 || first === undefined || last === undefined) throw new Error(`no "${sought}"`);
    return { from: [first.left + 0.5, first.top + 5], to: [last.right - 0.5, last.top + 5] };
  }, words);
  await page.mouse.move(ends.from[0] ?? 0, ends.from[1] ?? 0);
  await page.mouse.down();
  await page.mouse.move(ends.to[0] ?? 0, ends.to[1] ?? 0, { steps: 4 });
  await page.mouse.up();
}

/**
 * Clicks a button of the in-page UI: the accessibility tree shows what a closed shadow root holds. Waits until it may be
 * pressed and stands still, and finds it again when it is drawn anew meanwhile. The page has to be in front.
 */
export async function pressButton(page: Page, name: string): Promise<void> {
  await page.locator(`aria/${name}[role="button"]`).setTimeout(DEADLINE_MS).click();
}

/** Presses the button beside the selection, and waits until what is typed goes into the note. */
export async function beginNote(page: Page): Promise<void> {
  await pressButton(page, 'Annotate');
  await noteHasFocus(page);
}

/** The page sees of our closed root only its host. */
export async function noteHasFocus(page: Page): Promise<void> {
  await page.waitForFunction(() => document.activeElement?.localName === 'commonplace-annotator');
}

export async function saveByKey(page: Page): Promise<void> {
  await page.keyboard.down('Control');
  await page.keyboard.press('Enter');
  await page.keyboard.up('Control');
}

/** The text under each highlight of ours that is a mark, by the highlight's name. */
export function marksOn(page: Page): Promise<Record<string, string[]>> {
  return page.evaluate(() => {
    const found: Record<string, string[]> = {};
    for (const [name, highlight] of CSS.highlights) {
      if (!/^commonplace-(person|agent)/.test(name)) continue;
      found[name] = [...highlight].map((range) =>
        range instanceof Range ? range.toString() : '?',
      );
    }
    return found;
  });
}

/** The marked texts of a page, in no particular order. */
export async function markedTexts(page: Page): Promise<string[]> {
  return Object.values(await marksOn(page)).flat();
}

/** Makes these the annotations of the page at `url` and pushes them to every tab. */
export async function give(
  lab: AnnotatorLab,
  url: string,
  annotations: readonly PageAnnotation[],
): Promise<void> {
  await lab.worker?.evaluate(
    async (address, given) => {
      globalThis.node.pages[address] = given;
      await globalThis.node.push();
    },
    pageAddress(url) ?? '',
    [...annotations],
  );
}

/** Sends a command to every page and gives the last answer. */
export function command(lab: AnnotatorLab, message: AnnotatorCommand): Promise<unknown> {
  if (lab.worker === null) throw new Error('only Chromium lets a test into the background');
  return lab.worker.evaluate((sent) => globalThis.node.command(sent), message);
}

/** Where the page last said that its marks stand, by annotation id. */
export async function statesSaid(lab: AnnotatorLab, url: string): Promise<Record<string, string>> {
  const heard = (await lab.worker?.evaluate(() => globalThis.node.heard)) ?? [];
  const last = heard.findLast(
    (one) => one.type === 'annotations.anchored' && one.url === pageAddress(url),
  );
  if (last?.type !== 'annotations.anchored') return {};
  return Object.fromEntries(last.states.map(({ id, state }) => [id, state]));
}

export function annotationOn(
  exact: string,
  more: Partial<PageAnnotation> & { prefix?: string; suffix?: string } = {},
): PageAnnotation {
  const { prefix = '', suffix = '', ...rest } = more;
  return {
    id: `given-${exact.slice(0, 12)}`,
    spaceId: 'space-1',
    spaceName: 'Field notes',
    target: {
      quote: { type: 'TextQuoteSelector', exact, prefix, suffix },
      position: { type: 'TextPositionSelector', start: 0, end: exact.length },
    },
    note: 'A note',
    by: { name: 'Bob', hue: 1, kind: 'person' },
    createdAt: Date.UTC(2026, 10, 19, 12),
    mine: false,
    ...rest,
  };
}

export const ARTICLE = `<!doctype html><meta charset=utf-8><title>On keeping a book</title>
<link rel=icon href="data:,">
<style>
  body { font: 18px/28px Georgia, serif; max-width: 620px; margin: 40px auto; padding: 0 16px; color: #222 }
  body.dark { background: #16181c; color: #ddd }
</style>
<h1>On keeping a <em>commonplace</em> book</h1>
<p id=one>A commonplace book is what a provident poet <b>cannot subsist</b> without, for this proverbial reason,
  that <a href="#top">great wits have short memories</a>.</p>
<p id=two>Whereas, on the other hand, poets being liars by profession, ought to have good memories; to
  reconcile these, a book of this sort, is in the nature of a supplemental memory.</p>`;
