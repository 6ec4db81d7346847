// What a session does with an other who sends wrong pieces of blobs, too many, or asks without end.
import { expect, test, vi } from 'vitest';
import type { BlobMessage } from '../../../lib/wire/blob-message.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import {
  ABOUT,
  asksForManifest,
  madeElsewhere,
  meetRaw,
  passed,
  pull,
  SIZE,
  wantsOf,
} from '../../support/blob-peers.ts';
import { someBytes } from '../../support/blobs.ts';
import { eventually } from '../../support/eventually.ts';
import { createTestSpace } from '../../support/sync-node.ts';

test.each<[string, (good: BlobMessage, other: BlobMessage) => BlobMessage]>([
  ['altered', (good) => withBytes(good, (bytes) => bytes.map((b, i) => (i === 9 ? b ^ 1 : b)))],
  ['truncated', (good) => withBytes(good, (bytes) => bytes.subarray(1))],
  ['empty', (good) => withBytes(good, () => new Uint8Array())],
  ['another of the same blob', (good, other) => withBytes(good, () => bytesOf(other))],
])('sends a chunk that is %s: it is not kept', async (_, spoil) => {
  const { space, bob, atBob, peer } = await meetRaw();
  const { ref, offer, chunkOf } = await madeElsewhere(space);
  const pulling = pull(atBob, space, ref);
  await eventually(() => asksForManifest(peer));
  await peer.send(offer);
  await eventually(() => wantsOf(peer).length === 4);
  await peer.send(spoil(await chunkOf(0), await chunkOf(1)));
  expect(await pulling).toMatchObject({ failure: { code: 'malformed' } });
  const [row] = await bob.store.list();
  expect(await bob.store.chunks(row?.body ?? '')).toEqual([]);
  expect(atBob.isOpen(space.id)).toBe(true);
});

test('sends the manifest of another blob: it is not taken', async () => {
  const { space, bob, atBob, peer } = await meetRaw();
  const [wanted, other] = [await madeElsewhere(space), await madeElsewhere(space)];
  const stop = new AbortController();
  const pulling = atBob.blobs?.pull(space.bytes, wanted.ref.id, { signal: stop.signal });
  await eventually(() => asksForManifest(peer));
  await peer.send(other.offer);
  await peer.send(wanted.offer);
  await eventually(() => wantsOf(peer).length === 4);
  expect((await bob.store.list()).map(({ id }) => id)).toEqual([toHex(wanted.ref.id)]);
  stop.abort();
  await pulling;
});

test('sends what nobody asked for: nothing of it is kept', async () => {
  const { space, bob, atBob, peer } = await meetRaw();
  const { offer, chunkOf } = await madeElsewhere(space);
  await peer.send(offer);
  for (let index = 0; index < 7; index++) await peer.send(await chunkOf(index));
  await passed(peer, space);
  expect(await bob.store.list()).toEqual([]);
  expect(atBob.isOpen(space.id)).toBe(true);
});

test('asks for 100,000 chunks: what waits for it is bounded', async () => {
  const { space, bob, atBob, peer } = await meetRaw();
  const ref = unwrap(await bob.blobs.put(space.id, someBytes(SIZE), ABOUT));
  const reads = vi.spyOn(bob.store, 'chunk');
  const ranges = Array.from({ length: 16 }, () => ({ from: 0, to: 799 }));
  for (let i = 0; i < 10; i++) {
    await peer.send({ type: 'blob_want', space: space.bytes, blob: ref.id, ranges });
  }
  await passed(peer, space);
  expect(reads.mock.calls.length).toBeLessThanOrEqual(10 * 64 + 1);
  expect(atBob.isOpen(space.id)).toBe(true);
});

test('wants a blob of a space that it may not open: it hears nothing', async () => {
  const { space, bob, atBob, peer } = await meetRaw();
  const elsewhere = await createTestSpace();
  const ref = unwrap(await bob.blobs.put(elsewhere.id, someBytes(10), ABOUT));
  for (const ranges of [[], [{ from: 0, to: 0 }]]) {
    await peer.send({ type: 'blob_want', space: elsewhere.bytes, blob: ref.id, ranges });
    await peer.send({ type: 'blob_want', space: space.bytes, blob: ref.id, ranges });
  }
  await eventually(() => peer.received.filter(({ type }) => type === 'blob_refuse').length === 2);
  expect(peer.received.some(({ type }) => /^blob_(?:offer|chunk)$/.test(type))).toBe(false);
  atBob.close();
});

test('offers blobs to a node, which asks for none of them', async () => {
  const { space, bob, peer } = await meetRaw();
  const { offer } = await madeElsewhere(space);
  await peer.send(offer);
  await passed(peer, space);
  expect(wantsOf(peer)).toEqual([]);
  expect(await bob.store.list()).toEqual([]);
});

function withBytes(message: BlobMessage, spoil: (bytes: Uint8Array) => Uint8Array): BlobMessage {
  return message.type === 'blob_chunk' ? { ...message, bytes: spoil(message.bytes) } : message;
}

function bytesOf(message: BlobMessage): Uint8Array {
  return message.type === 'blob_chunk' ? message.bytes : new Uint8Array();
}
