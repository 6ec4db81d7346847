// Ed25519 signatures at every edge where verifiers are known to part, built from the curve's own arithmetic, so that what
// each should be judged follows from how it was made and not from any implementation.
// The classes are those of Project Wycheproof's Ed25519 file and of the twelve conditions of "Taming the many EdDSAs"
// (Chalkias, Garillot, Nikolaenko, 2020, table 6).
import { Point } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, toHex, utf8 } from '../../lib/wire/bytes.ts';

/** All bytes in hex, so that a case can cross into a browser. */
export interface SignatureCase {
  readonly name: string;
  readonly key: string;
  readonly message: string;
  readonly signature: string;
  readonly isValid: boolean;
  /** Whether the key may stand for someone. */
  readonly isRegistrable: boolean;
}

export const L = Point.CURVE().n;
export const P = Point.CURVE().p;

/** A point of order 8: the others of small order are its multiples. */
const TORSION = Point.fromBytes(
  littleEndian(2707385501144840649318225287225658788936804267575313519463743609750303402022n),
);

export function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

export function torsion(multiple: number): Point {
  return times(TORSION, BigInt(multiple % 8));
}

function times(point: Point, scalar: bigint): Point {
  return scalar === 0n ? Point.ZERO : point.multiply(scalar, false);
}

/** A scalar that depends on its name alone. */
export function scalarOf(name: string): bigint {
  return fromLittleEndian(sha512(utf8(name))) % L;
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return bytes.toReversed().reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** aB plus a point of small order, and what a signer needs of it. */
export interface MixedKey {
  readonly scalar: bigint;
  readonly torsion: number;
  readonly bytes: Uint8Array;
}

export function mixedKey(name: string, torsionMultiple: number): MixedKey {
  const scalar = scalarOf(name);
  const point = times(Point.BASE, scalar).add(torsion(torsionMultiple));
  return { scalar, torsion: torsionMultiple % 8, bytes: point.toBytes() };
}

export interface MixedSignature {
  readonly r: Uint8Array;
  readonly s: bigint;
  /** Whether SB = R + kA holds without a cofactor: the parts of small order cancel. */
  readonly holds: boolean;
}

/** Signs with R = rB plus a point of small order; the hash is over the bytes given, which need not be canonical. */
export function signMixed(
  key: MixedKey,
  nonce: MixedKey,
  message: Uint8Array,
  { hashedKey = key.bytes, hashedR = nonce.bytes } = {},
): MixedSignature {
  const k = fromLittleEndian(sha512(concatBytes(hashedR, hashedKey, message))) % L;
  const s = (nonce.scalar + k * key.scalar) % L;
  const left = BigInt(nonce.torsion) + k * BigInt(key.torsion);
  return { r: nonce.bytes, s, holds: left % 8n === 0n };
}

/** The first of the messages `name 0`, `name 1`, … whose signature holds without a cofactor, or does not. */
export function messageWhere(
  name: string,
  holds: boolean,
  sign: (message: Uint8Array) => MixedSignature,
): Uint8Array {
  for (let i = 0; i < 1_000; i++) {
    const message = utf8(`${name} ${i}`);
    if (sign(message).holds === holds) return message;
  }
  throw new Error(`no message for ${name}`);
}

export interface Built {
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

export function asCase(
  name: string,
  { key, message, signature }: Built,
  verdict: { readonly isValid: boolean; readonly isRegistrable: boolean },
): SignatureCase {
  const bytes = { key: toHex(key), message: toHex(message), signature: toHex(signature) };
  return { name, ...bytes, ...verdict };
}

export function joined(r: Uint8Array, s: bigint): Uint8Array {
  return concatBytes(r, littleEndian(s));
}
