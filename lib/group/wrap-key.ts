// A device's key for receiving secrets: X25519, made in place, its private half held by WebCrypto and not to be exported.

/** As a profile keeps it; survives IndexedDB's structured clone. */
export interface StoredWrapKey {
  readonly pair: CryptoKeyPair;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

export async function createWrapKey(): Promise<StoredWrapKey> {
  const pair = await crypto.subtle.generateKey('X25519', false, ['deriveBits']);
  // One name for a key pair and for a single key in the types; X25519 always makes a pair.
  if (!('privateKey' in pair)) throw new Error('expected a pair of X25519 keys');
  const raw = await crypto.subtle.exportKey('raw', pair.publicKey);
  return { pair, publicKey: new Uint8Array(raw) };
}
