// The key of the blob that a checkpoint is in, sealed under the secret of an epoch: it stands in the control log, which
// relays read too.
import { deriveKey, randomBytes } from '../identity/hash.ts';
import { encodeCbor } from '../wire/cbor.ts';
import type { SealedSecret } from '../wire/control-epoch.ts';

/** What a key is sealed for. */
export interface CheckpointKeyPlace {
  readonly space: Uint8Array;
  readonly epoch: number;
  /** 32 bytes: hash of the checkpoint. */
  readonly snapshot: Uint8Array;
}

/** `key` has 32 bytes; `secret` is the epoch's. */
export async function sealCheckpointKey(
  place: CheckpointKeyPlace,
  secret: Uint8Array,
  key: Uint8Array,
): Promise<SealedSecret> {
  const nonce = randomBytes(12);
  const sealing = await sealingKey(place, secret, 'encrypt');
  const sealed = await crypto.subtle.encrypt(gcm(place, nonce), sealing, new Uint8Array(key));
  return { nonce, ciphertext: new Uint8Array(sealed) };
}

/** Null when it does not open. */
export async function openCheckpointKey(
  place: CheckpointKeyPlace,
  secret: Uint8Array,
  { nonce, ciphertext }: SealedSecret,
): Promise<Uint8Array | null> {
  const key = await sealingKey(place, secret, 'decrypt');
  try {
    const opened = await crypto.subtle.decrypt(gcm(place, nonce), key, new Uint8Array(ciphertext));
    return new Uint8Array(opened);
  } catch {
    return null;
  }
}

function sealingKey(
  { space, epoch }: CheckpointKeyPlace,
  secret: Uint8Array,
  use: 'encrypt' | 'decrypt',
): Promise<CryptoKey> {
  const raw = deriveKey(secret, 'checkpoint-key', encodeCbor([space, epoch]));
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, [use]);
}

function gcm({ space, epoch, snapshot }: CheckpointKeyPlace, nonce: Uint8Array): AesGcmParams {
  const additionalData = new Uint8Array(encodeCbor([space, epoch, snapshot]));
  return { name: 'AES-GCM', iv: new Uint8Array(nonce), additionalData };
}
