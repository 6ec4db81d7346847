// Carries blobs between this node and others: fetches what is wanted from whoever has it, and brings what was made here
// to the relay, so that it can be had while this browser is closed.
import type { GetOptions } from '../blob/blobs.ts';
import type { BlobVault } from '../blob/vault.ts';
import type { BlobStore, StoredBlob } from '../store/blob-store.ts';
import type { SessionBlobs } from '../sync/blob-exchange.ts';
import { fromHex } from '../wire/bytes.ts';
import { fail, type Failure, type Result } from '../wire/failure.ts';

/** Who can be asked about blobs of a space now: those directly connected, and the relay. */
export interface BlobSources {
  readonly direct: readonly SessionBlobs[];
  readonly relay: SessionBlobs | null;
}

export interface BlobCarrierOptions {
  readonly store: BlobStore;
  readonly vault: BlobVault;
  readonly sources: (space: string) => BlobSources;
  /** What has reached the relay has changed. */
  readonly changed: () => void;
  readonly now: () => number;
}

/** A relay forgets blobs that nobody asks about, so it is reminded of ours. */
const OFFER_AGAIN_MS = 7 * 24 * 60 * 60 * 1000;
/** How long one waits for somebody who has the blob, unless said. */
const WAIT_MS = 30_000;
/** And how soon those who had nothing are asked again. */
const ASK_AGAIN_MS = 2_000;

export class BlobCarrier {
  readonly #options: BlobCarrierOptions;
  readonly #waiting = new Set<() => void>();
  readonly #sending = new Set<string>();
  readonly #refusals = new Map<string, Failure>();

  constructor(options: BlobCarrierOptions) {
    this.#options = options;
  }

  /** Asks one after another, and whoever comes next, until the blob is whole; what has come is kept in any case. */
  async fetch(space: string, id: Uint8Array, options: GetOptions = {}): Promise<Result<void>> {
    const bytes = fromHex(space);
    if (bytes === null) throw new Error(`no id of a space: ${space}`);
    const deadline = AbortSignal.timeout(options.waitMs ?? WAIT_MS);
    const tried = new Set<SessionBlobs>();
    let last: Failure = NOBODY.failure;
    while (options.signal?.aborted !== true) {
      const source = this.#sources(space).find((session) => !tried.has(session));
      if (source === undefined) {
        if (deadline.aborted) break;
        // Who had nothing of it may have more by now.
        if (!(await this.#someoneNew([options.signal, deadline]))) tried.clear();
        continue;
      }
      tried.add(source);
      const pulled = await source.pull(bytes, id, options);
      if (pulled.ok) return pulled;
      if (pulled.failure.code === 'storage_full') return pulled;
      if (pulled.failure.code !== 'not_found') last = pulled.failure;
    }
    return options.signal?.aborted === true ? CANCELLED : { ok: false, failure: last };
  }

  /** Another session has the space open now. */
  opened(space: string): void {
    for (const wake of this.#waiting) wake();
    void this.send(space);
  }

  /** Brings what was made here to the relay of its space, one after another. */
  async send(space: string): Promise<void> {
    if (this.#sending.has(space)) return;
    this.#sending.add(space);
    try {
      for (let more = true; more;) more = await this.#sendOne(space);
    } finally {
      this.#sending.delete(space);
    }
  }

  /** Why the relay has not taken a blob, if it said. */
  refusalOf(space: string, id: string): Failure | null {
    return this.#refusals.get(`${space}/${id}`) ?? null;
  }

  /** The relay need not keep it any longer. */
  forget(space: string, id: Uint8Array): void {
    const bytes = fromHex(space);
    if (bytes !== null) this.#options.sources(space).relay?.forget(bytes, id);
  }

  /** Whether there may be one more to send over the same connection. */
  async #sendOne(space: string): Promise<boolean> {
    const { store, sources, changed, now } = this.#options;
    const relay = sources(space).relay;
    const bytes = fromHex(space);
    const blob = (await store.list()).find((row) => row.space === space && this.#isDue(row));
    if (relay === null || bytes === null || blob === undefined) return false;
    const sent = await relay.offer(bytes, blob.manifest);
    const key = `${space}/${blob.id}`;
    if (sent.ok) {
      this.#refusals.delete(key);
      await store.update(space, blob.id, { sentAt: now() });
    } else this.#refusals.set(key, sent.failure);
    changed();
    return sent.ok;
  }

  #isDue({ origin, isWhole, sentAt }: StoredBlob): boolean {
    if (origin !== 'own' || !isWhole) return false;
    return sentAt === null || this.#options.now() - sentAt > OFFER_AGAIN_MS;
  }

  #sources(space: string): SessionBlobs[] {
    const { direct, relay } = this.#options.sources(space);
    return relay === null ? [...direct] : [...direct, relay];
  }

  /** Settles soon in any case; true when another session came. */
  #someoneNew(signals: readonly (AbortSignal | undefined)[]): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (came: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        for (const signal of signals) signal?.removeEventListener('abort', give);
        resolve(came);
      };
      const wake = () => settle(true);
      const give = () => settle(false);
      const timer = setTimeout(give, ASK_AGAIN_MS);
      this.#waiting.add(wake);
      for (const signal of signals) signal?.addEventListener('abort', give);
    });
  }
}

const NOBODY = fail(
  'unavailable',
  'Nobody who has this file can be reached now.',
  'Try again when the person who added it is here, or when the relay is back.',
);

const CANCELLED = fail('cancelled', 'The file is not fetched any more.', 'Ask for it again.');
