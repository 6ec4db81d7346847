// A backstage in this very context: Firefox's event page, and the inside of Chrome's offscreen document.
import type { Backstage } from './backstage.ts';
import { createListeners } from './listeners.ts';
import { createPeerHost } from './webrtc.ts';
import { createWorkerHost } from './worker-host.ts';

export interface LocalBackstage extends Backstage {
  /** As `startDocumentWorker`, for a port that comes from elsewhere. */
  startDocumentWorkerOn(port: MessagePort): void;
}

export function createLocalBackstage(createWorker: () => Worker): LocalBackstage {
  const lost = Promise.withResolvers<void>();
  const ended = new AbortController();
  const errors = createListeners<string>();
  const worker = createWorkerHost(createWorker, (message) => errors.tell(message));
  return {
    openPeerHost: (options) =>
      createPeerHost({ ...options, signal: AbortSignal.any([options.signal, ended.signal]) }),
    startDocumentWorker() {
      const { port1, port2 } = new MessageChannel();
      worker.start(port2);
      return port1;
    },
    startDocumentWorkerOn: (port) => worker.start(port),
    onWorkerError: (listener) => errors.add(listener),
    lost: lost.promise,
    close() {
      worker.stop();
      ended.abort();
      lost.resolve();
    },
  };
}
