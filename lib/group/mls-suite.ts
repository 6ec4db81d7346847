// The one cipher suite of our MLS groups, over the cryptography that the rest of the node uses: hashes by noble, AES-GCM
// and X25519 by WebCrypto, and Ed25519 by the device's own key, which nobody can read, under our one rule for signatures.
import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js';
import { makeGenericHpke } from 'ts-mls/crypto/implementation/hpke.js';
import { randomBytes } from '../identity/hash.ts';
import { verify } from '../identity/signature.ts';
import type { Signer } from '../identity/signer.ts';
import { equalBytes } from '../wire/bytes.ts';

/** RFC 9420, section 17.1: the suite that every implementation has. */
export const SUITE_NAME = 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519';

const HASH_BYTES = 32;

export async function mlsSuite(signer: Pick<Signer, 'sign'>): Promise<CiphersuiteImpl> {
  const parts = {
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes128Gcm(),
  };
  const names = { kem: 'DHKEM-X25519-HKDF-SHA256', kdf: 'HKDF-SHA256', aead: 'AES128GCM' } as const;
  return {
    name: SUITE_NAME,
    hpke: await makeGenericHpke(names, AES_GCM, new CipherSuite(parts)),
    hash: HASH,
    kdf: KDF,
    rng: { randomBytes },
    signature: {
      // The library hands over a private key that it was given; a device's never leaves WebCrypto, so there is none.
      sign: (_none, message) => signer.sign(message),
      verify,
      keygen: () => Promise.reject(new Error('expected a device to sign with its own key')),
    },
  };
}

const HASH: CiphersuiteImpl['hash'] = {
  digest: async (data) => sha256(data),
  mac: async (key, data) => hmac(sha256, key, data),
  verifyMac: async (key, mac, data) => equalBytes(mac, hmac(sha256, key, data)),
};

const KDF: CiphersuiteImpl['kdf'] = {
  size: HASH_BYTES,
  extract: async (salt, secret) => extract(sha256, secret, salt),
  expand: async (key, info, length) => expand(sha256, key, info, length),
};

const AES_GCM: Parameters<typeof makeGenericHpke>[1] = {
  encrypt: async (key, nonce, aad, plaintext) => {
    const imported = await importKey(key, 'encrypt');
    const sealed = await crypto.subtle.encrypt(
      gcm(nonce, aad),
      imported,
      new Uint8Array(plaintext),
    );
    return new Uint8Array(sealed);
  },
  decrypt: async (key, nonce, aad, ciphertext) => {
    const imported = await importKey(key, 'decrypt');
    const opened = await crypto.subtle.decrypt(
      gcm(nonce, aad),
      imported,
      new Uint8Array(ciphertext),
    );
    return new Uint8Array(opened);
  },
};

function importKey(raw: Uint8Array, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', new Uint8Array(raw), 'AES-GCM', false, [use]);
}

function gcm(nonce: Uint8Array, aad: Uint8Array): AesGcmParams {
  return { name: 'AES-GCM', iv: new Uint8Array(nonce), additionalData: new Uint8Array(aad) };
}
