// Firefox and Chromium reach each other with the same modules, each dialling the other.
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SignallingServer } from '../../support/signalling.ts';
import { launchChromium, launchFirefox, startHost, startTestRelay, type Tab } from './browsers.ts';

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
