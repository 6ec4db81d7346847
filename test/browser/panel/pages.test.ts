// The pages that fill a tab, by keyboard alone: welcome, join, options. And who may not speak to the node.
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startPanelHost } from '../../support/panel-host.ts';
import type { PanelHost } from '../../support/panel-host.ts';
import { named, typical, unbegun } from '../../support/panel-states.ts';
import { press, tabStops, waitForText } from './looking.ts';

let host: PanelHost;

beforeAll(async () => {
  host = await startPanelHost();
});
afterAll(() => host.close());
beforeEach(() => host.setReplies({}));

const bobsInvite = {
  previewInvite: {
    ok: true,
    value: {
      spaceName: 'Reading group',
      inviterName: 'Bob',
      inviterDid: 'did:key:zBob',
      relay: 'wss://relay.example',
      joinedSpaceId: null,
    },
  },
} as const;

describe('welcome', () => {
  test('leads from a name to a space and to the side panel without a pointer', async () => {
    await host.setReplies({ createSpace: { ok: true, value: { spaceId: 'space-1' } } });
    await host.setState(unbegun);
    const page = await host.open('welcome.html');
    await waitForText(page, 'First, a name');
    await page.keyboard.type('Ada');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => host.calls())
      .toEqual([{ call: 'createPerson', args: { name: 'Ada' } }]);

    await host.setState(named);
    await waitForText(page, 'Make your first space');
    await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT');
    await page.keyboard.type('Thesis');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => host.calls())
      .toMatchObject([
        {},
        { call: 'createSpace', args: { name: 'Thesis' } },
        { call: 'openSpace', args: { spaceId: 'space-1' } },
      ]);

    await host.setState(typical);
    await waitForText(page, 'Open the side panel');
    expect(await tabStops(page)).toEqual({ nameless: [], unreached: [] });
    await page.close();
  });

  test('does not touch the clipboard by itself', async () => {
    await host.setReplies({
      invite: { ok: true, value: { link: 'https://r/#x', expiresAt: null } },
    });
    await host.setState(typical);
    const page = await host.open('welcome.html');
    await page.waitForSelector('::-p-aria(Invite link)');
    expect(await page.evaluate(() => document.body.innerText)).not.toContain('Copied');
    await page.close();
  });
});

describe('join', () => {
  test('says whose space it is before anything is joined, and asks a newcomer for a name first', async () => {
    await host.setReplies(bobsInvite);
    await host.setState(unbegun);
    const page = await host.open('join.html#invite');
    await waitForText(page, 'Bob invites you');
    await waitForText(page, 'First, a name');
    await host.setState(named);
    await press(page, 'Join');
    await expect
      .poll(() => host.calls())
      .toMatchObject([
        { call: 'previewInvite', args: { link: expect.stringMatching(/join\.html#invite$/) } },
        { call: 'joinSpace', args: { link: expect.stringMatching(/#invite$/) } },
      ]);
    await page.close();
  });

  test('a bad link says what is wrong and what to do', async () => {
    await host.setReplies({
      previewInvite: {
        ok: false,
        failure: { code: 'malformed', message: 'It ends too early.', remedy: 'Copy all of it.' },
      },
    });
    const page = await host.open('join.html#x');
    await waitForText(page, 'It ends too early.');
    await waitForText(page, 'Copy all of it.');
    expect(await page.$$('button')).toHaveLength(0);
    await page.close();
  });

  test('"Not now" closes the page and joins nothing', async () => {
    await host.setReplies(bobsInvite);
    await host.setState(named);
    const page = await host.open('join.html#invite');
    const closed = new Promise((resolve) => page.once('close', resolve));
    // The page may go before it has told that it was pressed.
    await press(page, 'Not now').catch(() => undefined);
    await closed;
    expect((await host.calls()).map(({ call }) => call)).toEqual(['previewInvite']);
  });
});

test('options saves a name and a relay, and says so', async () => {
  await host.setState(typical);
  const page = await host.open('options.html');
  const field = await page.waitForSelector('::-p-aria(Address of the relay)');
  await field?.click({ count: 3 });
  await page.keyboard.type('wss://other.example');
  await page.keyboard.press('Enter');
  await waitForText(page, 'Saved');
  expect(await host.calls()).toEqual([{ call: 'setRelay', args: { url: 'wss://other.example' } }]);
  expect(await tabStops(page)).toEqual({ nameless: [], unreached: [] });
  await page.close();
});

test('a web page cannot speak to the node, nor frame a page of the extension', async () => {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(
      '<iframe src="chrome-extension://oobkohdpiciabfffpjbodadedlpmdelp/sidepanel.html">',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  const page = await host.browser.newPage();
  await page.goto(`http://127.0.0.1:${address.port}/`);
  const heard = await page.evaluate(
    () => 'chrome' in globalThis && 'sendMessage' in (chrome.runtime ?? {}),
  );
  expect(heard).toBe(false);
  expect(page.frames().some((frame) => frame.url().endsWith('sidepanel.html'))).toBe(false);
  expect(await host.calls()).toEqual([]);
  await page.close();
  server.close();
});
