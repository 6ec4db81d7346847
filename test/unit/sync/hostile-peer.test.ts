// What a session does with a peer that is out of line, slow, full, or passes on someone else's fork.
import { expect, test, vi } from 'vitest';
import { randomBytes } from '../../../lib/identity/hash.ts';
import { signerOfSeed } from '../../../lib/identity/signer.ts';
import { createReplica } from '../../../lib/log/replica.ts';
import { createMemoryEntryStore } from '../../../lib/store/memory-store.ts';
import { createSession } from '../../../lib/sync/session.ts';
import { memoryChannelPair } from '../../../lib/transport/memory.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { fail, ok } from '../../../lib/wire/failure.ts';
import { encodeSyncMessage, MAX_HEADS, type Head } from '../../../lib/wire/sync-message.ts';
import { eventually } from '../../support/eventually.ts';
import { rawPeer, type RawPeer } from '../../support/raw-peer.ts';
import {
  createTestNode,
  createTestSpace,
  sealAt,
  type TestNode,
  type TestSpace,
} from '../../support/sync-node.ts';

async function meet(node: TestNode, space: TestSpace): Promise<RawPeer> {
  const [left, right] = memoryChannelPair();
  const session = node.greet(left);
  const peer = await rawPeer(right, await signerOfSeed(randomBytes(32)));
  void session.open(space.bytes);
  await peer.open(space);
  return peer;
}

test('says why before it closes the channel', async () => {
  const space = await createTestSpace();
  const peer = await meet(await createTestNode([space]), space);
  await peer.send(Uint8Array.of(0xff, 0x00));
  await peer.closed;
  expect(peer.refusals()).toEqual(['malformed']);
});

test('hears the reason when it is turned away during the handshake', async () => {
  const node = await createTestNode([]);
  const [left, right] = memoryChannelPair();
  const session = node.greet(left);
  const { failure } = fail('unsupported_version', 'Too old.', 'Update.');
  await right.send(encodeSyncMessage({ type: 'refuse', space: null, failure }));
  expect(await session.other).toBeNull();
  expect(session.refusals).toEqual([{ space: null, failure }]);
});

test('a peer that says it is a relay must show its ticket all the same', async () => {
  const space = await createTestSpace();
  const node = await createTestNode([space]);
  await node.write(space);
  const [left, right] = memoryChannelPair();
  const session = node.greet({ ...left, kind: 'webrtc' });
  const peer = await rawPeer(right, await signerOfSeed(randomBytes(32)), 'relay');
  await session.open(space.bytes);
  const { bytes, genesis } = space;
  await peer.send({ type: 'open', space: bytes, genesis, access: randomBytes(64) });
  await eventually(() => peer.refusals().length === 1);
  expect(peer.received.map(({ type }) => type)).toEqual(['open', 'refuse']);
  expect(session.isOpen(space.id)).toBe(false);
});

test('does not send an entry back to the one it came from', async () => {
  const space = await createTestSpace();
  const node = await createTestNode([space]);
  const peer = await meet(node, space);
  const author = await signerOfSeed(randomBytes(32));
  const first = await sealAt(space, author, 'hello', {
    segment: randomBytes(16),
    seq: 1,
    prev: null,
    seen: randomBytes(32),
  });
  await peer.send({ type: 'entries', space: space.bytes, entries: [first.bytes] });
  await eventually(() => peer.received.some((m) => m.type === 'have' && m.heads.length === 1));
  expect(peer.received.filter(({ type }) => type === 'entries')).toEqual([]);
});

test('queues a bounded amount for a peer that asks and asks and takes nothing in', async () => {
  const space = await createTestSpace();
  const node = await createTestNode([space]);
  await node.write(space, 8, 'x'.repeat(200_000));
  const [left, right] = memoryChannelPair();
  const session = node.greet({
    ...left,
    send: (message) => (message.length > 100_000 ? new Promise(() => {}) : left.send(message)),
  });
  const peer = await rawPeer(right, await signerOfSeed(randomBytes(32)));
  void session.open(space.bytes);
  await peer.open(space);
  const reads = vi.spyOn(node.replica, 'read');
  const ranges = [{ author: node.signer.publicKey, from: 1, to: 8 }];
  for (let i = 0; i < 200; i++) await peer.send({ type: 'want', space: space.bytes, ranges });
  await eventually(() => reads.mock.calls.length >= 8);
  for (let turn = 0; turn < 100; turn++) await nextTask();
  expect(reads.mock.calls.length).toBeLessThan(20);
  session.close();
});

test('does not let a peer name authors without end', async () => {
  const space = await createTestSpace();
  const peer = await meet(await createTestNode([space]), space);
  await peer.send({ type: 'have', space: space.bytes, heads: strangers(), whole: false });
  await peer.send({ type: 'have', space: space.bytes, heads: strangers(), whole: false });
  await peer.closed;
  expect(peer.refusals()).toEqual(['too_large']);
});

test('stays connected when its storage is full, and says so', async () => {
  const space = await createTestSpace();
  const store = createMemoryEntryStore();
  const full = fail('storage_full', 'No room.', 'Make some.');
  const replica = createReplica({ ...store, append: async () => full });
  const [left, right] = memoryChannelPair();
  const session = createSession({
    channel: left,
    signer: await signerOfSeed(randomBytes(32)),
    role: 'relay',
    replica,
    door: {
      ticket: async () => null,
      accessKey: async () => {
        const access = await space.keys.accessSigner(0);
        return access.ok ? ok(access.value.publicKey) : access;
      },
    },
    events: {},
  });
  const ada = await createTestNode([space]);
  await ada.write(space, 3);
  const sent = ada.greet(right);
  await sent.open(space.bytes);
  await eventually(() => sent.refusals.length > 0);
  expect(sent.refusals[0]?.failure.code).toBe('storage_full');
  expect(session.isOpen(space.id)).toBe(true);
  session.close();
});

test('a fork that an honest peer passes on is proved at any depth and costs nobody the connection', async () => {
  const space = await createTestSpace();
  const seed = randomBytes(32);
  const [first, copy] = await Promise.all([
    createTestNode([space], seed),
    createTestNode([space], seed),
  ]);
  const [ada, bob] = await Promise.all([createTestNode([space]), createTestNode([space])]);
  await first.write(space, 2, 'the first browser');
  await copy.write(space, 5, 'its copy');
  await carry(first, ada, space);
  await carry(copy, bob, space);

  const [left, right] = memoryChannelPair();
  const [atAda, atBob] = [ada.greet(left), bob.greet(right)];
  await Promise.all([atAda.open(space.bytes), atBob.open(space.bytes)]);
  await eventually(async () => {
    const proofs = await Promise.all([ada.replica.forks(space.id), bob.replica.forks(space.id)]);
    return proofs.every(
      (forks) => forks.length === 1 && forks[0]?.author === toHex(first.signer.publicKey),
    );
  });
  await ada.write(space, 1, 'work goes on');
  await eventually(async () => (await bob.seqOf(space, ada.author)) === 1);
  expect([...atAda.refusals, ...atBob.refusals]).toEqual([]);
  atAda.close();
});

function strangers(): Head[] {
  return Array.from({ length: MAX_HEADS - 1 }, () => ({
    author: randomBytes(32),
    seq: 1,
    hash: randomBytes(32),
  }));
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

async function carry(from: TestNode, to: TestNode, space: TestSpace): Promise<void> {
  const heads = await from.replica.heads(space.id);
  const limits = { maxEntries: 256, maxBytes: 1_000_000 };
  for (const author of heads.keys()) {
    const entries = await from.replica.read(space.id, author, 1, limits);
    await to.replica.accept(
      space.id,
      entries.map(({ bytes }) => bytes),
    );
  }
}
