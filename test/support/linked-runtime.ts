// Two ends of a browser's runtime API, linked in memory: what one end says the other hears a turn later, as in a browser.
// The node's end can be stopped and started, and any sender can be played.
import type {
  ClientRuntime,
  MessageListener,
  RuntimePort,
  Sender,
  ServerRuntime,
} from '../../lib/messaging/runtime.ts';

export const EXTENSION_ID = 'oobkohdpiciabfffpjbodadedlpmdelp';
export const ROOT = `chrome-extension://${EXTENSION_ID}/`;
export const OWN_PAGE: Sender = { id: EXTENSION_ID, url: `${ROOT}sidepanel.html`, frameId: 0 };

interface Hub<L> {
  addListener(listener: L): void;
  readonly listeners: L[];
}

function hub<L>(): Hub<L> {
  const listeners: L[] = [];
  return { listeners, addListener: (listener) => void listeners.push(listener) };
}

export interface LinkedRuntime {
  readonly server: ServerRuntime;
  /** A page's end; `sender` is how the browser would describe that page to the node. */
  client(sender: Sender): ClientRuntime;
  /** The node goes away: ports close, and nobody receives messages until listeners are added again. */
  stopServer(): void;
  readonly openPorts: number;
}

export function createLinkedRuntime(): LinkedRuntime {
  const onMessage = hub<MessageListener>();
  const onConnect = hub<(port: RuntimePort) => void>();
  const open = new Set<() => void>();
  return {
    server: { id: EXTENSION_ID, onMessage, onConnect },
    client: (sender) => ({
      sendMessage: (message) => deliver(onMessage.listeners, message, sender),
      connect({ name }) {
        if (onConnect.listeners.length === 0) throw new Error(NOBODY);
        const { near, far, sever } = linkPorts(name, sender, () => open.delete(sever));
        open.add(sever);
        for (const listener of onConnect.listeners) listener(far);
        return near;
      },
    }),
    stopServer() {
      onMessage.listeners.length = 0;
      onConnect.listeners.length = 0;
      for (const sever of open) sever();
    },
    get openPorts() {
      return open.size;
    },
  };
}

const NOBODY = 'Could not establish connection. Receiving end does not exist.';

function deliver(listeners: readonly MessageListener[], message: unknown, sender: Sender) {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const copy: unknown = structuredClone(message);
  queueMicrotask(() => {
    if (listeners.length === 0) return reject(new Error(NOBODY));
    const claimed = listeners.map((listener) => listener(copy, sender, resolve));
    if (!claimed.includes(true)) resolve(undefined);
  });
  return promise;
}

function linkPorts(name: string, sender: Sender, ended: () => void) {
  const toFar = hub<(message: unknown) => void>();
  const toNear = hub<(message: unknown) => void>();
  const nearGone = hub<() => void>();
  const farGone = hub<() => void>();
  let live = true;
  const end = (gone: readonly Hub<() => void>[]) => () => {
    if (!live) return;
    live = false;
    ended();
    for (const one of gone) for (const listener of one.listeners) listener();
  };
  const post = (to: Hub<(message: unknown) => void>) => (message: unknown) => {
    if (!live) throw new Error('Attempting to use a disconnected port object');
    const copy: unknown = structuredClone(message);
    queueMicrotask(() => to.listeners.forEach((listener) => listener(copy)));
  };
  const near: RuntimePort = {
    name,
    onMessage: toNear,
    onDisconnect: nearGone,
    postMessage: post(toFar),
    disconnect: end([farGone]),
  };
  const far: RuntimePort = {
    name,
    sender,
    onMessage: toFar,
    onDisconnect: farGone,
    postMessage: post(toNear),
    disconnect: end([nearGone]),
  };
  return { near, far, sever: end([nearGone, farGone]) };
}
