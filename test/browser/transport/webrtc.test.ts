// WebRTC channels in real Chromium: the contract, two separate browser processes, and a relay that lies.
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelCases } from '../../contracts/channel.ts';
import type { SignallingServer } from '../../support/signalling.ts';
import { launchChromium, openTab, startTestRelay, type Tab } from './browsers.ts';

let relay: SignallingServer;
let ada: Browser;
let bob: Browser;

beforeAll(async () => {
  [relay, ada, bob] = await Promise.all([startTestRelay(), launchChromium(), launchChromium()]);
});

afterAll(async () => {
  await Promise.all([ada.close(), bob.close()]);
  await relay.close();
});

async function started(browser: Browser, admit?: 'all' | 'nobody'): Promise<[Tab, string]> {
  const tab = await openTab(browser, relay);
  const peerId = await tab.call('start', relay.url, admit);
  await expect.poll(() => tab.call('state')).toBe('open');
  return [tab, peerId];
}

describe('channel contract: webrtc in one page', () => {
  let tab: Tab;
  beforeAll(async () => {
    tab = await openTab(ada, relay);
  });
  for (const { name } of channelCases) {
    test(name, () => tab.call('runCase', relay.url, name));
  }
});

describe('webrtc between two browser processes', () => {
  test('both ends compute the same binding, and it is not empty', async () => {
    const [[a, aId], [b, bId]] = await Promise.all([started(ada), started(bob)]);
    expect(await a.call('dial', bId)).toMatchObject({ code: 'open' });
    await expect.poll(() => b.call('incoming')).toHaveLength(1);
    const [binding] = await a.call('bindings');
    expect(await b.call('incoming')).toEqual([{ from: aId, binding }]);
    expect(binding).toMatch(/^(?!0{64})[0-9a-f]{64}$/);
  });
});
