// Putting bytes in and getting them out of one node's store of blobs.
import { describe, expect, test } from 'vitest';
import { createMemoryBlobStore } from '../../../lib/store/memory-blob-store.ts';
import { BLOB_CHUNK_BYTES, MAX_BLOB_BYTES, type BlobRef } from '../../../lib/wire/blob.ts';
import { fail, unwrap } from '../../../lib/wire/failure.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { createTestBlobs, someBytes } from '../../support/blobs.ts';

const SPACE = 'aa'.repeat(32);
const ABOUT = { mediaType: 'image/png', name: 'chart.png' };

describe('a blob', () => {
  test.each([0, 1, BLOB_CHUNK_BYTES - 1, BLOB_CHUNK_BYTES, BLOB_CHUNK_BYTES + 1, 300_000])(
    'of %i bytes comes out as it went in',
    async (size) => {
      const { blobs } = createTestBlobs();
      const bytes = someBytes(size);
      const ref = unwrap(await blobs.put(SPACE, bytes, ABOUT));
      expect(ref).toMatchObject({ kind: 'blob', size, mediaType: 'image/png', name: 'chart.png' });
      expect(unwrap(await blobs.get(SPACE, ref))).toEqual(bytes);
      expect(await blobs.has(SPACE, ref.id)).toBe(true);
    },
  );

  test('may come in pieces of any size', async () => {
    const { blobs } = createTestBlobs();
    const bytes = someBytes(400_000);
    const ref = unwrap(await blobs.put(SPACE, inPieces(bytes, 70_001), ABOUT));
    expect(unwrap(await blobs.get(SPACE, ref))).toEqual(bytes);
  });

  test('does not show that it was put in twice', async () => {
    const { blobs, store } = createTestBlobs();
    const bytes = someBytes(1000);
    const [one, two] = [
      unwrap(await blobs.put(SPACE, bytes, ABOUT)),
      unwrap(await blobs.put(SPACE, bytes, ABOUT)),
    ];
    expect(toHex(one.id)).not.toBe(toHex(two.id));
    const rows = await store.list();
    const sealed = await Promise.all(rows.map(({ body }) => store.chunk(body, 0)));
    expect(sealed[0]).not.toEqual(sealed[1]);
  });

  test('is not kept when it is larger than a blob may be', async () => {
    const inner = createMemoryBlobStore();
    const bodies: string[] = [];
    const { blobs, store } = createTestBlobs({
      ...inner,
      putChunk: (body, index, bytes) => {
        bodies.push(body);
        return inner.putChunk(body, index, bytes);
      },
    });
    const pieces = twoPieces(someBytes(300_000), new Uint8Array(MAX_BLOB_BYTES));
    const made = await blobs.put(SPACE, pieces, ABOUT);
    expect(bodies).toHaveLength(2);
    expect(made).toMatchObject({ ok: false, failure: { code: 'too_large' } });
    expect(await store.list()).toEqual([]);
    expect(await store.chunks(bodies[0] ?? '')).toEqual([]);
  });

  test('is not kept when the person changes their mind', async () => {
    const { blobs, store } = createTestBlobs();
    const made = await blobs.put(SPACE, someBytes(10), ABOUT, AbortSignal.abort());
    expect(made).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    expect(await store.list()).toEqual([]);
  });

  test('says so when storage is full, and leaves nothing behind', async () => {
    const inner = createMemoryBlobStore();
    const full = fail('storage_full', 'No room.', 'Make some.');
    const { blobs, store } = createTestBlobs({
      ...inner,
      putChunk: async (body, index, bytes) =>
        index === 2 ? full : inner.putChunk(body, index, bytes),
    });
    const before = unwrap(await blobs.put(SPACE, someBytes(10), ABOUT));
    expect(await blobs.put(SPACE, someBytes(500_000), ABOUT)).toEqual(full);
    expect((await store.list()).map(({ id }) => id)).toEqual([toHex(before.id)]);
    expect(unwrap(await blobs.get(SPACE, before))).toEqual(someBytes(10));
  });

  test('does not open with another key, another size or in another space', async () => {
    const { blobs } = createTestBlobs();
    const ref = unwrap(await blobs.put(SPACE, someBytes(1000), ABOUT));
    const wrong: [string, BlobRef, string][] = [
      [SPACE, { ...ref, key: new Uint8Array(32) }, 'bad_signature'],
      [SPACE, { ...ref, size: 999 }, 'bad_signature'],
      ['bb'.repeat(32), ref, 'unavailable'],
    ];
    for (const [space, bad, code] of wrong) {
      expect(await blobs.get(space, bad)).toMatchObject({ ok: false, failure: { code } });
    }
  });

  test('that storage has lost a part of is fetched anew', async () => {
    const inner = createMemoryBlobStore();
    const { blobs } = createTestBlobs({
      ...inner,
      chunk: async (body, index) => (index === 1 ? null : inner.chunk(body, index)),
    });
    const ref = unwrap(await blobs.put(SPACE, someBytes(300_000), ABOUT));
    expect(await blobs.get(SPACE, ref)).toMatchObject({ failure: { code: 'not_found' } });
    expect(await blobs.get(SPACE, ref)).toMatchObject({ failure: { code: 'unavailable' } });
  });

  test('is gone when it was dropped', async () => {
    const { blobs } = createTestBlobs();
    const ref = unwrap(await blobs.put(SPACE, someBytes(1000), ABOUT));
    unwrap(await blobs.get(SPACE, ref));
    await blobs.drop(SPACE, ref.id);
    expect(await blobs.has(SPACE, ref.id)).toBe(false);
    expect(await blobs.read(SPACE, ref, 0)).toMatchObject({ failure: { code: 'not_found' } });
  });
});

async function* inPieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function* twoPieces(one: Uint8Array, two: Uint8Array): AsyncGenerator<Uint8Array> {
  yield one;
  yield two;
}
