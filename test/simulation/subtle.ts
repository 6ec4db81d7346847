// A stand-in for WebCrypto that gives the same answers in an order that the seed decides: Node's own synchronous
// functions do the work, and the simulation's clock says when a caller hears of it.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

type Bytes = Uint8Array;
type Algorithm = string | { readonly name: string };
type Gcm = { readonly name: string; readonly iv: Bytes; readonly additionalData?: Bytes };

/** What stands behind a key that this stand-in gave out. */
type Secret = { readonly aes: Bytes } | { readonly ed25519: KeyObject };

const TAG_BYTES = 16;
const MAX_SLOWNESS_MS = 3;
/** How many of the calls take time, so that other things happen meanwhile. */
const SLOW_SHARE = 0.15;

/** Of all simulations in this process: modules remember keys beyond the one in which they imported them. */
const secrets = new WeakMap<object, Secret>();

function give(secret: Secret, algorithm: string): object {
  const key = { type: 'secret', extractable: false, algorithm: { name: algorithm }, usages: [] };
  secrets.set(key, secret);
  return key;
}

/** Ed25519, AES-GCM and SHA-2; what else is asked for throws, and should be added here. */
export function createSubtle(clock: Clock, random: Random) {
  const answer = <T>(compute: () => T): Promise<T> => {
    if (!random.chance(SLOW_SHARE)) return atOnce(compute);
    const { promise, resolve } = Promise.withResolvers<T>();
    clock.after(random.next() * MAX_SLOWNESS_MS, () => resolve(atOnce(compute)));
    return promise;
  };
  return {
    importKey: (format: string, bytes: Bytes, algorithm: Algorithm) =>
      atOnce(() => {
        const name = nameOf(algorithm);
        if (name === 'AES-GCM') return give({ aes: bytes.slice() }, name);
        if (name === 'Ed25519') return give({ ed25519: edwardsKey(format, bytes) }, name);
        throw new Error(`the simulation has no ${name}`);
      }),
    digest: (algorithm: Algorithm, bytes: Bytes) =>
      atOnce(() => bufferOf(createHash(nameOf(algorithm).replace('-', '')).update(bytes).digest())),
    sign: (_: Algorithm, key: object, message: Bytes) =>
      answer(() => bufferOf(sign(null, message, edwards(key)))),
    verify: (_: Algorithm, key: object, signature: Bytes, message: Bytes) =>
      answer(() => isSignedBy(edwards(key), signature, message)),
    encrypt: (gcm: Gcm, key: object, plain: Bytes) =>
      answer(() => bufferOf(seal(aes(key), gcm, plain))),
    decrypt: (gcm: Gcm, key: object, sealed: Bytes) =>
      answer(() => bufferOf(unseal(aes(key), gcm, sealed))),
  };
}

/** The verdict on an Ed25519 signature, apart from any code under test. */
export function isSigned(publicKey: Bytes, message: Bytes, signature: Bytes): boolean {
  return isSignedBy(edwardsKey('raw', publicKey), signature, message);
}

/**
 * Settles without delay, and `catch` of a good answer adds no step. So a key that a module remembers from an earlier
 * seed takes as many steps as one that it imports now, and what ran before in this process changes nothing.
 */
function atOnce<T>(compute: () => T): Promise<T> {
  try {
    const promise = Promise.resolve(compute());
    return Object.assign(promise, { catch: () => promise });
  } catch (error) {
    return Promise.reject(error);
  }
}

const MAX_VERDICTS = 50_000;
const verdicts = new Map<string, boolean>();

/** Each replica verifies each entry: the work is done once. */
function isSignedBy(key: KeyObject, signature: Bytes, message: Bytes): boolean {
  const id = `${key.export({ format: 'jwk' }).x}${latin(message)}${latin(signature)}`;
  const known = verdicts.get(id);
  if (known !== undefined) return known;
  if (verdicts.size >= MAX_VERDICTS) verdicts.clear();
  const verdict = verify(null, message, key, signature);
  verdicts.set(id, verdict);
  return verdict;
}

function latin(bytes: Bytes): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

function edwardsKey(format: string, bytes: Bytes): KeyObject {
  if (format === 'pkcs8') {
    return createPrivateKey({ key: Buffer.from(bytes), format: 'der', type: 'pkcs8' });
  }
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(bytes).toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

function seal(key: Bytes, { iv, additionalData }: Gcm, plain: Bytes): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  if (additionalData !== undefined) cipher.setAAD(additionalData);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function unseal(key: Bytes, { iv, additionalData }: Gcm, sealed: Bytes): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, iv);
  if (additionalData !== undefined) decipher.setAAD(additionalData);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
}

function edwards(key: object): KeyObject {
  const secret = secrets.get(key);
  if (secret === undefined || !('ed25519' in secret)) throw new Error('not an Ed25519 key');
  return secret.ed25519;
}

function aes(key: object): Bytes {
  const secret = secrets.get(key);
  if (secret === undefined || !('aes' in secret)) throw new Error('not an AES key');
  return secret.aes;
}

function nameOf(algorithm: Algorithm): string {
  return typeof algorithm === 'string' ? algorithm : algorithm.name;
}

/** As WebCrypto gives bytes: a buffer of its own. */
function bufferOf(bytes: Bytes): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
