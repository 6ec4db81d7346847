// The offscreen document's side of the link: a local backstage, offered to whichever service worker is alive.
import { holdLife, onLifeEnd } from './life.ts';
import { createLocalBackstage, type LocalBackstage } from './local-backstage.ts';
import type { FromDocument, OnPort, ToDocument } from './offscreen-words.ts';
import { servePeerHost } from './peer-host-proxy.ts';

const HELLO_EVERY_MS = 2000;
/** Well under the 30 s after which Chrome stops an idle service worker. */
const HEARTBEAT_EVERY_MS = 10_000;

/** What one service worker has here, from its `adopt` to its end. */
interface Session {
  readonly port: MessagePort;
  readonly backstage: LocalBackstage;
  readonly gone: AbortSignal;
  readonly end: () => void;
}

/** Runs for as long as the document does. */
export async function serveBackstage(
  createWorker: () => Worker,
  container: ServiceWorkerContainer = navigator.serviceWorker,
): Promise<void> {
  const life = await holdLife();
  let session: Session | null = null;
  let next: ReturnType<typeof setTimeout> | undefined;

  async function tellWorker(kind: FromDocument['kind'], transfer: Transferable[] = []) {
    // A message to a worker that was stopped starts it again.
    const { active } = await container.ready;
    const message: FromDocument = { to: 'commonplace/offscreen-door', kind, life };
    active?.postMessage(message, transfer);
  }

  function speak(): void {
    clearTimeout(next);
    next = setTimeout(speak, session ? HEARTBEAT_EVERY_MS : HELLO_EVERY_MS);
    if (session) void tellWorker('heartbeat');
    else sayHello();
  }

  function sayHello(): void {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', ({ data, ports: [sent] }: MessageEvent<ToDocument>) => {
      if (data.kind === 'adopt') adopt(port1, data.life);
      else if (session?.port !== port1) return;
      else if (data.kind === 'leave') session.end();
      else if (sent) serve(session, data, sent);
    });
    port1.start();
    void tellWorker('hello', [port2]);
  }

  function adopt(port: MessagePort, workerLife: string): void {
    session?.end();
    const adopted = openSession(port, createWorker, () => {
      if (session === adopted) session = null;
      speak();
    });
    session = adopted;
    void onLifeEnd(workerLife, adopted.gone, adopted.end);
    tell(port, { kind: 'ready' });
  }

  speak();
}

function openSession(port: MessagePort, createWorker: () => Worker, onEnd: () => void): Session {
  const gone = new AbortController();
  const backstage = createLocalBackstage(createWorker);
  backstage.onWorkerError((message) => tell(port, { kind: 'worker_error', message }));
  const end = () => {
    if (gone.signal.aborted) return;
    gone.abort();
    backstage.close();
    onEnd();
  };
  return { port, backstage, gone: gone.signal, end };
}

function serve({ backstage, gone }: Session, order: ToDocument, port: MessagePort): void {
  if (order.kind === 'document_worker') backstage.startDocumentWorkerOn(port);
  else if (order.kind === 'peer_host') void servePeerHost(backstage, order.order, port, gone);
}

function tell(port: MessagePort, message: OnPort): void {
  port.postMessage(message);
}
