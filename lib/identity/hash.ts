// Hashing with a domain: the same bytes hashed for two purposes never give the same value.
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { utf8 } from '../wire/bytes.ts';

/** SHA-256 (FIPS 180-4) over `commonplace/<domain>/v1`, a zero byte, then the parts in order. 32 bytes. */
export function hashOf(domain: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = nobleSha256.create().update(utf8(`commonplace/${domain}/v1\0`));
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Plain SHA-256, for formats that are not ours. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
}

/** HKDF-SHA-256 (RFC 5869) with an empty salt; `info` is `commonplace/<domain>/v1`, a zero byte, the context. */
export function deriveKey(
  secret: Uint8Array,
  domain: string,
  context: Uint8Array,
  lengthBytes = 32,
): Uint8Array<ArrayBuffer> {
  const label = utf8(`commonplace/${domain}/v1\0`);
  const info = new Uint8Array(label.length + context.length);
  info.set(label);
  info.set(context, label.length);
  return new Uint8Array(hkdf(nobleSha256, secret, undefined, info, lengthBytes));
}

export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}
