// Something that can sign as one Ed25519 key. A device's key stays inside WebCrypto where the browser allows.
import { getPublicKeyAsync, signAsync, utils } from '@noble/ed25519';
import { concatBytes } from '../wire/bytes.ts';
import { didOfKey } from './did-key.ts';

export interface Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly did: string;
  /** 64 bytes, Ed25519 (RFC 8032). The caller separates domains. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/**
 * A device key as a profile keeps it: a WebCrypto pair whose private half cannot be exported,
 * or a raw seed where the browser has no Ed25519. Both survive IndexedDB's structured clone.
 */
export type StoredDeviceKey =
  | { readonly form: 'webcrypto'; readonly pair: CryptoKeyPair; readonly publicKey: Uint8Array }
  | { readonly form: 'seed'; readonly seed: Uint8Array; readonly publicKey: Uint8Array };

export async function createDeviceKey(): Promise<StoredDeviceKey> {
  try {
    const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    const raw = await crypto.subtle.exportKey('raw', pair.publicKey);
    return { form: 'webcrypto', pair, publicKey: new Uint8Array(raw) };
  } catch {
    const seed = utils.randomSecretKey();
    return { form: 'seed', seed, publicKey: await getPublicKeyAsync(seed) };
  }
}

export async function signerOfDevice(key: StoredDeviceKey): Promise<Signer> {
  return key.form === 'webcrypto'
    ? webCryptoSigner(key.pair.privateKey, key.publicKey)
    : signerOfSeed(key.seed);
}

/** DER before a raw 32-byte Ed25519 seed in PKCS #8 (RFC 8410, section 7). */
const PKCS8_PREFIX = Uint8Array.from([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
]);

/** A signer from a 32-byte Ed25519 seed: a person's key or an access key, which are derived, not made in place. */
export async function signerOfSeed(seed: Uint8Array): Promise<Signer> {
  const publicKey = await getPublicKeyAsync(seed);
  try {
    const pkcs8 = concatBytes(PKCS8_PREFIX, seed);
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
    return webCryptoSigner(key, publicKey);
  } catch {
    return {
      publicKey,
      did: didOfKey(publicKey),
      sign: async (message) => signAsync(message, seed),
    };
  }
}

function webCryptoSigner(privateKey: CryptoKey, publicKey: Uint8Array): Signer {
  return {
    publicKey,
    did: didOfKey(publicKey),
    sign: async (message) =>
      new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, new Uint8Array(message))),
  };
}
