// A keeper of blobs in memory, for sessions in tests.
import { createBlobs, type Blobs, type FetchBlob } from '../../lib/blob/blobs.ts';
import { createBlobVault } from '../../lib/blob/vault.ts';
import type { BlobStore } from '../../lib/store/blob-store.ts';
import { createMemoryBlobStore } from '../../lib/store/memory-blob-store.ts';
import type { BlobKeeper } from '../../lib/sync/blob-exchange.ts';
import { fail } from '../../lib/wire/failure.ts';

export interface TestBlobs {
  readonly store: BlobStore;
  readonly keeper: BlobKeeper;
  readonly blobs: Blobs;
}

/** Without `fetch` nothing comes from elsewhere. */
export function createTestBlobs(
  store: BlobStore = createMemoryBlobStore(),
  fetch: FetchBlob = async () => fail('unavailable', 'Nobody is here.', 'Wait.'),
): TestBlobs {
  const vault = createBlobVault(store, () => 0);
  const blobs = createBlobs({ store, vault, fetch, now: () => 0 });
  return { store, keeper: { vault, isRelay: false }, blobs };
}

/** Bytes that differ from place to place and compress badly. */
export function someBytes(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed >>> 0 || 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}
