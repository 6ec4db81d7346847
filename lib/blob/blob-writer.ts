// Makes a blob out of bytes as they come, a chunk at a time, so that a large file never stands in memory.
import { randomBytes } from '../identity/hash.ts';
import type { BlobStore } from '../store/blob-store.ts';
import {
  BLOB_CHUNK_BYTES,
  MAX_BLOB_BYTES,
  encodeManifest,
  sealedBlobBytes,
  type BlobRef,
} from '../wire/blob.ts';
import { toHex } from '../wire/bytes.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import {
  blobIdOf,
  blobKeyCommitment,
  chunkHashOf,
  importBlobKey,
  sealChunk,
} from './chunk-seal.ts';

export interface BlobAbout {
  readonly mediaType: string;
  readonly name?: string;
}

export interface BlobWriter {
  /** In order, one at a time. Failures: `too_large`, `storage_full`. */
  write(bytes: Uint8Array): Promise<Result<void>>;
  /** Settles when the blob is durable here. Failures as of `write`. */
  finish(about: BlobAbout): Promise<Result<BlobRef>>;
}

export interface BlobWriterOptions {
  readonly store: BlobStore;
  /** Hex. */
  readonly space: string;
  /** Name of the chunks, used by no other blob. */
  readonly body: string;
  readonly now: () => number;
}

export function createBlobWriter(options: BlobWriterOptions): BlobWriter {
  return new ChunkWriter(options);
}

class ChunkWriter implements BlobWriter {
  readonly #options: BlobWriterOptions;
  readonly #rawKey = randomBytes(32);
  readonly #key = importBlobKey(this.#rawKey);
  readonly #hashes: Uint8Array[] = [];
  /** Holds the newest chunk back until it is known whether it is the last. */
  readonly #waiting = new Uint8Array(BLOB_CHUNK_BYTES);
  #waitingBytes = 0;
  #size = 0;

  constructor(options: BlobWriterOptions) {
    this.#options = options;
  }

  async write(bytes: Uint8Array): Promise<Result<void>> {
    if (this.#size + bytes.length > MAX_BLOB_BYTES) return TOO_LARGE;
    for (let taken = 0; taken < bytes.length;) {
      if (this.#waitingBytes === BLOB_CHUNK_BYTES) {
        const stored = await this.#store(false);
        if (!stored.ok) return stored;
      }
      const piece = bytes.subarray(taken, taken + BLOB_CHUNK_BYTES - this.#waitingBytes);
      this.#waiting.set(piece, this.#waitingBytes);
      this.#waitingBytes += piece.length;
      this.#size += piece.length;
      taken += piece.length;
    }
    return ok(undefined);
  }

  async finish({ mediaType, name }: BlobAbout): Promise<Result<BlobRef>> {
    const last = await this.#store(true);
    if (!last.ok) return last;
    const { store, space, body, now } = this.#options;
    const [size, hashes] = [this.#size, this.#hashes];
    const manifest = encodeManifest({ size, commitment: blobKeyCommitment(this.#rawKey), hashes });
    const id = blobIdOf(manifest);
    const added = await store.add({
      space,
      id: toHex(id),
      manifest,
      body,
      bytes: sealedBlobBytes(size),
      isWhole: true,
      origin: 'own',
      broughtBy: null,
      addedAt: now(),
      usedAt: now(),
      sentAt: null,
    });
    if (!added.ok) return added;
    const ref = { kind: 'blob', id, key: this.#rawKey, size, mediaType } as const;
    return ok(name === undefined ? ref : { ...ref, name });
  }

  async #store(isLast: boolean): Promise<Result<void>> {
    const place = { index: this.#hashes.length, isLast };
    const plain = this.#waiting.subarray(0, this.#waitingBytes);
    const sealed = await sealChunk(await this.#key, place, plain);
    this.#hashes.push(chunkHashOf(sealed));
    this.#waitingBytes = 0;
    return this.#options.store.putChunk(this.#options.body, place.index, sealed);
  }
}

const TOO_LARGE = fail(
  'too_large',
  `A file may have ${MAX_BLOB_BYTES / 1024 / 1024} MB at most.`,
  'Make it smaller, or share it in parts.',
);
