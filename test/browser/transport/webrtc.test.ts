// WebRTC channels in real Chromium: the contract, two separate browser processes, and a relay that lies.
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelCases } from '../../contracts/channel.ts';
import type { SignallingServer } from '../../support/signalling.ts';
import {
  eventually,
  kill,
  launchChromium,
  openTab,
  startHost,
  startTestRelay,
  type Tab,
} from './browsers.ts';

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

const started = (browser: Browser, admit?: 'all' | 'nobody') => startHost(browser, relay, admit);

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

  test('closing a host ends its channels at both ends', async () => {
    const [[a], [b, bId]] = await Promise.all([started(ada), started(bob)]);
    await a.call('dial', bId);
    await a.call('stop');
    expect(await a.call('state')).toBe('offline');
    expect(await a.call('closed', 'dialled', 0)).toBe('local');
    expect(await b.call('closed', 'incoming', 0)).toBe('remote');
    expect(await a.call('dial', bId)).toMatchObject({ code: 'offline' });
  });
});

describe.concurrent('what takes its time', () => {
  test('an end whose process is killed is noticed', async () => {
    const doomed = await launchChromium();
    const [[a], [, doomedId]] = await Promise.all([started(ada), started(doomed)]);
    expect(await a.call('dial', doomedId)).toMatchObject({ code: 'open' });
    await kill(doomed);
    expect(await a.call('closed', 'dialled', 0)).toMatch(/timeout|error|remote/);
  });

  test('ends by deadline or by its signal when the other never answers', async () => {
    const [[a], [, bId]] = await Promise.all([started(ada), started(bob)]);
    relay.hear = (message) => (message.dst === bId ? [] : [message]);
    const [late, cancelled] = await Promise.all([a.call('dial', bId), a.call('dial', bId, 50)]);
    expect(late.code).toBe('timeout');
    expect(cancelled.code).toBe('cancelled');
    relay.hear = (message) => [message];
    expect(await a.call('dial', bId)).toMatchObject({ code: 'open' });
  });

  test('a stranger who is not admitted is cut off, one who is stays', async () => {
    const [[a], [b, bId], [c, cId]] = await Promise.all([
      started(ada),
      started(bob, 'nobody'),
      started(bob, 'all'),
    ]);
    await a.call('dial', cId);
    await a.call('dial', bId);
    await eventually('b took it', async () => (await b.call('incoming')).length === 1);
    expect(await b.call('closed', 'incoming', 0)).toBe('timeout');
    await c.call('echo');
    expect(await a.call('echoed', 1, 0)).toBe(1);
  });

  test('only eight connections fit, and four of strangers', async () => {
    const [[a], [, bId], [, cId]] = await Promise.all([
      started(ada),
      started(bob, 'nobody'),
      started(bob, 'nobody'),
    ]);
    const dials = await Promise.all(Array.from({ length: 5 }, () => a.call('dial', bId)));
    expect(dials.map(({ code }) => code).toSorted()).toEqual([...Array(4).fill('open'), 'timeout']);
    const more = await Promise.all(Array.from({ length: 5 }, () => a.call('dial', cId)));
    expect(more.map(({ code }) => code).toSorted()).toEqual([
      ...Array(4).fill('open'),
      'unavailable',
    ]);
  });
});

describe('when the relay comes and goes', () => {
  test('an open channel lives on, and the line to signalling comes back', async () => {
    const [[a], [b, bId]] = await Promise.all([started(ada), started(bob)]);
    await a.call('dial', bId);
    await expect.poll(() => b.call('incoming')).toHaveLength(1);
    await b.call('echo');
    relay.dropAll();
    await expect.poll(() => a.call('state')).not.toBe('open');
    expect(await a.call('echoed', 1)).toBe(1);
    await expect.poll(() => a.call('state'), { timeout: 45_000 }).toBe('open');
    await expect.poll(() => b.call('state'), { timeout: 45_000 }).toBe('open');
    expect(await a.call('dial', bId)).toMatchObject({ code: 'open' });
  });
});

describe('a dial that cannot succeed', () => {
  test('says why', async () => {
    const [a] = await started(ada);
    expect(await a.call('dial', 'no peer id')).toMatchObject({ code: 'bad_arguments' });
    expect(await a.call('dial', '0'.repeat(40))).toMatchObject({ code: 'not_found' });
  });
});

describe('a hostile end', () => {
  const wholeFrame = [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 7];
  const attacks: [string, (string | number[])[], string][] = [
    ['text', ['hello'], 'malformed'],
    ['an unknown frame', [[9, 9, 9]], 'malformed'],
    ['a message out of turn', [wholeFrame.with(4, 5)], 'malformed'],
    ['a message announced too large', [wholeFrame.with(5, 200)], 'too_large'],
    ['credit for what was never sent', [[1, 0, 0, 1, 0]], 'malformed'],
  ];
  test.each(attacks)('that sends %s is cut off', async (_, frames, reason) => {
    const [[a], [b, bId]] = await Promise.all([started(ada), started(bob)]);
    await a.call('attack', relay.url, bId, frames);
    await expect.poll(() => b.call('incoming')).toHaveLength(1);
    expect(await b.call('closed', 'incoming', 0)).toBe(reason);
  });
});

describe('a lying relay', () => {
  test('that says a connected peer has left closes nothing', async () => {
    const [[a, aId], [b, bId]] = await Promise.all([started(ada), started(bob)]);
    await a.call('dial', bId);
    await expect.poll(() => b.call('incoming')).toHaveLength(1);
    await b.call('echo');
    for (const nonsense of [
      'not json',
      '{}',
      'null',
      '[]',
      '{"type":"OFFER"}',
      '{"type":"ANSWER","src":1}',
    ]) {
      relay.send(aId, nonsense);
    }
    relay.send(aId, { type: 'LEAVE', src: bId });
    expect(await a.call('echoed', 3)).toBe(3);
  });
});
