// Two ends of a session that carries blobs: a node, and somebody who says what a test wants.
import { randomBytes } from '../../lib/identity/hash.ts';
import { signerOfSeed } from '../../lib/identity/signer.ts';
import { memoryChannelPair } from '../../lib/transport/memory.ts';
import { BLOB_CHUNK_BYTES, type BlobRef } from '../../lib/wire/blob.ts';
import type { BlobMessage } from '../../lib/wire/blob-message.ts';
import { toHex } from '../../lib/wire/bytes.ts';
import { unwrap } from '../../lib/wire/failure.ts';
import { createTestBlobs, someBytes, type TestBlobs } from './blobs.ts';
import { eventually } from './eventually.ts';
import { rawPeer, type RawPeer } from './raw-peer.ts';
import { createTestNode, createTestSpace, type TestSession, type TestSpace } from './sync-node.ts';

export const ABOUT = { mediaType: 'text/plain' };
/** Seven chunks, the last one short. */
export const SIZE = 6 * BLOB_CHUNK_BYTES + 100;

/** Bob connected to somebody who says what the test wants. */
export async function meetRaw(): Promise<{
  space: TestSpace;
  bob: TestBlobs;
  atBob: TestSession;
  peer: RawPeer;
}> {
  const space = await createTestSpace();
  const bob = createTestBlobs();
  const node = await createTestNode([space]);
  const [left, right] = memoryChannelPair();
  const atBob = node.greet(left, {}, bob.keeper);
  const peer = await rawPeer(right, await signerOfSeed(randomBytes(32)));
  void atBob.open(space.bytes);
  await peer.open(space);
  return { space, bob, atBob, peer };
}

/** A blob that is whole somewhere, to be given piece by piece. */
export async function madeElsewhere(space: TestSpace, bytes = someBytes(SIZE)) {
  const other = createTestBlobs();
  const ref = unwrap(await other.blobs.put(space.id, bytes, ABOUT));
  const held = await other.keeper.vault.held(space.id, toHex(ref.id));
  if (held === null) throw new Error('expected it to be held');
  const chunkOf = async (index: number): Promise<BlobMessage> => {
    const sealed = (await other.keeper.vault.chunk(held, index)) ?? new Uint8Array();
    return { type: 'blob_chunk', space: space.bytes, blob: ref.id, index, bytes: sealed };
  };
  const offer: BlobMessage = {
    type: 'blob_offer',
    space: space.bytes,
    manifest: held.row.manifest,
  };
  return { ref, bytes, offer, chunkOf };
}

/** The chunks that were asked for, in order. */
export function wantsOf(peer: RawPeer): number[] {
  return peer.received.flatMap((message) =>
    message.type === 'blob_want' ? message.ranges.map(({ from }) => from) : [],
  );
}

export function asksForManifest({ received }: RawPeer): boolean {
  return received.some((message) => message.type === 'blob_want' && message.ranges.length === 0);
}

export async function pull(
  session: TestSession,
  space: TestSpace,
  ref: BlobRef,
  onProgress?: (here: number) => void,
) {
  if (session.blobs === null) throw new Error('expected a session with blobs');
  return session.blobs.pull(space.bytes, ref.id, { onProgress });
}

/** Settles when everything sent before has been taken in: the answer to an unknown blob comes after it. */
export async function passed(peer: RawPeer, space: TestSpace): Promise<void> {
  const blob = randomBytes(32);
  await peer.send({ type: 'blob_want', space: space.bytes, blob, ranges: [] });
  await eventually(() =>
    peer.received.some((m) => m.type === 'blob_refuse' && toHex(m.blob) === toHex(blob)),
  );
}
