// The service worker's side of the link to the offscreen document: makes sure the document exists, waits for
// it to say hello, and gives the node a backstage in it. Survives the end of either, see `offscreen-page.ts`.
import { fail, ok, type Result } from '../wire/failure.ts';
import type { Backstage } from './backstage.ts';
import { createListeners } from './listeners.ts';
import { holdLife, onLifeEnd } from './life.ts';
import { fromDocument, type OnPort, type ToDocument } from './offscreen-words.ts';
import { connectPeerHost } from './peer-host-proxy.ts';
import { checkShape } from '../wire/shape.ts';

const HELLO_DEADLINE_MS = 6000;
const READY_DEADLINE_MS = 3000;

/** The browser's side of offscreen documents, of which an extension has one at most. */
export interface OffscreenDocument {
  /** Makes it unless it exists. */
  ensure(): Promise<void>;
  close(): Promise<void>;
}

/** Where messages to the service worker arrive: `self`. */
export interface MessageSource {
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
}

export interface OffscreenDoor {
  /** A backstage in the offscreen document; what an earlier one held is closed. Failures: `unavailable`, `cancelled`. */
  connect(options: { readonly signal: AbortSignal }): Promise<Result<Backstage>>;
}

interface Hello {
  readonly port: MessagePort;
  /** The lock that the document holds while it lives. */
  readonly life: string;
}

/** Must be called while the worker's script first runs: a listener added later would miss the message that woke it. */
export function createOffscreenDoor(
  source: MessageSource,
  document: OffscreenDocument,
): OffscreenDoor {
  const hellos = createListeners<void>();
  let waiting: Hello | null = null;
  let ownLife: Promise<string> | null = null;
  /** The document serves one backstage at a time, so a new one ends the one before. */
  let loseLast: (() => void) | null = null;

  source.addEventListener('message', ({ data, ports: [port] }) => {
    const parsed = checkShape(fromDocument, data);
    if (!parsed.success || parsed.data.kind !== 'hello' || !port) return;
    waiting = { port, life: parsed.data.life };
    hellos.tell();
  });

  async function attempt(signal: AbortSignal): Promise<Backstage | null> {
    ownLife ??= holdLife();
    const life = await ownLife;
    await document.ensure();
    const giveUp = AbortSignal.any([signal, AbortSignal.timeout(HELLO_DEADLINE_MS)]);
    while (!giveUp.aborted) {
      const hello = waiting;
      waiting = null;
      if (hello && (await isReady(hello.port, life))) {
        loseLast?.();
        const [backstage, lose] = remoteBackstage(hello);
        loseLast = lose;
        return backstage;
      }
      if (!waiting) await nextTold((listener) => hellos.add(listener), giveUp);
    }
    return null;
  }

  return {
    async connect({ signal }) {
      for (let tries = 0; tries < 2 && !signal.aborted; tries++) {
        const backstage = await attempt(signal);
        if (backstage) return ok(backstage);
        // A document that does not answer is of no use to anyone.
        if (!signal.aborted) await document.close();
      }
      return signal.aborted ? CANCELLED : UNAVAILABLE;
    },
  };
}

function remoteBackstage({ port, life }: Hello): [Backstage, lose: () => void] {
  const errors = createListeners<string>();
  const lost = Promise.withResolvers<void>();
  const gone = new AbortController();
  const lose = () => {
    gone.abort();
    lost.resolve();
  };
  void onLifeEnd(life, gone.signal, lose);
  port.addEventListener('message', ({ data }: MessageEvent<OnPort>) => {
    if (data.kind === 'worker_error') errors.tell(data.message);
  });
  const backstage: Backstage = {
    openPeerHost(options) {
      const { relayHttpUrl, iceServers } = options;
      const order = { relayHttpUrl, ...(iceServers && { iceServers }) };
      return connectPeerHost(handOver(port, { kind: 'peer_host', order }), options, gone.signal);
    },
    startDocumentWorker: () => handOver(port, { kind: 'document_worker' }),
    onWorkerError: (listener) => errors.add(listener),
    lost: lost.promise,
    close() {
      tell(port, { kind: 'leave' });
      lose();
    },
  };
  return [backstage, lose];
}

/** Sends one end of a new port along with the order; returns the other. */
function handOver(port: MessagePort, order: ToDocument): MessagePort {
  const { port1, port2 } = new MessageChannel();
  tell(port, order, [port2]);
  return port1;
}

async function isReady(port: MessagePort, life: string): Promise<boolean> {
  const deadline = AbortSignal.timeout(READY_DEADLINE_MS);
  const ready = nextTold<OnPort>((listener) => {
    const onMessage = ({ data }: MessageEvent<OnPort>) => listener(data);
    port.addEventListener('message', onMessage);
    return () => port.removeEventListener('message', onMessage);
  }, deadline);
  port.start();
  tell(port, { kind: 'adopt', life });
  return (await ready)?.kind === 'ready';
}

/** The next thing told, or null when the signal aborts first. */
function nextTold<T>(
  add: (listener: (told: T) => void) => () => void,
  signal: AbortSignal,
): Promise<T | null> {
  return new Promise((resolve) => {
    const settle = (told: T | null) => {
      remove();
      signal.removeEventListener('abort', onAbort);
      resolve(told);
    };
    const onAbort = () => settle(null);
    const remove = add(settle);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) settle(null);
  });
}

function tell(port: MessagePort, message: ToDocument, transfer: Transferable[] = []): void {
  port.postMessage(message, transfer);
}

const UNAVAILABLE = fail(
  'unavailable',
  'The browser did not start the part of the extension that holds documents and connections.',
  'Restart the browser; if it happens again, report it.',
);
const CANCELLED = fail('cancelled', 'Starting was cancelled.', 'Start again if it is needed.');
