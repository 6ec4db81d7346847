// Secrets of epochs: 32 random bytes, a commitment to each, and the chain by which a newer one opens the one before.
import { deriveKey, hashOf, randomBytes } from '../identity/hash.ts';
import { equalBytes } from '../wire/bytes.ts';
import { encodeCbor } from '../wire/cbor.ts';
import type { SealedSecret } from '../wire/control-epoch.ts';
import type { Epoch } from './control-state.ts';
import { deriveAccessSigner } from './epoch-keys.ts';

const SECRET_BYTES = 32;

export function createEpochSecret(): Uint8Array<ArrayBuffer> {
  return randomBytes(SECRET_BYTES);
}

/** 32 bytes. Without the epoch's number, so that a secret used twice shows. */
export function commitmentTo(space: Uint8Array, secret: Uint8Array): Uint8Array {
  return hashOf('epoch-commitment', space, secret);
}

/** Whether this is the secret that the control log promised for an epoch. */
export async function isSecretOf(
  epoch: Epoch,
  space: Uint8Array,
  secret: Uint8Array,
): Promise<boolean> {
  if (secret.length !== SECRET_BYTES) return false;
  const promised = epoch.commitment ?? commitmentTo(space, secret);
  if (!equalBytes(promised, commitmentTo(space, secret))) return false;
  const access = await deriveAccessSigner(secret, epoch.number);
  return equalBytes(access.publicKey, epoch.access);
}

/** Which secret seals which: the one of epoch `number` that of the epoch before it. */
export interface ChainLink {
  readonly space: Uint8Array;
  readonly number: number;
}

export async function sealPrevious(
  link: ChainLink,
  secret: Uint8Array,
  previous: Uint8Array,
): Promise<SealedSecret> {
  const nonce = randomBytes(12);
  const key = await chainKey(link, secret, 'encrypt');
  const sealed = await crypto.subtle.encrypt(gcm(link, nonce), key, new Uint8Array(previous));
  return { nonce, ciphertext: new Uint8Array(sealed) };
}

/** The secret of the epoch before, or null when the link does not open. It still has to be checked by `isSecretOf`. */
export async function openPrevious(
  link: ChainLink,
  secret: Uint8Array,
  { nonce, ciphertext }: SealedSecret,
): Promise<Uint8Array | null> {
  const key = await chainKey(link, secret, 'decrypt');
  try {
    const opened = await crypto.subtle.decrypt(gcm(link, nonce), key, new Uint8Array(ciphertext));
    return new Uint8Array(opened);
  } catch {
    return null;
  }
}

function chainKey(
  { space, number }: ChainLink,
  secret: Uint8Array,
  use: 'encrypt' | 'decrypt',
): Promise<CryptoKey> {
  const raw = deriveKey(secret, 'previous-epoch', encodeCbor([space, number]));
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, [use]);
}

function gcm({ space, number }: ChainLink, nonce: Uint8Array): AesGcmParams {
  const additionalData = new Uint8Array(encodeCbor([space, number]));
  return { name: 'AES-GCM', iv: new Uint8Array(nonce), additionalData };
}
