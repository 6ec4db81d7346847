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
  let port: RuntimePort | null = null;
  let wanted: Subscription | null = null;
  let retryMs = FIRST_RETRY_MS;
  let closed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let sayLost: ReturnType<typeof setTimeout> | undefined;

  const heard = (push: ViewPush): void => {
    retryMs = FIRST_RETRY_MS;
    clearTimeout(sayLost);
    sayLost = undefined;
    listener.reachable(true);
    if ('state' in push) listener.state(push.state);
    else listener.failure(push.failure);
  };
  const lose = (): void => {
    port = null;
    if (closed) return;
    sayLost ??= setTimeout(() => listener.reachable(false), SAY_SO_AFTER_MS);
    retry = setTimeout(connect, retryMs);
    retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
  };
  const connect = (): void => {
    const opened = tryConnect(runtime);
    if (opened === null) return lose();
    port = opened;
    opened.onMessage.addListener((message) => {
      if (isPush(message)) heard(message);
    });
    opened.onDisconnect.addListener(lose);
    if (wanted !== null) post(opened, { subscribe: wanted });
  };

  sayLost = setTimeout(() => listener.reachable(false), SAY_SO_AFTER_MS);
  connect();
  const pings = setInterval(() => port && post(port, { ping: true }), PING_EVERY_MS);
  return {
    subscribe(subscription) {
      wanted = subscription;
      if (port) post(port, { subscribe: subscription });
    },
    close() {
      closed = true;
      clearInterval(pings);
      clearTimeout(retry);
      clearTimeout(sayLost);
      port?.disconnect();
    },
  };
}

function tryConnect(runtime: Pick<ClientRuntime, 'connect'>): RuntimePort | null {
  try {
    return runtime.connect({ name: VIEW_PORT });
  } catch {
    // The extension is being reloaded or the node is starting; the caller tries again.
    return null;
  }
}

/** A port that has just closed throws on post; its disconnect event brings the reconnection. */
function post(port: RuntimePort, request: ViewRequest): void {
  try {
    port.postMessage(request);
  } catch {
    return;
  }
}

function isPush(message: unknown): message is ViewPush {
  return (
    typeof message === 'object' && message !== null && ('state' in message || 'failure' in message)
  );
}
