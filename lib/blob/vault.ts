// The sealed side of blobs, without a key: what is here of one, and taking in its chunks as they come, each checked
// against the manifest. A node and a relay run this same code.
import { toHex } from '../wire/bytes.ts';
import {
  decodeManifest,
  sealedBlobBytes,
  sealedChunkBytes,
  type BlobManifest,
} from '../wire/blob.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { equalBytes } from '../wire/bytes.ts';
import type { BlobStore, StoredBlob } from '../store/blob-store.ts';
import { blobIdOf, chunkHashOf } from './chunk-seal.ts';

/** A blob of which something is here. */
export interface HeldBlob {
  readonly row: StoredBlob;
  readonly manifest: BlobManifest;
  /** Chunks that are not here yet; shrinks as they are accepted. */
  readonly missing: Set<number>;
}

export interface BlobVault {
  /** Null when nothing of it is here. */
  held(space: string, id: string): Promise<HeldBlob | null>;
  /** Makes room for a blob that is to be fetched, or goes on with one. Failures: of the manifest, `storage_full`. */
  begin(space: string, manifest: Uint8Array, broughtBy: string | null): Promise<Result<HeldBlob>>;
  /**
   * Stores one chunk; says whether the blob is whole now. Failures: `malformed` when it is not the chunk that the
   * manifest names at this place, `storage_full`, `not_found` when the blob has been dropped meanwhile.
   */
  accept(held: HeldBlob, index: number, bytes: Uint8Array): Promise<Result<boolean>>;
  /** Notes that somebody has use for it. */
  touch(held: HeldBlob): Promise<void>;
  /** Null for one that is not here. */
  chunk(held: HeldBlob, index: number): Promise<Uint8Array | null>;
}

export function createBlobVault(store: BlobStore, now: () => number = Date.now): BlobVault {
  const held = async (space: string, id: string): Promise<HeldBlob | null> => {
    const row = await store.get(space, id);
    const manifest = row === null ? null : decodeManifest(row.manifest);
    if (row === null || manifest?.ok !== true) return null;
    return { row, manifest: manifest.value, missing: await missingOf(store, row, manifest.value) };
  };
  return {
    held,
    begin: async (space, bytes, broughtBy) => {
      const manifest = decodeManifest(bytes);
      if (!manifest.ok) return manifest;
      const id = toHex(blobIdOf(bytes));
      const added = await store.add(newRow({ space, id, bytes, broughtBy }, manifest.value, now()));
      if (!added.ok) return added;
      await store.update(space, id, { usedAt: now() });
      const begun = await held(space, id);
      return begun === null ? DROPPED : ok(begun);
    },
    accept: async ({ row, manifest, missing }, index, bytes) => {
      const hash = manifest.hashes[index];
      if (hash === undefined || bytes.length !== sealedChunkBytes(manifest.size, index))
        return WRONG;
      if (!equalBytes(chunkHashOf(bytes), hash)) return WRONG;
      const stored = await store.putChunk(row.body, index, bytes);
      if (!stored.ok) return stored;
      missing.delete(index);
      if (missing.size > 0) return ok(false);
      const isThere = await store.update(row.space, row.id, { isWhole: true, usedAt: now() });
      return isThere ? ok(true) : DROPPED;
    },
    touch: async ({ row }) => {
      await store.update(row.space, row.id, { usedAt: now() });
    },
    chunk: ({ row }, index) => store.chunk(row.body, index),
  };
}

interface NewBlob {
  readonly space: string;
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly broughtBy: string | null;
}

function newRow(blob: NewBlob, { size }: BlobManifest, now: number): StoredBlob {
  const { space, id, bytes, broughtBy } = blob;
  return {
    space,
    id,
    manifest: bytes,
    body: `${space}/${id}`,
    bytes: sealedBlobBytes(size),
    isWhole: false,
    origin: 'fetched',
    broughtBy,
    addedAt: now,
    usedAt: now,
    sentAt: null,
  };
}

async function missingOf(
  store: BlobStore,
  row: StoredBlob,
  { hashes }: BlobManifest,
): Promise<Set<number>> {
  const missing = new Set(row.isWhole ? [] : hashes.keys());
  if (!row.isWhole) for (const index of await store.chunks(row.body)) missing.delete(index);
  return missing;
}

const WRONG = fail(
  'malformed',
  'A piece of a file was not what its manifest promised.',
  'It was not kept. The sender is faulty or hostile; the file is asked for elsewhere.',
);

const DROPPED = fail(
  'not_found',
  'The file was dropped while it was being fetched.',
  'Ask for it again.',
);
