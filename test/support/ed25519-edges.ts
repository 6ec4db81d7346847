// The cases themselves: the twelve conditions, every pair of parts of small order, every encoding of a point of small
// order, and signatures mangled after they were made.
import { Point } from '@noble/ed25519';
import { concatBytes, utf8 } from '../../lib/wire/bytes.ts';
import {
  asCase,
  joined,
  L,
  littleEndian,
  messageWhere,
  mixedKey,
  P,
  signMixed,
  torsion,
  type Built,
  type MixedKey,
  type SignatureCase,
} from './ed25519-cases.ts';

const SMALL = { isValid: false, isRegistrable: false };
const HONEST = { isValid: true, isRegistrable: true };
const REFUSED = { isValid: false, isRegistrable: true };

export function edgeCases(): SignatureCase[] {
  return [...twelveConditions(), ...mixedPairs(), ...smallOrderPairs(), ...mangled(), ...plain()];
}

/** A key or nonce of small order alone. */
function smallKey(multiple: number): MixedKey {
  return { scalar: 0n, torsion: multiple % 8, bytes: torsion(multiple).toBytes() };
}

/** Two spellings of points of small order that are not canonical: x = 0 with its sign set, y = p + 1. */
const SIGNED_ZERO = littleEndian(1n | (1n << 255n));
const Y_ABOVE_P = littleEndian(P + 1n);

/** Numbered as in the paper. */
export function twelveConditions(): SignatureCase[] {
  return [...conditionsOfOrder(), ...conditionsOfSpelling()];
}

function conditionsOfOrder(): SignatureCase[] {
  const mixed = mixedKey('key', 1);
  const nonce = mixedKey('nonce', 0);
  const mixedNonce = mixedKey('nonce', 3);
  const taken = { isValid: true, isRegistrable: false };
  return [
    condition(0, 'S = 0, small A and R', smallKey(1), smallKey(3), SMALL),
    condition(1, 'small A, mixed R', smallKey(1), mixedNonce, SMALL),
    condition(2, 'mixed A, small R', mixed, smallKey(3), SMALL),
    condition(3, 'mixed A and R', mixed, mixedNonce, taken),
    condition(4, 'mixed A and R, with cofactor only', mixed, mixedNonce, SMALL, { holds: false }),
    condition(5, 'mixed A, with cofactor only', mixed, nonce, SMALL, { holds: false }),
  ];
}

function conditionsOfSpelling(): SignatureCase[] {
  const whole = mixedKey('key', 0);
  const nonce = mixedKey('nonce', 0);
  const identity = smallKey(0);
  const reduced = { spelledA: Y_ABOVE_P };
  const asIs = { spelledA: SIGNED_ZERO, hashSpelled: true };
  const reducedR = { spelledR: Y_ABOVE_P };
  const asIsR = { spelledR: SIGNED_ZERO, hashSpelled: true };
  return [
    condition(6, 'S + L', whole, nonce, REFUSED, { addToS: L }),
    condition(7, 'S + 13 L', whole, nonce, REFUSED, { addToS: 13n * L }),
    condition(8, 'R not canonical, reduced for the hash', whole, identity, REFUSED, reducedR),
    condition(9, 'R not canonical, hashed as it is', whole, identity, REFUSED, asIsR),
    condition(10, 'A not canonical, reduced for the hash', identity, nonce, SMALL, reduced),
    condition(11, 'A not canonical, hashed as it is', identity, nonce, SMALL, asIs),
  ];
}

interface Twist {
  readonly holds?: boolean;
  readonly addToS?: bigint;
  readonly spelledA?: Uint8Array;
  readonly spelledR?: Uint8Array;
  /** Hash the spelling that is sent, not the canonical one. */
  readonly hashSpelled?: boolean;
}

function condition(
  number: number,
  name: string,
  key: MixedKey,
  nonce: MixedKey,
  verdict: { readonly isValid: boolean; readonly isRegistrable: boolean },
  {
    holds = true,
    addToS = 0n,
    spelledA = key.bytes,
    spelledR = nonce.bytes,
    hashSpelled = false,
  }: Twist = {},
): SignatureCase {
  const hashed = hashSpelled ? { hashedKey: spelledA, hashedR: spelledR } : {};
  const sign = (message: Uint8Array) => signMixed(key, nonce, message, hashed);
  const message = messageWhere(`condition ${number}`, holds, sign);
  const signature = joined(spelledR, sign(message).s + addToS);
  return asCase(`condition ${number}: ${name}`, { key: spelledA, message, signature }, verdict);
}

/** Keys and nonces with every part of small order, valid exactly where the parts cancel. */
function mixedPairs(): SignatureCase[] {
  return pairs(8, 8).flatMap(([i, j]) => {
    const key = mixedKey('pair key', i);
    const nonce = mixedKey('pair nonce', j);
    return ['one', 'two'].map((text) => {
      const message = utf8(text);
      const { r, s, holds } = signMixed(key, nonce, message);
      const built = { key: key.bytes, message, signature: joined(r, s) };
      const name = `A with part ${i}, R with part ${j}, message ${text}`;
      return asCase(name, built, { isValid: holds, isRegistrable: i === 0 });
    });
  });
}

/** Every spelling of the eight points of small order, canonical and not, as A and as R. */
export function smallOrderSpellings(): Uint8Array[] {
  const canonical = Array.from({ length: 8 }, (_, i) => torsion(i).toBytes());
  const sign = 1n << 255n;
  const others = [1n | sign, (P - 1n) | sign, P, P | sign, P + 1n, (P + 1n) | sign];
  return [...canonical, ...others.map(littleEndian)];
}

function smallOrderPairs(): SignatureCase[] {
  const spellings = smallOrderSpellings();
  return pairs(spellings.length, spellings.length).map(([i, j]) => {
    const key = spellings[i] ?? new Uint8Array();
    const signature = joined(spellings[j] ?? new Uint8Array(), 0n);
    return asCase(
      `small A ${i}, small R ${j}, S = 0`,
      { key, message: utf8('m'), signature },
      SMALL,
    );
  });
}

function honest(message: Uint8Array): Built & { readonly r: Uint8Array; readonly s: bigint } {
  const key = mixedKey('honest key', 0);
  const { r, s } = signMixed(key, mixedKey(`nonce of ${message.length}`, 0), message);
  return { key: key.bytes, message, signature: joined(r, s), r, s };
}

/** Messages of all lengths about the block of SHA-512, and some long ones. */
function plain(): SignatureCase[] {
  const lengths = [
    ...Array.from({ length: 10 }, (_, i) => 14 * i),
    111,
    112,
    127,
    128,
    4096,
    65_536,
  ];
  return lengths.map((length) => {
    const built = honest(Uint8Array.from({ length }, (_, i) => i & 0xff));
    return asCase(`a plain signature over ${length} bytes`, built, HONEST);
  });
}

function mangled(): SignatureCase[] {
  const built = honest(utf8('the message'));
  const other = mixedKey('another key', 0).bytes;
  return [
    ...spoiledSignatures(built).map(([name, signature]) =>
      asCase(name, { ...built, signature }, REFUSED),
    ),
    ...bitFlips(built.signature).map(([bit, signature]) =>
      asCase(`bit ${bit} of the signature turned`, { ...built, signature }, REFUSED),
    ),
    asCase('another message', { ...built, message: utf8('the massage') }, REFUSED),
    asCase('no message', { ...built, message: new Uint8Array() }, REFUSED),
    asCase('another key', { ...built, key: other }, REFUSED),
    ...spoiledKeys(built.key).map(([name, key]) => asCase(name, { ...built, key }, SMALL)),
  ];
}

function spoiledSignatures({
  signature,
  r,
  s,
}: ReturnType<typeof honest>): (readonly [string, Uint8Array])[] {
  const zeros = new Uint8Array(32);
  const negated = Point.fromBytes(r).negate().toBytes();
  return [
    ...[0, 1, 32, 63].map(
      (length) => [`cut to ${length} bytes`, signature.slice(0, length)] as const,
    ),
    ['one byte too long', concatBytes(signature, Uint8Array.of(0))],
    ['twice', concatBytes(signature, signature)],
    ['R left out', signature.slice(32)],
    ['R and S swapped', concatBytes(signature.slice(32), r)],
    ['R negated', joined(negated, s)],
    [
      'R all ones',
      concatBytes(
        zeros.map(() => 0xff),
        signature.slice(32),
      ),
    ],
    ['all ones', concatBytes(signature.map(() => 0xff))],
    ...[0n, 1n, L - 1n, L, L + 1n, P, 2n ** 256n - 1n].map(
      (value) => [`S = ${value}`, joined(r, value)] as const,
    ),
    ['S negated', joined(r, L - s)],
    ...[1n, 2n, 3n, 8n, 15n].map((times) => [`S + ${times} L`, joined(r, s + times * L)] as const),
    ...[252n, 253n, 254n, 255n].map(
      (bit) => [`S with bit ${bit}`, joined(r, s | (1n << bit))] as const,
    ),
  ];
}

function bitFlips(signature: Uint8Array): (readonly [number, Uint8Array])[] {
  return Array.from({ length: 32 }, (_, i) => {
    const bit = i * 16 + (i % 16);
    return [bit, signature.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))];
  });
}

function spoiledKeys(key: Uint8Array): (readonly [string, Uint8Array])[] {
  return [
    ['no key', new Uint8Array()],
    ['a key cut by one byte', key.slice(1)],
    ['a key one byte too long', concatBytes(key, Uint8Array.of(0))],
    ['a key that is not on the curve', littleEndian(2n)],
    ['a key with y = p + 3, not canonical', littleEndian(P + 3n)],
    ['a key of all ones', key.map(() => 0xff)],
  ];
}

function pairs(rows: number, columns: number): (readonly [number, number])[] {
  return Array.from({ length: rows * columns }, (_, i) => [Math.floor(i / columns), i % columns]);
}
