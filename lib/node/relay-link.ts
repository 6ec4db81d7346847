// The connection to one relay: kept open with backoff, every space that meets there kept flowing.
import type { Signer } from '../identity/signer.ts';
import type { Replica } from '../log/replica.ts';
import { createSession } from '../sync/session.ts';
import type { BlobKeeper } from '../sync/blob-exchange.ts';
import type { Session, SessionEvents } from '../sync/session-contract.ts';
import type { SpaceDoor } from '../sync/space-door.ts';
import { openRelayChannel } from '../transport/relay-socket.ts';
import type { Failure } from '../wire/failure.ts';

export interface RelayLinkState {
  readonly state: 'connected' | 'connecting' | 'offline';
  readonly since: number;
  readonly lastError: Failure | null;
}

export interface RelayLinkOptions {
  /** Base address, http(s). */
  readonly url: string;
  readonly signer: Signer;
  readonly replica: Replica;
  readonly door: SpaceDoor;
  /** Left out where no blobs are given or taken. */
  readonly blobs?: BlobKeeper | undefined;
  /** The spaces that meet at this relay, asked at each connection. */
  readonly spaces: () => readonly Uint8Array[];
  readonly events: Omit<SessionEvents, 'onClosed'>;
  readonly onState: () => void;
  readonly now: () => number;
}

const CONNECT_DEADLINE_MS = 10_000;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 30_000;

export class RelayLink {
  readonly #options: RelayLinkOptions;
  readonly #ended = new AbortController();
  #session: Session | null = null;
  #state: RelayLinkState;
  #wake: (() => void) | null = null;

  constructor(options: RelayLinkOptions) {
    this.#options = options;
    this.#state = { state: 'connecting', since: options.now(), lastError: null };
    void this.#keepOpen();
  }

  state(): RelayLinkState {
    return this.#state;
  }

  session(): Session | null {
    return this.#session;
  }

  /** Tries now instead of at the next retry. */
  retryNow(): void {
    this.#wake?.();
  }

  close(): void {
    this.#ended.abort();
    this.#wake?.();
    this.#session?.close();
  }

  async #keepOpen(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!this.#ended.signal.aborted) {
      const lastedMs = await this.#connectOnce();
      retryMs = lastedMs > 5_000 ? FIRST_RETRY_MS : Math.min(retryMs * 2, LONGEST_RETRY_MS);
      await this.#pause(retryMs * (0.75 + Math.random() / 2));
    }
  }

  /** Connects and stays until the channel closes; how long it was of use, in milliseconds. */
  async #connectOnce(): Promise<number> {
    const { url, now } = this.#options;
    const signal = this.#ended.signal;
    const channel = await openRelayChannel(url, { signal, deadlineMs: CONNECT_DEADLINE_MS });
    if (!channel.ok) {
      this.#move('offline', channel.failure);
      return 0;
    }
    const closed = Promise.withResolvers<Failure | null>();
    const { signer, replica, door, blobs, events } = this.#options;
    this.#session = createSession({
      channel: channel.value,
      signer,
      role: 'node',
      replica,
      door,
      blobs,
      events: { ...events, onClosed: (_, failure) => closed.resolve(failure) },
    });
    const startedAt = now();
    if ((await this.#session.other) !== null) {
      this.#move('connected', null);
      const session = this.#session;
      await Promise.all(this.#options.spaces().map((space) => session.open(space)));
    }
    const failure = await closed.promise;
    this.#session = null;
    this.#move('offline', failure);
    return now() - startedAt;
  }

  #move(state: RelayLinkState['state'], lastError: Failure | null): void {
    if (this.#ended.signal.aborted) return;
    const since = this.#state.state === state ? this.#state.since : this.#options.now();
    this.#state = { state, since, lastError };
    this.#options.onState();
  }

  #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wake = () => {
      clearTimeout(timer);
      resolve();
    };
    return promise;
  }
}
