// Fetches one blob from one other: the manifest first, then the chunks that are missing, few at a time so that what
// is under way never delays entries by much. Each chunk is checked and stored before the next is asked for.
import type { BlobVault, HeldBlob } from '../blob/vault.ts';
import { blobIdOf } from '../blob/chunk-seal.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { BlobMessage } from '../wire/blob-message.ts';
import { fail, failureOf, ok, type Failure, type Result } from '../wire/failure.ts';

export interface BlobPullOptions {
  readonly vault: BlobVault;
  readonly space: Uint8Array;
  /** 32 bytes. */
  readonly blob: Uint8Array;
  readonly send: (message: BlobMessage) => void;
  /** The device (hex) that brings it, where that is kept. */
  readonly broughtBy: string | null;
  readonly onProgress?: ((here: number, all: number) => void) | undefined;
  readonly idleTimeoutMs?: number | undefined;
}

export interface BlobPull {
  /** Settles when the blob is whole, or with why it will not come from there. */
  readonly done: Promise<Result<void>>;
  /** Begins to ask; `manifest` where it is here already. */
  start(manifest: Uint8Array | null): Promise<void>;
  receive(message: BlobMessage): Promise<void>;
  stop(failure: Failure): void;
}

/** Chunks asked for that have not come. */
const WINDOW_CHUNKS = 4;
const IDLE_TIMEOUT_MS = 20_000;

export function createBlobPull(options: BlobPullOptions): BlobPull {
  return new Pull(options);
}

class Pull implements BlobPull {
  readonly #options: BlobPullOptions;
  readonly #done = Promise.withResolvers<Result<void>>();
  readonly done = this.#done.promise;
  readonly #asked = new Set<number>();
  #held: HeldBlob | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(options: BlobPullOptions) {
    this.#options = options;
    void this.done.then(() => {
      this.#isOver = true;
      clearTimeout(this.#timer);
    });
  }

  async start(manifest: Uint8Array | null): Promise<void> {
    const { vault, space, blob, send } = this.#options;
    this.#live();
    try {
      const held = manifest === null ? await vault.held(toHex(space), toHex(blob)) : null;
      const known = held?.row.manifest ?? manifest;
      if (known === null) send({ type: 'blob_want', space, blob, ranges: [] });
      else await this.#begin(known);
    } catch (error) {
      this.stop(failureOf(error));
    }
  }

  async receive(message: BlobMessage): Promise<void> {
    if (this.#isOver) return undefined;
    if (message.type === 'blob_refuse') return this.stop(message.failure);
    if (message.type === 'blob_offer') return this.#begin(message.manifest);
    if (message.type === 'blob_chunk') return this.#chunk(message.index, message.bytes);
    return undefined;
  }

  stop(failure: Failure): void {
    this.#settle({ ok: false, failure });
  }

  async #begin(manifest: Uint8Array): Promise<void> {
    const { vault, space, blob, broughtBy } = this.#options;
    if (this.#held !== null || !equalBytes(blobIdOf(manifest), blob)) return;
    const begun = await vault.begin(toHex(space), manifest, broughtBy);
    if (!begun.ok) return this.stop(begun.failure);
    this.#held = begun.value;
    this.#tell();
    if (begun.value.missing.size === 0) return this.#settle(ok(undefined));
    this.#live();
    this.#ask();
  }

  async #chunk(index: number, bytes: Uint8Array): Promise<void> {
    // Nothing is checked or stored that was not asked for.
    if (this.#held === null || !this.#asked.delete(index)) return;
    const accepted = await this.#options.vault.accept(this.#held, index, bytes);
    if (!accepted.ok) return this.stop(accepted.failure);
    this.#tell();
    if (accepted.value) return this.#settle(ok(undefined));
    this.#live();
    this.#ask();
  }

  #ask(): void {
    if (this.#held === null || this.#isOver) return;
    const { space, blob, send } = this.#options;
    const free = WINDOW_CHUNKS - this.#asked.size;
    const next = [];
    for (const index of this.#held.missing) {
      if (next.length >= free) break;
      if (!this.#asked.has(index)) next.push(index);
    }
    for (const index of next) this.#asked.add(index);
    const ranges = next.map((index) => ({ from: index, to: index }));
    if (ranges.length > 0) send({ type: 'blob_want', space, blob, ranges });
  }

  #tell(): void {
    if (this.#held === null) return;
    const all = this.#held.manifest.hashes.length;
    this.#options.onProgress?.(all - this.#held.missing.size, all);
  }

  /** Something came: the time begins anew. */
  #live(): void {
    clearTimeout(this.#timer);
    if (this.#isOver) return;
    const ms = this.#options.idleTimeoutMs ?? IDLE_TIMEOUT_MS;
    this.#timer = setTimeout(() => this.stop(TOO_SLOW), ms);
  }

  #settle(result: Result<void>): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#done.resolve(result);
  }
}

const TOO_SLOW = fail(
  'timeout',
  'The other side stopped sending the file.',
  'What has come is kept. The rest is asked for elsewhere, or again later.',
).failure;
