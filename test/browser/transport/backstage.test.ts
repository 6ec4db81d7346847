// The offscreen document behind a service worker, in real Chromium: connections and worker, and who may die when.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRelay } from '../../../relay/server.ts';
import { startSignalling, type SignallingServer } from '../../support/signalling.ts';
import { buildExtension, removeExtension, runExtension, type ExtensionRun } from './extension.ts';

let relay: SignallingServer;
let dir: string;
let ada: ExtensionRun;
let bob: ExtensionRun;

beforeAll(async () => {
  relay = await startSignalling(new Map());
  dir = await buildExtension();
  [ada, bob] = await Promise.all([runExtension(dir), runExtension(dir)]);
  await Promise.all([ada.call('connect'), bob.call('connect')]);
});

afterAll(async () => {
  await Promise.all([ada?.close(), bob?.close()]);
  await relay.close();
  await removeExtension(dir);
});

async function openHost(node: ExtensionRun, relayHttpUrl = relay.url): Promise<string> {
  const peerId = await node.call('openHost', relayHttpUrl);
  await expect.poll(() => node.call('hostState')).toBe('open');
  return peerId;
}

describe('document worker', () => {
  test('answers on its port, and a fresh one takes its place at once even when it hangs', async () => {
    await ada.call('startWorker');
    const first = await ada.call('ask', 'hello');
    expect(first).toMatchObject({ count: 1, echo: 'hello' });
    expect(await ada.call('ask', 'again')).toMatchObject({ born: first.born, count: 2 });
    await ada.call('say', 'hang');
    await ada.call('startWorker');
    const second = await ada.call('ask', 'hello');
    expect(second).toMatchObject({ count: 1, echo: 'hello' });
    expect(second.born).not.toBe(first.born);
  });

  test('tells when it threw', async () => {
    await ada.call('startWorker');
    await ada.call('ask', 'throw');
    await expect
      .poll(() => ada.call('errors'))
      .toContainEqual(expect.stringContaining('on purpose'));
  });
});

describe('direct connections through the service worker', () => {
  test('carry megabytes both ways with one binding at both ends', async () => {
    await openHost(ada);
    const bobId = await openHost(bob);
    const binding = await ada.call('dial', bobId);
    expect(binding).toMatch(/^[0-9a-f]{64}$/);
    await expect.poll(() => bob.call('incoming')).toEqual([binding]);
    await bob.call('echo');
    expect(await ada.call('roundTrips', 8, 1024 * 1024)).toMatchObject({ good: 8 });
    await ada.call('closeDialled');
    expect(await bob.call('incomingClosed')).toBe('remote');
  });

  test('report a failed dial as the real host does', async () => {
    expect(await ada.call('dial', 'nobody')).toBe('bad_arguments');
    expect(await ada.call('dial', '0'.repeat(40))).toBe('not_found');
  });
});

describe("by way of the project's own relay", () => {
  test('two nodes connect, and an id that nobody has is not found', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'transport-relay-'));
    const real = await startRelay({ port: 0, host: '127.0.0.1', dataDir });
    try {
      await openHost(ada, real.http);
      const bobId = await openHost(bob, real.http);
      expect(await ada.call('dial', bobId)).toMatch(/^[0-9a-f]{64}$/);
      expect(await ada.call('dial', '0'.repeat(40))).toBe('not_found');
    } finally {
      await real.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});

describe('when the service worker is killed', () => {
  test('the document drops what it held, and the next worker starts clean in it', async () => {
    const bobId = await openHost(bob);
    await openHost(ada);
    const binding = await ada.call('dial', bobId);
    await expect.poll(() => bob.call('incoming')).toContain(binding);
    await ada.call('startWorker');
    const before = await ada.call('ask', 'before');

    await ada.killServiceWorker();
    // Nobody calls: the document itself notices and wakes a new worker. Bob sees the connection end.
    expect(await bob.call('incomingClosed')).not.toBe('local');

    await ada.call('connect');
    await ada.call('startWorker');
    expect(await ada.call('ask', 'after')).toMatchObject({ count: 1, echo: 'after' });
    expect((await ada.call('ask', 'after')).born).not.toBe(before.born);
    await openHost(ada);
    expect(await ada.call('dial', bobId)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('three times in a row, it comes back each time', async () => {
    for (let round = 0; round < 3; round++) {
      await ada.killServiceWorker();
      await ada.call('connect');
      await ada.call('startWorker');
      expect(await ada.call('ask', `round ${round}`)).toMatchObject({ count: 1 });
    }
  });
});

describe('when the node itself starts anew', () => {
  test('closing a backstage ends its worker, and connecting again gives a clean one', async () => {
    await ada.call('startWorker');
    const before = await ada.call('ask', 'before');
    await ada.call('closeBackstage');
    expect(await ada.call('isLost')).toBe(true);
    await ada.call('connect');
    await ada.call('startWorker');
    expect(await ada.call('ask', 'after')).toMatchObject({ count: 1 });
    expect((await ada.call('ask', 'after')).born).not.toBe(before.born);
  });
});

describe('when the offscreen document goes away', () => {
  test('the node is told, and gets another', async () => {
    await ada.closeDocument();
    await expect.poll(() => ada.call('isLost')).toBe(true);
    await ada.call('connect');
    await ada.call('startWorker');
    expect(await ada.call('ask', 'new')).toMatchObject({ count: 1, echo: 'new' });
  });
});
