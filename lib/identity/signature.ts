// One acceptance rule for Ed25519 signatures on every platform (RFC 8032, section 5.1.7, cofactorless).
// WebCrypto, Node and noble accept three different sets; what differs between them is refused here first.
import { Point, hashes } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes } from '../wire/bytes.ts';

/** Order of the base point, little-endian (RFC 8032, section 5.1). */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const P = 2n ** 255n - 19n;

/** y coordinates of the points whose order divides 8, where the sign bit does not matter. */
const SMALL_ORDER_Y: readonly bigint[] = [
  0n,
  1n,
  P - 1n,
  2707385501144840649318225287225658788936804267575313519463743609750303402022n,
  55188659117513257062467267217118295137698188065244968500265048394206261417927n,
];

/** Whether 32 bytes are a canonical encoding of a point that is not of small order. */
export function isPlainPoint(bytes: Uint8Array): boolean {
  if (bytes.length !== 32) return false;
  const y = littleEndian(bytes) & (2n ** 255n - 1n);
  return y < P && !SMALL_ORDER_Y.includes(y);
}

const MAX_JUDGED_KEYS = 512;
const judgedKeys = new Map<string, boolean>();

/**
 * Whether a key may come to stand for someone: canonical, on the curve, and of prime order. A key with a part of small
 * order splits verifiers that use the cofactor from those that do not (Chalkias and others, "Taming the many EdDSAs",
 * 2020), so it is refused before anything is attributed to it. Costs a multiplication of a point, once a key.
 */
export function isRegistrable(publicKey: Uint8Array): boolean {
  if (!isPlainPoint(publicKey)) return false;
  const id = idOf(publicKey);
  const known = judgedKeys.get(id);
  if (known !== undefined) return known;
  const verdict = isTorsionFree(publicKey);
  if (judgedKeys.size >= MAX_JUDGED_KEYS) judgedKeys.clear();
  judgedKeys.set(id, verdict);
  return verdict;
}

function isTorsionFree(publicKey: Uint8Array): boolean {
  try {
    return Point.fromBytes(publicKey).isTorsionFree();
  } catch {
    return false; // not on the curve
  }
}

/** Whether the form of a signature is one that every platform judges alike. */
export function isPlainSignature(signature: Uint8Array): boolean {
  return (
    signature.length === 64 &&
    isPlainPoint(signature.subarray(0, 32)) &&
    littleEndian(signature.subarray(32)) < L
  );
}

/** Whether `signature` is `publicKey`'s over `message`. Never throws: hostile input is simply not valid. */
export async function verify(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (!isPlainPoint(publicKey) || !isPlainSignature(signature)) return false;
  const key = await importKey(publicKey);
  if (key === null) return verifyWithNoble(publicKey, message, signature);
  return crypto.subtle
    .verify('Ed25519', key, copyOf(signature), copyOf(message))
    .catch(() => false);
}

/** The same verdict without WebCrypto: recomputes R and compares its bytes, with no cofactor. */
export function verifyWithNoble(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (!isPlainPoint(publicKey) || !isPlainSignature(signature)) return false;
  hashes.sha512 = sha512;
  try {
    const a = Point.fromBytes(publicKey);
    const r = signature.subarray(0, 32);
    const k = littleEndian(sha512(concatBytes(r, publicKey, message))) % L;
    const s = littleEndian(signature.subarray(32));
    const sb = s === 0n ? Point.ZERO : Point.BASE.multiply(s, false);
    const ka = k === 0n ? Point.ZERO : a.multiply(k, false);
    return equalBytes(sb.add(ka.negate()).toBytes(), r);
  } catch {
    return false;
  }
}

const MAX_CACHED_KEYS = 512;
const importedKeys = new Map<string, Promise<CryptoKey | null>>();

/** The WebCrypto form of a key, or null where the platform has no Ed25519 or refuses the point. */
function importKey(publicKey: Uint8Array): Promise<CryptoKey | null> {
  const id = idOf(publicKey);
  const known = importedKeys.get(id);
  if (known !== undefined) return known;
  const imported = crypto.subtle
    .importKey('raw', copyOf(publicKey), 'Ed25519', false, ['verify'])
    .catch(() => null);
  if (importedKeys.size >= MAX_CACHED_KEYS) importedKeys.clear();
  importedKeys.set(id, imported);
  return imported;
}

function idOf(publicKey: Uint8Array): string {
  return String.fromCharCode(...publicKey);
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
  return value;
}

/** WebCrypto wants bytes that no one else can resize or share. */
function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
