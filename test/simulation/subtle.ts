// A stand-in for WebCrypto that gives the same answers in an order that the seed decides: Node's own synchronous
// functions do the work, and the simulation's clock says when a caller hears of it.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

type Bytes = Uint8Array;
type Source = Bytes | ArrayBuffer;
type Algorithm = string | { readonly name: string };
type Gcm = { readonly name: string; readonly iv: Source; readonly additionalData?: Source };
type Agreement = { readonly name: 'X25519'; readonly public: object };
type Stretch = { readonly name: 'HKDF'; readonly salt: Source; readonly info: Source };

/** What stands behind a key that this stand-in gave out. */
interface Secret {
  readonly 'AES-GCM'?: Bytes;
  readonly HMAC?: Bytes;
  readonly HKDF?: Bytes;
  readonly Ed25519?: KeyObject;
  readonly X25519?: KeyObject;
}

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

function secretOf<Kind extends keyof Secret>(key: object, kind: Kind): NonNullable<Secret[Kind]> {
  const secret = secrets.get(key)?.[kind];
  if (secret === undefined) throw new Error(`not a key for ${kind}`);
  return secret;
}

/** Ed25519, X25519, AES-GCM, HMAC, HKDF and SHA-2; what else is asked for throws, and should be added here. */
export function createSubtle(clock: Clock, random: Random) {
  const seeds = random.branch('keys');
  const answer = <T>(compute: () => T): Promise<T> => {
    if (!random.chance(SLOW_SHARE)) return atOnce(compute);
    const { promise, resolve } = Promise.withResolvers<T>();
    clock.after(random.next() * MAX_SLOWNESS_MS, () => resolve(atOnce(compute)));
    return promise;
  };
  return {
    importKey: (format: string, source: Source, algorithm: Algorithm) =>
      atOnce(() => importKey(format, viewOf(source), nameOf(algorithm))),
    generateKey: (algorithm: Algorithm) =>
      atOnce(() => {
        if (nameOf(algorithm) !== 'X25519') throw unknown(nameOf(algorithm));
        const secret = agreementKey(seeds.bytes(32));
        return {
          privateKey: give({ X25519: secret }, 'X25519'),
          publicKey: give({ X25519: createPublicKey(secret) }, 'X25519'),
        };
      }),
    exportKey: (format: string, key: object) =>
      atOnce(() => {
        if (format !== 'raw') throw unknown(format);
        return bufferOf(rawOf(secretOf(key, 'X25519')));
      }),
    deriveBits: (how: Agreement | Stretch, key: object, bits: number) =>
      atOnce(() => {
        if (how.name === 'HKDF') return stretch(secretOf(key, 'HKDF'), how, bits);
        const [own, theirs] = [secretOf(key, 'X25519'), secretOf(how.public, 'X25519')];
        return bufferOf(diffieHellman({ privateKey: own, publicKey: theirs }));
      }),
    digest: (algorithm: Algorithm, bytes: Bytes) =>
      atOnce(() => bufferOf(createHash(nameOf(algorithm).replace('-', '')).update(bytes).digest())),
    sign: (algorithm: Algorithm, key: object, message: Source) => {
      if (nameOf(algorithm) === 'HMAC') return atOnce(() => hmac(secretOf(key, 'HMAC'), message));
      return answer(() => bufferOf(sign(null, viewOf(message), secretOf(key, 'Ed25519'))));
    },
    verify: (_: Algorithm, key: object, signature: Bytes, message: Bytes) =>
      answer(() => isSignedBy(secretOf(key, 'Ed25519'), signature, message)),
    encrypt: (gcm: Gcm, key: object, plain: Source) =>
      answer(() => bufferOf(seal(secretOf(key, 'AES-GCM'), gcm, viewOf(plain)))),
    decrypt: (gcm: Gcm, key: object, sealed: Source) =>
      answer(() => bufferOf(unseal(secretOf(key, 'AES-GCM'), gcm, viewOf(sealed)))),
  };
}

function importKey(format: string, bytes: Bytes, name: string): object {
  if (name === 'AES-GCM') return give({ 'AES-GCM': bytes.slice() }, name);
  if (name === 'HMAC') return give({ HMAC: bytes.slice() }, name);
  if (name === 'HKDF') return give({ HKDF: bytes.slice() }, name);
  const key = format === 'pkcs8' ? privateKeyOf(bytes) : publicKey(name, bytes);
  if (name === 'Ed25519') return give({ Ed25519: key }, name);
  if (name === 'X25519') return give({ X25519: key }, name);
  throw unknown(name);
}

/** The verdict on an Ed25519 signature, apart from any code under test. */
export function isSigned(key: Bytes, message: Bytes, signature: Bytes): boolean {
  return isSignedBy(publicKey('Ed25519', key), signature, message);
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

/** DER before the 32 bytes of a private key in PKCS #8 (RFC 8410, section 7). */
const X25519_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');

function agreementKey(seed: Bytes): KeyObject {
  return privateKeyOf(Buffer.concat([X25519_PREFIX, seed]));
}

function privateKeyOf(pkcs8: Bytes): KeyObject {
  return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
}

function publicKey(crv: string, bytes: Bytes): KeyObject {
  const jwk = { kty: 'OKP', crv, x: Buffer.from(bytes).toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

function rawOf(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
}

function stretch(key: Bytes, { salt, info }: Stretch, bits: number): ArrayBuffer {
  return hkdfSync('sha256', key, viewOf(salt), viewOf(info), bits / 8);
}

function hmac(key: Bytes, message: Source): ArrayBuffer {
  return bufferOf(createHmac('sha256', key).update(viewOf(message)).digest());
}

function seal(key: Bytes, { iv, additionalData }: Gcm, plain: Bytes): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, viewOf(iv));
  if (additionalData !== undefined) cipher.setAAD(viewOf(additionalData));
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function unseal(key: Bytes, { iv, additionalData }: Gcm, sealed: Bytes): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, viewOf(iv));
  if (additionalData !== undefined) decipher.setAAD(viewOf(additionalData));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
}

function nameOf(algorithm: Algorithm): string {
  return typeof algorithm === 'string' ? algorithm : algorithm.name;
}

/** As WebCrypto gives bytes: a buffer of its own. */
function bufferOf(bytes: Bytes): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function viewOf(source: Source): Bytes {
  return source instanceof Uint8Array ? source : new Uint8Array(source);
}

function unknown(what: string): Error {
  return new Error(`the simulation has no ${what}`);
}
