// An epoch's secret sealed to one device: HPKE in base mode (RFC 9180, section 6.1), bound to space, epoch and device.
import {
  Aes256Gcm,
  CipherSuite,
  DhkemX25519HkdfSha256,
  HkdfSha256,
  type SenderContextParams,
} from '@hpke/core';
import { hashOf } from '../identity/hash.ts';
import { encodeCbor } from '../wire/cbor.ts';
import type { Wrap } from '../wire/control-epoch.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { StoredWrapKey } from './wrap-key.ts';

/** Which secret goes to whom. */
export interface WrapContext {
  readonly space: Uint8Array;
  readonly epoch: number;
  /** 32 bytes: commits to the secret. */
  readonly commitment: Uint8Array;
  /** 32 bytes: the device's Ed25519 key, its name. */
  readonly device: Uint8Array;
}

/** DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. */
export function wrapSuite(): CipherSuite {
  return new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });
}

/**
 * Seals to `wrapKey`, 32 bytes. Failure `malformed`: nothing can be sealed to that key. `ephemeral` stands in for
 * randomness when published vectors are checked.
 */
export async function wrapSecret(
  secret: Uint8Array,
  wrapKey: Uint8Array,
  context: WrapContext,
  ephemeral?: CryptoKeyPair,
): Promise<Result<Wrap>> {
  const suite = wrapSuite();
  try {
    const recipientPublicKey = await suite.kem.deserializePublicKey(new Uint8Array(wrapKey));
    const params: SenderContextParams = { recipientPublicKey, info: infoOf(context) };
    const seal = ephemeral === undefined ? params : { ...params, ekm: ephemeral };
    const { ct, enc } = await suite.seal(seal, new Uint8Array(secret), boundTo(context));
    return ok({ device: context.device, enc: new Uint8Array(enc), ciphertext: new Uint8Array(ct) });
  } catch {
    return fail(
      'malformed',
      'A device gave a key to which nothing can be sealed.',
      'Let this device join again with a new key.',
    );
  }
}

/** The secret in a wrap. Failure `bad_signature`: it does not open with this key in this context. */
export async function openWrap(
  wrap: Wrap,
  wrapKey: StoredWrapKey,
  context: WrapContext,
): Promise<Result<Uint8Array>> {
  try {
    const opened = await wrapSuite().open(
      { recipientKey: wrapKey.pair, enc: new Uint8Array(wrap.enc), info: infoOf(context) },
      new Uint8Array(wrap.ciphertext),
      boundTo(context),
    );
    return ok(new Uint8Array(opened));
  } catch {
    return fail(
      'bad_signature',
      'The key that this device was given for the space does not open.',
      'Ask the steward who sent it for a new one.',
    );
  }
}

function infoOf({ space, epoch }: WrapContext): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hashOf('epoch-wrap', encodeCbor([space, epoch])));
}

function boundTo({ device, commitment }: WrapContext): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encodeCbor([device, commitment]));
}
