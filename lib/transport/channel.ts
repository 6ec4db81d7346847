// The contract of a channel: a pipe of whole messages to one other node or to the relay.
// It says nothing about who the other is; lib/sync proves that with a handshake bound to `binding`.
import type { Result } from '../wire/failure.ts';

/** A message larger than this is refused by both ends. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

export type CloseReason = 'local' | 'remote' | 'error' | 'too_large' | 'malformed' | 'timeout';

export interface Channel {
  readonly kind: 'memory' | 'webrtc' | 'relay';
  /**
   * 32 bytes that both ends of this very connection agree on and nobody in the middle can choose:
   * the hash of both DTLS fingerprints for WebRTC, all zero where the transport offers nothing.
   */
  readonly binding: Uint8Array;
  /**
   * Sends one message. Settles when there is room for the next one (backpressure), in order.
   * Failures: `closed`, `too_large`, `timeout` (no room for 30 s; the channel closes).
   */
  send(message: Uint8Array): Promise<Result<void>>;
  /**
   * Sets the one receiver. Messages arrive whole and in order; messages that came before it was set are
   * kept (bounded). The next message waits until the promise that the receiver returns has settled.
   */
  receive(receiver: (message: Uint8Array) => void | Promise<void>): void;
  /** Idempotent. Messages accepted by `send` before it are flushed where the transport allows. */
  close(reason?: CloseReason): void;
  readonly closed: Promise<CloseReason>;
}
