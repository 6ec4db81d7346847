// The first messages of a session, until the other has proved who it is or one of the two has had enough.
import type { Failure } from '../wire/failure.ts';
import { decodeSyncMessage } from '../wire/sync-message.ts';
import type { Handshake, Handshaken } from './handshake.ts';

export type Opening =
  | { readonly at: 'answer'; readonly answer: Uint8Array }
  | { readonly at: 'known'; readonly known: Handshaken }
  /** The other turned us away. */
  | { readonly at: 'refused'; readonly failure: Failure }
  /** The other did not follow the protocol. */
  | { readonly at: 'failed'; readonly failure: Failure };

/** Gives a function that takes what arrives, in order. */
export function createOpening(handshake: Handshake): (bytes: Uint8Array) => Promise<Opening> {
  let isGreeted = false;
  return async (bytes) => {
    const message = decodeSyncMessage(bytes);
    if (message.ok && message.value.type === 'refuse') {
      return { at: 'refused', failure: message.value.failure };
    }
    if (!isGreeted) {
      const proof = await handshake.greet(bytes);
      isGreeted = proof.ok;
      return proof.ok
        ? { at: 'answer', answer: proof.value }
        : { at: 'failed', failure: proof.failure };
    }
    const concluded = await handshake.conclude(bytes);
    return concluded.ok
      ? { at: 'known', known: concluded.value }
      : { at: 'failed', failure: concluded.failure };
  };
}
