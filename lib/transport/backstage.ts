// Backstage: the place behind the node that has what a service worker lacks, WebRTC and dedicated workers.
// Chrome: the offscreen document, reached through `offscreen-link.ts`. Firefox: the event page itself,
// `local-backstage.ts`. The node uses either through this interface and keeps no truth in it.
import type { Result } from '../wire/failure.ts';
import type { PeerHost, PeerHostOptions } from './peer-host.ts';

export interface Backstage {
  /** Starts direct connections by way of one relay. Failures: `bad_arguments`, `unavailable`. */
  openPeerHost(options: PeerHostOptions): Promise<Result<PeerHost>>;
  /**
   * Starts a document worker, ending the one before it at once, and returns a port to it. The worker gets
   * the other end as `ports[0]` of the first message that it is sent. The port is not started yet.
   */
  startDocumentWorker(): MessagePort;
  /** Called when the document worker failed to load or threw outside of any promise. */
  onWorkerError(listener: (message: string) => void): () => void;
  /** Settles when all this is gone with its channels and its worker: get another one. */
  readonly lost: Promise<void>;
  /** Closes every host and ends the worker. Idempotent. */
  close(): void;
}
