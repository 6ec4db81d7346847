// Blobs as the rest of a node uses them: put bytes in and get a reference, give a reference and get the bytes,
// wherever they are. Which blobs are still of use is known to whoever keeps references, not here.
import { randomBytes } from '../identity/hash.ts';
import type { BlobStore, StoredBlob } from '../store/blob-store.ts';
import { chunkCount, type BlobRef } from '../wire/blob.ts';
import { concatBytes, equalBytes, toHex } from '../wire/bytes.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { createBlobWriter, type BlobAbout, type BlobWriter } from './blob-writer.ts';
import { blobKeyCommitment, importBlobKey, openChunk } from './chunk-seal.ts';
import type { BlobVault, HeldBlob } from './vault.ts';

export interface GetOptions {
  readonly signal?: AbortSignal;
  /** Chunks here and chunks in all, as they come. */
  readonly onProgress?: (here: number, all: number) => void;
  /** How long to wait for somebody who has it, where nobody has; 30 s unless said. */
  readonly waitMs?: number;
}

/** Brings a blob that is not here from someone who has it: a peer or the relay. */
export type FetchBlob = (
  space: string,
  id: Uint8Array,
  options: GetOptions,
) => Promise<Result<void>>;

export interface Blobs {
  /** Seals bytes and keeps them for a space; settles when they are durable here. Failures: `too_large`, `storage_full`, `cancelled`. */
  put(
    space: string,
    source: Uint8Array | AsyncIterable<Uint8Array>,
    about: BlobAbout,
    signal?: AbortSignal,
  ): Promise<Result<BlobRef>>;
  /** The same for bytes that come by and by. Whoever begins one finishes or abandons it. */
  begin(space: string): BlobDraft;
  /**
   * All bytes of a blob, fetched if need be. Failures: `unavailable` when nobody who is here has it, `timeout`,
   * `cancelled`, `storage_full`, `bad_signature` when the reference does not open it.
   */
  get(space: string, ref: BlobRef, options?: GetOptions): Promise<Result<Uint8Array>>;
  /** As `get`, but leaves the bytes where they are: `read` then gives them. */
  fetch(space: string, ref: BlobRef, options?: GetOptions): Promise<Result<void>>;
  /** One chunk's content of a blob that is here. Failures: `not_found`, `bad_signature`. */
  read(space: string, ref: BlobRef, index: number): Promise<Result<Uint8Array>>;
  /** Whether all of it is here. */
  has(space: string, id: Uint8Array): Promise<boolean>;
  /** Forgets it here. */
  drop(space: string, id: Uint8Array): Promise<void>;
  /** Forgets all of a space. */
  dropSpace(space: string): Promise<void>;
  /** Forgets what is left of blobs that were never finished. */
  sweep(): Promise<void>;
  list(): Promise<readonly StoredBlob[]>;
}

export interface BlobDraft extends BlobWriter {
  /** Forgets what was written. Nothing more is to be written after it, or after `finish`. */
  abandon(): Promise<void>;
}

export interface BlobsOptions {
  readonly store: BlobStore;
  readonly vault: BlobVault;
  readonly fetch: FetchBlob;
  readonly now: () => number;
}

export function createBlobs(options: BlobsOptions): Blobs {
  return new LocalBlobs(options);
}

class LocalBlobs implements Blobs {
  readonly #options: BlobsOptions;
  /** Bodies of blobs that are being made. */
  readonly #drafts = new Set<string>();
  /** The newest blob read from: files are read chunk after chunk. */
  #reading: { readonly held: HeldBlob; readonly key: CryptoKey; readonly raw: Uint8Array } | null =
    null;

  constructor(options: BlobsOptions) {
    this.#options = options;
  }

  async put(
    space: string,
    source: Uint8Array | AsyncIterable<Uint8Array>,
    about: BlobAbout,
    signal?: AbortSignal,
  ): Promise<Result<BlobRef>> {
    const draft = this.begin(space);
    const made = await fill(draft, source, about, signal);
    if (!made.ok) await draft.abandon();
    return made;
  }

  begin(space: string): BlobDraft {
    const { store, now } = this.#options;
    const body = toHex(randomBytes(16));
    this.#drafts.add(body);
    const writer = createBlobWriter({ store, space, body, now });
    return {
      write: (bytes) => writer.write(bytes),
      finish: async (about) => {
        const made = await writer.finish(about);
        if (made.ok) this.#drafts.delete(body);
        return made;
      },
      abandon: async () => {
        this.#drafts.delete(body);
        await store.dropLoose(this.#drafts);
      },
    };
  }

  async get(space: string, ref: BlobRef, options: GetOptions = {}): Promise<Result<Uint8Array>> {
    const fetched = await this.fetch(space, ref, options);
    if (!fetched.ok) return fetched;
    const pieces: Uint8Array[] = [];
    for (let index = 0; index < chunkCount(ref.size); index++) {
      const piece = await this.read(space, ref, index);
      if (!piece.ok) return piece;
      pieces.push(piece.value);
    }
    return ok(concatBytes(...pieces));
  }

  async fetch(space: string, ref: BlobRef, options: GetOptions = {}): Promise<Result<void>> {
    if (await this.has(space, ref.id)) return ok(undefined);
    return this.#options.fetch(space, ref.id, options);
  }

  async read(space: string, ref: BlobRef, index: number): Promise<Result<Uint8Array>> {
    const reading = await this.#open(space, ref);
    if (!reading.ok) return reading;
    const { held, key } = reading.value;
    const sealed = await this.#options.vault.chunk(held, index);
    if (sealed === null) return this.#lost(held);
    const isLast = index === chunkCount(ref.size) - 1;
    const plain = await openChunk(key, { index, isLast }, sealed);
    return plain === null ? WRONG_REFERENCE : ok(plain);
  }

  async has(space: string, id: Uint8Array): Promise<boolean> {
    return (await this.#options.store.get(space, toHex(id)))?.isWhole === true;
  }

  async drop(space: string, id: Uint8Array): Promise<void> {
    this.#reading = null;
    await this.#options.store.drop(space, toHex(id));
  }

  async dropSpace(space: string): Promise<void> {
    this.#reading = null;
    await this.#options.store.dropSpace(space);
  }

  sweep(): Promise<void> {
    return this.#options.store.dropLoose(this.#drafts);
  }

  list(): Promise<readonly StoredBlob[]> {
    return this.#options.store.list();
  }

  async #open(space: string, ref: BlobRef) {
    const id = toHex(ref.id);
    const newest = this.#reading;
    const isSame = newest?.held.row.id === id && newest.held.row.space === space;
    if (isSame && equalBytes(newest.raw, ref.key)) return ok(newest);
    const held = await this.#options.vault.held(space, id);
    if (held === null || !held.row.isWhole) return NOT_HERE;
    const { commitment, size } = held.manifest;
    if (!equalBytes(commitment, blobKeyCommitment(ref.key))) return WRONG_REFERENCE;
    if (size !== ref.size) return WRONG_REFERENCE;
    this.#reading = { held, key: await importBlobKey(ref.key), raw: ref.key };
    await this.#options.store.update(space, id, { usedAt: this.#options.now() });
    return ok(this.#reading);
  }

  /** A chunk that storage has lost is fetched anew the next time. */
  async #lost({ row }: HeldBlob): Promise<Result<never>> {
    this.#reading = null;
    const isThere = await this.#options.store.update(row.space, row.id, { isWhole: false });
    return isThere ? LOST : NOT_HERE;
  }
}

async function fill(
  draft: BlobWriter,
  source: Uint8Array | AsyncIterable<Uint8Array>,
  about: BlobAbout,
  signal: AbortSignal | undefined,
): Promise<Result<BlobRef>> {
  for await (const bytes of source instanceof Uint8Array ? [source] : source) {
    if (signal?.aborted === true) return CANCELLED;
    const written = await draft.write(bytes);
    if (!written.ok) return written;
  }
  return signal?.aborted === true ? CANCELLED : draft.finish(about);
}

const NOT_HERE = fail('not_found', 'This file is not in this browser.', 'Fetch it first.');

const LOST = fail(
  'not_found',
  'A part of this file is missing in the storage of this browser.',
  'Fetch it again.',
);

const WRONG_REFERENCE = fail(
  'bad_signature',
  'What was fetched is not the file that was meant: its key or size does not fit.',
  'Ask whoever added the file to add it again.',
);

const CANCELLED = fail('cancelled', 'The file was not added.', 'Add it again when you want it.');
