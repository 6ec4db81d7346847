// Blobs over one session: gives what the other asks for, fetches what is wanted here, and hands what is offered to a
// relay. It knows nothing of keys or of what a blob is for.
import type { BlobVault } from '../blob/vault.ts';
import { blobIdOf } from '../blob/chunk-seal.ts';
import { createMutex } from '../log/mutex.ts';
import { toHex } from '../wire/bytes.ts';
import type { BlobMessage } from '../wire/blob-message.ts';
import { fail, ok, type Failure, type Result } from '../wire/failure.ts';
import { createBlobPull, type BlobPull } from './blob-pull.ts';
import { createBlobServer, type BlobServer } from './blob-serve.ts';

/** Who keeps blobs at this end. */
export interface BlobKeeper {
  readonly vault: BlobVault;
  /** Takes what others offer, as a relay does. A blob is asked for only when this says so. */
  readonly isRelay: boolean;
  /** A device (hex) no longer needs the relay to keep what it brought. */
  forget?(space: string, id: string, device: string): Promise<void>;
}

export interface PullOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((here: number, all: number) => void) | undefined;
}

/** What the owner of a session can do with blobs over it, in a space that flows. */
export interface SessionBlobs {
  /** Fetches a blob from the other. Failures: `not_found` (it has none), `timeout`, `closed`, `cancelled`, of storage. */
  pull(space: Uint8Array, blob: Uint8Array, options?: PullOptions): Promise<Result<void>>;
  /** Brings a blob to a relay; settles when that holds it. Failures: what the relay says, `timeout`, `closed`. */
  offer(space: Uint8Array, manifest: Uint8Array): Promise<Result<void>>;
  forget(space: Uint8Array, blob: Uint8Array): void;
}

export interface BlobExchangeOptions {
  readonly keeper: BlobKeeper;
  readonly flows: (space: string) => boolean;
  readonly send: (message: BlobMessage) => void;
  readonly trickle: (message: BlobMessage) => Promise<boolean>;
  /** The other's device, hex; empty before it is known. */
  readonly device: () => string;
  /** Settles when the channel closes. */
  readonly closed: Promise<unknown>;
}

export interface BlobExchange extends SessionBlobs {
  receive(message: BlobMessage): Promise<void>;
}

/** Blobs offered to a relay in one session that it has not begun to fetch. */
const MAX_OFFERED = 16;
const OFFER_IDLE_MS = 60_000;

export function createBlobExchange(options: BlobExchangeOptions): BlobExchange {
  return new SessionBlobExchange(options);
}

class SessionBlobExchange implements BlobExchange {
  readonly #options: BlobExchangeOptions;
  readonly #server: BlobServer;
  readonly #pulls = new Map<string, BlobPull>();
  readonly #offers = new Map<string, Offer>();
  readonly #inTurn = createMutex();
  #offered = 0;

  constructor(options: BlobExchangeOptions) {
    this.#options = options;
    const { keeper, flows, send, trickle, closed } = options;
    this.#server = createBlobServer({ vault: keeper.vault, flows, send, trickle });
    void closed.then(() => {
      for (const pull of this.#pulls.values()) pull.stop(CLOSED.failure);
      for (const offer of this.#offers.values()) offer.settle(CLOSED);
    });
  }

  async pull(
    space: Uint8Array,
    blob: Uint8Array,
    options: PullOptions = {},
  ): Promise<Result<void>> {
    if (!this.#options.flows(toHex(space))) return CLOSED;
    return this.#pull({ space, blob, manifest: null, broughtBy: null }, options);
  }

  async offer(space: Uint8Array, manifest: Uint8Array): Promise<Result<void>> {
    if (!this.#options.flows(toHex(space))) return CLOSED;
    const key = keyOf(space, blobIdOf(manifest));
    const offer = this.#offers.get(key) ?? createOffer(() => this.#offers.delete(key));
    this.#offers.set(key, offer);
    this.#options.send({ type: 'blob_offer', space, manifest });
    return offer.done;
  }

  forget(space: Uint8Array, blob: Uint8Array): void {
    if (!this.#options.flows(toHex(space))) return;
    this.#options.send({ type: 'blob_forget', space, blob });
  }

  async receive(message: BlobMessage): Promise<void> {
    const { space } = message;
    const blob = message.type === 'blob_offer' ? blobIdOf(message.manifest) : message.blob;
    const key = keyOf(space, blob);
    switch (message.type) {
      case 'blob_want':
        this.#offers.get(key)?.heard();
        return this.#server.want(space, blob, message.ranges);
      case 'blob_held':
        return this.#offers.get(key)?.settle(ok(undefined));
      case 'blob_forget':
        return this.#options.keeper.forget?.(toHex(space), toHex(blob), this.#options.device());
      case 'blob_refuse':
        this.#offers.get(key)?.settle({ ok: false, failure: message.failure });
        return this.#pulls.get(key)?.receive(message);
      case 'blob_offer':
        return this.#pulls.get(key)?.receive(message) ?? this.#take(space, blob, message.manifest);
      case 'blob_chunk':
        return this.#pulls.get(key)?.receive(message);
    }
  }

  /** One after another, so that many blobs offered at once are not all begun. */
  #take(space: Uint8Array, blob: Uint8Array, manifest: Uint8Array): void {
    const { keeper, send, device } = this.#options;
    if (!keeper.isRelay) return;
    const refuse = (failure: Failure) => send({ type: 'blob_refuse', space, blob, failure });
    if (this.#offered >= MAX_OFFERED) return refuse(TOO_MANY);
    this.#offered += 1;
    void this.#inTurn(async () => {
      const task = { space, blob, manifest, broughtBy: device() };
      const pulled = await this.#pull(task, {});
      this.#offered -= 1;
      if (pulled.ok) send({ type: 'blob_held', space, blob });
      else if (pulled.failure.code !== 'closed') refuse(pulled.failure);
    });
  }

  async #pull(
    task: {
      readonly space: Uint8Array;
      readonly blob: Uint8Array;
      readonly manifest: Uint8Array | null;
      readonly broughtBy: string | null;
    },
    { signal, onProgress }: PullOptions,
  ): Promise<Result<void>> {
    const { keeper, send } = this.#options;
    const { space, blob, manifest, broughtBy } = task;
    const key = keyOf(space, blob);
    const under = this.#pulls.get(key);
    if (under !== undefined) return under.done;
    const pull = createBlobPull({ vault: keeper.vault, space, blob, send, broughtBy, onProgress });
    this.#pulls.set(key, pull);
    const cancel = () => pull.stop(CANCELLED);
    signal?.addEventListener('abort', cancel);
    if (signal?.aborted === true) cancel();
    else await pull.start(manifest);
    const result = await pull.done;
    this.#pulls.delete(key);
    signal?.removeEventListener('abort', cancel);
    return result;
  }
}

interface Offer {
  readonly done: Promise<Result<void>>;
  /** The other asks for it, so it is alive. */
  heard(): void;
  settle(result: Result<void>): void;
}

function createOffer(onSettled: () => void): Offer {
  const { promise, resolve } = Promise.withResolvers<Result<void>>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const settle = (result: Result<void>): void => {
    clearTimeout(timer);
    onSettled();
    resolve(result);
  };
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => settle(UNHEARD), OFFER_IDLE_MS);
  };
  heard();
  return { done: promise, heard, settle };
}

function keyOf(space: Uint8Array, blob: Uint8Array): string {
  return `${toHex(space)}/${toHex(blob)}`;
}

const CLOSED = fail(
  'closed',
  'The connection ended before the file was through.',
  'It goes on where it stopped as soon as there is a connection.',
);

const CANCELLED = fail('cancelled', 'The file is not fetched any more.', 'Ask again.').failure;

const UNHEARD = fail(
  'timeout',
  'The relay did not say whether it keeps the file.',
  'It is offered again with the next connection.',
);

const TOO_MANY = fail(
  'rate_limited',
  'Too many files were offered to the relay at once.',
  'The others are offered again later.',
).failure;
