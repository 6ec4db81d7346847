// Many clients at once, and what happens to those who take more than their share.
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { randomBytes } from '../../lib/identity/hash.ts';
import { signerOfSeed } from '../../lib/identity/signer.ts';
import type { RelayOptions } from '../../relay/server.ts';
import { eventually } from '../support/eventually.ts';
import { rawPeerAtRelay } from '../support/raw-peer.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';
import { createTestNode, createTestSpace, type TestNode } from '../support/sync-node.ts';

let relay: TestRelay | undefined;

afterEach(async () => {
  await relay?.close();
  relay = undefined;
});

async function start(options: Partial<RelayOptions> = {}): Promise<string> {
  relay = await startTestRelay(options);
  return relay.url;
}

test('two hundred connections in one space all get an edit', { timeout: 60_000 }, async () => {
  const url = await start();
  const space = await createTestSpace();
  const nodes: TestNode[] = await Promise.all(
    Array.from({ length: 200 }, () => createTestNode([space])),
  );
  const sessions = await Promise.all(nodes.map((node) => node.connect(url)));
  await Promise.all(sessions.map((session) => session.open(space.bytes)));
  const [ada] = nodes;
  if (ada === undefined) throw new Error('expected a node');
  await ada.write(space, 3);
  await eventually(async () => {
    const seqs = await Promise.all(nodes.map((node) => node.seqOf(space, ada.author)));
    return seqs.every((seq) => seq === 3);
  }, 50_000);
});

test('connections above the limits are answered with 503 and 429, and room is given back', async () => {
  const url = await start({ limits: { maxConnections: 4, maxConnectionsPerAddress: 3 } });
  const open = await Promise.all([1, 2, 3].map(() => dial(url)));
  expect(open.map(({ status }) => status)).toEqual(['open', 'open', 'open']);
  expect((await dial(url)).status).toBe(429);
  open[0]?.socket.terminate();
  await eventually(async () => (await dial(url)).status === 'open');
});

test('a network that connects too fast is slowed', async () => {
  const url = await start({ limits: { connectionsPerSecondPerAddress: 0.01, burstSeconds: 500 } });
  const seen: unknown[] = [];
  for (let i = 0; i < 7; i++) seen.push((await dial(url)).status);
  expect(seen).toEqual(['open', 'open', 'open', 'open', 'open', 429, 429]);
});

test('behind a proxy each client counts for itself, by what the proxy says', async () => {
  const url = await start({ isBehindProxy: true, limits: { maxConnectionsPerAddress: 1 } });
  const from = (forwarded: string) => dial(url, { 'x-forwarded-for': forwarded });
  expect((await from('203.0.113.1')).status).toBe('open');
  expect((await from('203.0.113.2')).status).toBe('open');
  expect((await from('198.51.100.9, 203.0.113.2')).status).toBe(429);
  expect((await from('2001:db8:1:2::1')).status).toBe('open');
  expect((await from('2001:db8:1:2:ffff::9')).status).toBe(429);
  expect((await from('2001:db8:1:3::1')).status).toBe('open');
});

test('a device with too many connections loses its oldest, with a reason', async () => {
  const url = await start({ limits: { maxConnectionsPerDevice: 2 } });
  const space = await createTestSpace();
  const node = await createTestNode([space]);
  await node.write(space);
  const connect = async () => {
    const session = await node.connect(url);
    await session.open(space.bytes);
    await eventually(() => session.heldByOther(space.id, node.author) === 1);
    return session;
  };
  const oldest = await connect();
  const second = await connect();
  const third = await connect();
  await oldest.closed;
  expect(oldest.refusals.map(({ failure }) => failure.code)).toEqual(['rate_limited']);
  expect([...second.refusals, ...third.refusals]).toEqual([]);
});

test('a sender above the rate is slowed, loses nothing, and slows nobody else', async () => {
  const url = await start({ limits: { messagesPerSecond: 50, burstSeconds: 0.2 } });
  const space = await createTestSpace();
  const [ada, bob] = await Promise.all([createTestNode([space]), createTestNode([space])]);
  const [fromAda, fromBob] = await Promise.all([ada.connect(url), bob.connect(url)]);
  await Promise.all([fromAda.open(space.bytes), fromBob.open(space.bytes)]);
  await ada.write(space, 60);
  await eventually(async () => (await bob.seqOf(space, ada.author)) === 60);
  expect(await counted('throttled_total')).toBeGreaterThan(0);
  expect(fromAda.refusals).toEqual([]);
});

test('a socket that floods is closed with rate_limited', async () => {
  const url = await start({ limits: { framesPerSecond: 10, burstSeconds: 2 } });
  const peer = await rawPeerAtRelay(url, await signerOfSeed(randomBytes(32)));
  for (let i = 0; i < 50; i++) void peer.send({ type: 'close', space: randomBytes(32) });
  await peer.closed;
  expect(peer.refusals()).toContain('rate_limited');
});

test('presence above the rate is dropped and said once, and what comes later is handed on', async () => {
  const url = await start({ limits: { presencePerSecond: 2, burstSeconds: 1 } });
  const space = await createTestSpace();
  const [ada, bob] = await Promise.all([createTestNode([space]), createTestNode([space])]);
  const [fromAda, fromBob] = await Promise.all([ada.connect(url), bob.connect(url)]);
  await Promise.all([fromAda.open(space.bytes), fromBob.open(space.bytes)]);
  await bob.write(space);
  await eventually(async () => (await ada.seqOf(space, bob.author)) === 1);
  for (let i = 0; i < 50; i++) fromAda.sendPresence(space.id, Uint8Array.of(i));
  await eventually(() => fromAda.refusals.length > 0);
  expect(fromAda.refusals[0]?.failure.code).toBe('rate_limited');
  await eventually(() => {
    fromAda.sendPresence(space.id, Uint8Array.of(200));
    return fromBob.presence.some(([first]) => first === 200);
  });
  expect(await counted('presence_dropped_total')).toBeGreaterThan(40);
});

test('a full space is refused with storage_full while others are served', async () => {
  const url = await start({ limits: { maxEntriesPerSpace: 5 } });
  const [full, other] = await Promise.all([createTestSpace(), createTestSpace()]);
  const ada = await createTestNode([full, other]);
  const session = await ada.connect(url);
  await Promise.all([session.open(full.bytes), session.open(other.bytes)]);
  await ada.write(full, 5);
  await eventually(() => session.heldByOther(full.id, ada.author) === 5);
  await ada.write(full);
  await eventually(() => session.refusals.length > 0);
  expect(session.refusals[0]).toMatchObject({ space: full.id, failure: { code: 'storage_full' } });
  await ada.write(other, 2);
  await eventually(() => session.heldByOther(other.id, ada.author) === 2);
  expect(session.heldByOther(full.id, ada.author)).toBe(5);
});

const spaceLimits = [
  ['bytes', { maxBytesPerSpace: 1000 }],
  ['authors', { maxAuthorsPerSpace: 1 }],
  ['bytes in all', { maxTotalBytes: 1000 }],
] as const;

for (const [what, limits] of spaceLimits) {
  test(`the limit of ${what} is kept`, async () => {
    const url = await start({ limits });
    const space = await createTestSpace();
    const [ada, bob] = await Promise.all([createTestNode([space]), createTestNode([space])]);
    const fromAda = await ada.connect(url);
    await fromAda.open(space.bytes);
    await ada.write(space);
    await eventually(() => fromAda.heldByOther(space.id, ada.author) === 1);
    const fromBob = await bob.connect(url);
    await fromBob.open(space.bytes);
    await bob.write(space, 1, 'x'.repeat(1000));
    await eventually(() => fromBob.refusals.length > 0);
    expect(fromBob.refusals[0]?.failure.code).toBe('storage_full');
    expect(await counted('entries')).toBe(1);
  });
}

test('too many spaces, and too many new ones from one network, are refused with a reason', async () => {
  const url = await start({ limits: { maxSpaces: 4, newSpacesPerHourPerAddress: 3 } });
  const spaces = await Promise.all(Array.from({ length: 5 }, () => createTestSpace()));
  const ada = await createTestNode(spaces);
  const session = await ada.connect(url);
  for (const space of spaces.slice(0, 4)) await session.open(space.bytes);
  await eventually(() => session.refusals.length === 1);
  expect(session.refusals[0]?.failure.code).toBe('rate_limited');
  await relay?.close();

  const narrow = await start({ limits: { maxSpaces: 2 } });
  const again = await ada.connect(narrow);
  for (const space of spaces.slice(0, 3)) await again.open(space.bytes);
  await eventually(() => again.refusals.length === 1);
  expect(again.refusals[0]?.failure.code).toBe('storage_full');
});

async function counted(name: string): Promise<number> {
  const text = await (await fetch(`${relay?.http}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`commonplace_relay_${name} `));
  return Number(line?.split(' ')[1]);
}

async function dial(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ socket: WebSocket; status: number | 'open' }> {
  const socket = new WebSocket(`${url}/sync`, { headers });
  const status = await new Promise<number | 'open'>((resolve) => {
    socket.on('open', () => resolve('open'));
    socket.on('error', () => {});
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
  });
  if (status !== 'open') await Promise.race([once(socket, 'close'), Promise.resolve()]);
  return { socket, status };
}
