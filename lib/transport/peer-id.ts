// Random names for WebRTC signalling that only their owner can claim: the id is the hash of a secret token.
// They say nothing about a person; the handshake in lib/sync proves who is at the other end.
import { toHex, utf8, concatBytes } from '../wire/bytes.ts';

const DOMAIN = 'commonplace/peer-id/v1';

export interface PeerIdentity {
  readonly peerId: string;
  /** Hex of 32 random bytes, shown to the relay only. */
  readonly token: string;
}

export async function createPeerIdentity(): Promise<PeerIdentity> {
  const token = crypto.getRandomValues(new Uint8Array(32));
  return { peerId: await peerIdOf(token), token: toHex(token) };
}

/** The id that a token proves: 40 lower-case hex digits. */
export async function peerIdOf(token: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', concatBytes(utf8(DOMAIN), token));
  return toHex(new Uint8Array(digest)).slice(0, 40);
}

export function isPeerId(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}
