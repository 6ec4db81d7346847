// The side panel over a stub node, in a real browser: what it shows and what it asks for.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Page } from 'puppeteer-core';
import type { PanelState } from '../../../lib/messaging/panel-state.ts';
import { fail } from '../../../lib/wire/failure.ts';
import { startPanelHost } from '../../support/panel-host.ts';
import type { PanelHost } from '../../support/panel-host.ts';
import { annotation } from '../../support/panel-parts.ts';
import { empty, offline, overfull, panelStates, typical } from '../../support/panel-states.ts';
import { fieldValue, press, textOf, tabStops, waitForText } from './looking.ts';

let host: PanelHost;
let page: Page;

beforeAll(async () => {
  host = await startPanelHost();
});
afterAll(() => host.close());
beforeEach(async () => {
  await host.setReplies({});
  await page?.close();
});

async function show(state: PanelState, width = 400): Promise<void> {
  await host.setState(state);
  page = await host.open('sidepanel.html');
  await page.setViewport({ width, height: 900 });
  await page.waitForSelector('h1, h2');
}

describe('what it shows', () => {
  test('a page without annotations says how to make one', async () => {
    await show(empty);
    await waitForText(page, 'press Alt+Shift+A');
  });

  test('an annotation that may have moved gives its old words by a press', async () => {
    await show(typical);
    expect(await textOf(page)).not.toContain('people worked in it for hours');
    await press(page, 'moved?');
    await waitForText(page, 'people worked in it for hours');
  });

  test('annotations whose words are gone stand apart', async () => {
    await show(typical);
    const gone = await page.$$eval('[aria-label="Annotations whose words are gone"] li', (rows) =>
      rows.map((row) => row.textContent),
    );
    expect(gone).toHaveLength(1);
    expect(gone[0]).toContain('taken out in the second edition');
  });

  test('offline it says what is kept and that it will be sent', async () => {
    await show(offline);
    await waitForText(page, '3 changes not sent yet');
  });

  test('files say where they are, and one that is removed asks first', async () => {
    await show(typical);
    const files = await page.$$eval('[aria-label="Files in this space"] li', (rows) =>
      rows.map((row) => row.textContent),
    );
    expect(files[0]).toContain('not sent yet');
    expect(files[1]).toContain('not in this browser yet');
    expect(files[2]).toContain('40 %');
    await press(page, 'Remove A new method');
    await waitForText(page, 'Remove it for everyone in the space?');
    expect(await page.$$('[aria-label^="Remove Scan"]')).toEqual([]);
  });

  test('a full disk is said in words that tell what to do', async () => {
    const problem = fail('storage_full', 'No room here.', 'Free some room.').failure;
    await show({ ...typical, storageProblem: problem });
    await waitForText(page, 'No room here.');
    await waitForText(page, 'Free some room.');
  });

  test('a change in the node appears without a reload', async () => {
    await show(empty);
    await host.setState({
      ...typical,
      page: {
        url: 'https://example.org/',
        title: '',
        tabId: 1,
        annotations: [annotation({ note: 'Just now from Bob' })],
        annotationTotal: 1,
      },
    });
    await waitForText(page, 'Just now from Bob');
  });

  test('markup in what others write is text', async () => {
    const evil = '<img src=x onerror="document.title=`owned`"><b>bold</b>';
    await show({
      ...typical,
      page: {
        url: 'https://example.org/',
        title: evil,
        tabId: 1,
        annotations: [
          annotation({ note: evil, quote: evil, by: { ...annotation().by, name: evil } }),
        ],
        annotationTotal: 1,
      },
    });
    await waitForText(page, evil);
    expect(await page.$$('main img, main b')).toHaveLength(0);
    expect(await page.title()).toBe('Commonplace');
  });

  test('of ten thousand annotations it draws a few and asks for more by a press', async () => {
    await show(overfull);
    expect(await page.$$('.annotation')).toHaveLength(20);
    await press(page, 'Show 20 more of 9,980');
    await page.waitForFunction(() => document.querySelectorAll('.annotation').length === 40);
  });
});

describe('what it asks for', () => {
  test('a press on the words scrolls the page there', async () => {
    await show(typical);
    await press(page, 'It must never shout');
    await expect
      .poll(() => host.calls())
      .toEqual([{ call: 'showAnnotation', args: { annotationId: 'a1', tabId: 1 } }]);
  });

  test('an edited note is saved for its annotation', async () => {
    await show(typical);
    await press(page, 'Edit note');
    await page.waitForSelector('textarea:focus');
    await page.keyboard.down('Control');
    await page.keyboard.press('a');
    await page.keyboard.up('Control');
    await page.keyboard.type('Better words');
    await press(page, 'Save');
    await page.waitForFunction(() => document.querySelector('textarea') === null);
    expect(await host.calls()).toMatchObject([
      {
        call: 'editAnnotation',
        args: { annotationId: 'a1', spaceId: 'space-1', note: 'Better words' },
      },
    ]);
  });

  test('removing asks once more, and Enter keeps', async () => {
    await show(typical);
    await press(page, 'Remove annotation');
    await page.waitForFunction(() => document.activeElement?.textContent === 'Keep');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => !document.body.innerText.includes('for everyone'));
    expect(await host.calls()).toEqual([]);
  });

  test('a failed edit keeps the words and says what happened', async () => {
    await host.setReplies({
      editAnnotation: {
        ok: false,
        failure: { code: 'storage_full', message: 'No room left.', remedy: 'Free some space.' },
      },
    });
    await show(typical);
    await press(page, 'Edit note');
    await page.waitForSelector('textarea:focus');
    await page.keyboard.type('X');
    await press(page, 'Save');
    await waitForText(page, 'No room left.');
    expect(await page.$eval('textarea', (field) => field.value)).toContain('X');
  });

  test('an invite link is shown in a field and named', async () => {
    await host.setReplies({
      invite: { ok: true, value: { link: 'https://r.example/join#abc', expiresAt: null } },
    });
    await show(typical);
    await press(page, 'Invite');
    expect(await fieldValue(page, 'Invite link')).toBe('https://r.example/join#abc');
  });
});

describe('when the browser stops the node', () => {
  test('the next command works and snapshots go on', async () => {
    await show(typical);
    await host.killWorker();
    await press(page, 'It must never shout');
    await page.waitForFunction(() => !document.body.innerText.includes('Reconnecting'));
    await expect.poll(() => host.calls()).toHaveLength(1);
    await host.setState(offline);
    await waitForText(page, '3 changes not sent yet');
  });
});

describe('in every state', () => {
  for (const [name, state] of Object.entries(panelStates)) {
    test(`${name}: nothing is wider than the panel, and every control can be reached and has a name`, async () => {
      await show(state, 320);
      const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(tooWide).toBeLessThanOrEqual(0);
      // 180 px is what a panel of 360 px has left when its text is zoomed to twice the size.
      await page.setViewport({ width: 180, height: 900 });
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      const { nameless, unreached } = await tabStops(page);
      expect(nameless).toEqual([]);
      expect(unreached).toEqual([]);
    });
  }
});
