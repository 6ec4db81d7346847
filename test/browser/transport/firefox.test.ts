// Firefox and Chromium reach each other with the same modules, each dialling the other.
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SignallingServer } from '../../support/signalling.ts';
import {
  eventually,
  launchChromium,
  launchFirefox,
  startHost,
  startTestRelay,
  type Tab,
} from './browsers.ts';
import { buildFirefoxExtension, removeExtension } from './extension.ts';

let relay: SignallingServer;
let chromium: Browser;
let firefox: Browser;
const tabs: [Tab, string][] = [];

beforeAll(async () => {
  [relay, chromium, firefox] = await Promise.all([
    startTestRelay(),
    launchChromium(),
    launchFirefox(),
  ]);
  for (const browser of [chromium, firefox]) {
    tabs.push(await startHost(browser, relay));
  }
});

afterAll(async () => {
  await Promise.all([chromium?.close(), firefox?.close()]);
  await relay.close();
});

test.each([
  ['Chromium', 'Firefox', 0, 1],
  ['Firefox', 'Chromium', 1, 0],
])('%s dials %s: one binding, and megabytes come back unharmed', async (_, __, from, to) => {
  const [[a] = [], [b, bId] = []] = [tabs[from], tabs[to]];
  if (!a || !b || !bId) throw new Error('expected two tabs');
  expect(await a.call('dial', bId)).toMatchObject({ code: 'open' });
  await expect.poll(() => b.call('incoming')).toHaveLength(1);
  const [{ binding } = { binding: '' }] = await b.call('incoming');
  expect(await a.call('bindings')).toEqual([binding]);
  await b.call('echo');
  expect(await a.call('echoed', 10)).toBe(10);
});

// Chromium opens the channel now and then before it shows Firefox's answer, in which the fingerprint is.
test('forty dials in a row all open', async () => {
  const [[a] = [], [, bId] = []] = tabs;
  if (!a || !bId) throw new Error('expected two tabs');
  for (let i = 0; i < 40; i++) {
    // A connection that is still being closed counts until it is gone.
    let code = '';
    await expect
      .poll(async () => (code = (await a.call('dial', bId)).code), { timeout: 45_000 })
      .not.toBe('unavailable');
    expect(code).toBe('open');
    await a.call('close', -1);
  }
});

test('PeerJS and the document worker run in the event page of an extension', async () => {
  const [[a] = []] = tabs;
  const dir = await buildFirefoxExtension(relay.url);
  const known = new Set(relay.clients.keys());
  const news = () => [...relay.clients.keys()].find((id) => !known.has(id));
  try {
    await firefox.installExtension(dir);
    await eventually('the extension is at the relay', async () => news() !== undefined);
    expect(await a?.call('dial', news() ?? '')).toMatchObject({ code: 'open' });
    // The first byte is the worker's count.
    expect(await a?.call('exchange', [9, 8, 7])).toEqual([1, 8, 7]);
    expect(await a?.call('exchange', [9, 8, 7])).toEqual([2, 8, 7]);
  } finally {
    await removeExtension(dir);
  }
});
