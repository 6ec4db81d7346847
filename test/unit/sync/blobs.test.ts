// Blobs between two sessions: fetched, resumed, refused, and never in the way of entries.
import { expect, test } from 'vitest';
import { randomBytes } from '../../../lib/identity/hash.ts';
import { signerOfSeed } from '../../../lib/identity/signer.ts';
import { memoryChannelPair } from '../../../lib/transport/memory.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { decodeSyncMessage } from '../../../lib/wire/sync-message.ts';
import {
  ABOUT,
  asksForManifest,
  madeElsewhere,
  meetRaw,
  pull,
  SIZE,
  wantsOf,
} from '../../support/blob-peers.ts';
import { createTestBlobs, someBytes, type TestBlobs } from '../../support/blobs.ts';
import { eventually } from '../../support/eventually.ts';
import { rawPeer } from '../../support/raw-peer.ts';
import {
  createTestNode,
  createTestSpace,
  type TestSession,
  type TestSpace,
} from '../../support/sync-node.ts';

interface Pair {
  readonly space: TestSpace;
  readonly ada: TestBlobs;
  readonly bob: TestBlobs;
  readonly atBob: TestSession;
}

async function connectTwo(): Promise<Pair> {
  const space = await createTestSpace();
  const [ada, bob] = [createTestBlobs(), createTestBlobs()];
  const nodes = await Promise.all([createTestNode([space]), createTestNode([space])]);
  const [left, right] = memoryChannelPair();
  const atAda = nodes[0].greet(left, {}, ada.keeper);
  const atBob = nodes[1].greet(right, {}, bob.keeper);
  await Promise.all([atAda.open(space.bytes), atBob.open(space.bytes)]);
  await eventually(() => atAda.isOpen(space.id) && atBob.isOpen(space.id));
  return { space, ada, bob, atBob };
}

test('brings every chunk and says how far it is', async () => {
  const { space, ada, bob, atBob } = await connectTwo();
  const bytes = someBytes(SIZE);
  const ref = unwrap(await ada.blobs.put(space.id, bytes, ABOUT));
  const progress: number[] = [];
  const onProgress = (here: number) => progress.push(here);
  unwrap(await pull(atBob, space, ref, onProgress));
  expect(unwrap(await bob.blobs.get(space.id, ref))).toEqual(bytes);
  expect(progress).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('goes on where it stopped', async () => {
  const { space, bob, atBob, peer } = await meetRaw();
  const { ref, offer, chunkOf, bytes } = await madeElsewhere(space);
  const first = pull(atBob, space, ref);
  await eventually(() => asksForManifest(peer));
  await peer.send(offer);
  await eventually(() => wantsOf(peer).length === 4);
  for (const index of [0, 1, 2]) await peer.send(await chunkOf(index));
  await eventually(() => wantsOf(peer).length === 7);
  atBob.close();
  expect(await first).toMatchObject({ ok: false, failure: { code: 'closed' } });

  const node = await createTestNode([space]);
  const [left, right] = memoryChannelPair();
  const again = node.greet(left, {}, bob.keeper);
  const another = await rawPeer(right, await signerOfSeed(randomBytes(32)));
  void again.open(space.bytes);
  await another.open(space);
  const second = pull(again, space, ref);
  for (const index of [3, 4, 5, 6]) {
    await eventually(() => wantsOf(another).includes(index));
    await another.send(await chunkOf(index));
  }
  unwrap(await second);
  expect(asksForManifest(another)).toBe(false);
  expect(wantsOf(another)).toEqual([3, 4, 5, 6]);
  expect(unwrap(await bob.blobs.get(space.id, ref))).toEqual(bytes);
  again.close();
});

test('says so when the other does not have it', async () => {
  const { space, atBob } = await connectTwo();
  const { ref } = await madeElsewhere(space);
  expect(await pull(atBob, space, ref)).toMatchObject({ failure: { code: 'not_found' } });
});

test('stops when nobody wants it any more', async () => {
  const { space, atBob, peer } = await meetRaw();
  const { ref } = await madeElsewhere(space);
  const stop = new AbortController();
  const pulling = atBob.blobs?.pull(space.bytes, ref.id, { signal: stop.signal });
  await eventually(() => asksForManifest(peer));
  stop.abort();
  expect(await pulling).toMatchObject({ failure: { code: 'cancelled' } });
});

test('entries pass while a blob is on its way', async () => {
  const space = await createTestSpace();
  const [ada, bob] = [createTestBlobs(), createTestBlobs()];
  const [adaNode, bobNode] = await Promise.all([createTestNode([space]), createTestNode([space])]);
  const [left, right] = memoryChannelPair();
  const gate = Promise.withResolvers<void>();
  const sent: string[] = [];
  // The wire takes one piece of the blob, holds the next one up, and goes on when it is let.
  const slow = {
    ...left,
    send: async (message: Uint8Array) => {
      const decoded = decodeSyncMessage(message);
      if (decoded.ok) sent.push(decoded.value.type);
      if (chunksIn(sent) === 2) await gate.promise;
      return left.send(message);
    },
  };
  const atAda = adaNode.greet(slow, {}, ada.keeper);
  const atBob = bobNode.greet(right, {}, bob.keeper);
  await Promise.all([atAda.open(space.bytes), atBob.open(space.bytes)]);
  const ref = unwrap(await ada.blobs.put(space.id, someBytes(SIZE), ABOUT));
  const pulling = pull(atBob, space, ref);
  await eventually(() => chunksIn(sent) === 2);
  await adaNode.write(space, 3);
  gate.resolve();
  unwrap(await pulling);
  // Of the chunks that were asked for before them, only what was on the wire went before the entries.
  const news = sent.indexOf('entries', sent.indexOf('blob_chunk'));
  expect(chunksIn(sent.slice(0, news))).toBe(2);
  expect(chunksIn(sent)).toBe(7);
  await eventually(async () => (await bobNode.seqOf(space, adaNode.author)) === 3);
});

function chunksIn(sent: readonly string[]): number {
  return sent.filter((type) => type === 'blob_chunk').length;
}
