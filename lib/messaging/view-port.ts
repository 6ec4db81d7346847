// A page's end of the snapshot port. It reconnects for as long as the page is open, since the browser
// may stop the node whenever it is idle, and says so only when that takes longer than a moment.
import type { Failure } from '../wire/failure.ts';
import type { PanelState } from './panel-state.ts';
import type { Subscription, ViewPush, ViewRequest } from './panel.ts';
import { VIEW_PORT } from './panel.ts';
import type { ClientRuntime, RuntimePort } from './runtime.ts';

const FIRST_RETRY_MS = 50;
const MAX_RETRY_MS = 5_000;
const SAY_SO_AFTER_MS = 1_000;
/** A service worker is stopped after 30 s without events. */
const PING_EVERY_MS = 20_000;

export interface ViewListener {
  state(state: PanelState): void;
  failure(failure: Failure): void;
  /** False once the node has been away for a second, true as soon as it speaks again. */
  reachable(reachable: boolean): void;
}

export interface ViewPort {
  subscribe(subscription: Subscription): void;
  close(): void;
}

export function openViewPort(
  runtime: Pick<ClientRuntime, 'connect'>,
  listener: ViewListener,
): ViewPort {
  const connection = new ViewConnection(runtime, listener);
  connection.connect();
  return connection;
}

type Timer = ReturnType<typeof setTimeout>;

class ViewConnection implements ViewPort {
  readonly #runtime: Pick<ClientRuntime, 'connect'>;
  readonly #listener: ViewListener;
  readonly #pings: Timer;
  #port: RuntimePort | null = null;
  #wanted: Subscription | null = null;
  #retryMs = FIRST_RETRY_MS;
  #retry: Timer | undefined;
  #sayLost: Timer | undefined;
  #closed = false;

  constructor(runtime: Pick<ClientRuntime, 'connect'>, listener: ViewListener) {
    this.#runtime = runtime;
    this.#listener = listener;
    this.#pings = setInterval(() => this.#post({ ping: true }), PING_EVERY_MS);
    this.#expectWord();
  }

  connect(): void {
    this.#port = tryConnect(this.#runtime);
    if (this.#port === null) return this.#lose();
    this.#port.onMessage.addListener((message) => {
      if (isPush(message)) this.#hear(message);
    });
    this.#port.onDisconnect.addListener(() => this.#lose());
    if (this.#wanted !== null) this.#post({ subscribe: this.#wanted });
  }

  subscribe(subscription: Subscription): void {
    this.#wanted = subscription;
    this.#post({ subscribe: subscription });
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#pings);
    clearTimeout(this.#retry);
    clearTimeout(this.#sayLost);
    this.#port?.disconnect();
  }

  #hear(push: ViewPush): void {
    this.#retryMs = FIRST_RETRY_MS;
    clearTimeout(this.#sayLost);
    this.#sayLost = undefined;
    this.#listener.reachable(true);
    if ('state' in push) this.#listener.state(push.state);
    else this.#listener.failure(push.failure);
  }

  #lose(): void {
    this.#port = null;
    if (this.#closed) return;
    this.#expectWord();
    this.#retry = setTimeout(() => this.connect(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
  }

  /** The node should speak within a moment; if it does not, the person is told. */
  #expectWord(): void {
    this.#sayLost ??= setTimeout(() => this.#listener.reachable(false), SAY_SO_AFTER_MS);
  }

  /** A port that has just closed throws on post; its disconnect event brings the reconnection. */
  #post(request: ViewRequest): void {
    try {
      this.#port?.postMessage(request);
    } catch {
      return;
    }
  }
}

function tryConnect(runtime: Pick<ClientRuntime, 'connect'>): RuntimePort | null {
  try {
    return runtime.connect({ name: VIEW_PORT });
  } catch {
    // The extension is being reloaded or the node is starting; the caller tries again.
    return null;
  }
}

function isPush(message: unknown): message is ViewPush {
  return (
    typeof message === 'object' && message !== null && ('state' in message || 'failure' in message)
  );
}
