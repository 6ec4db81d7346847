// A device's KeyPackage (RFC 9420, section 10): by it others bring the device into an MLS group. One for each device, kept
// for good ("last resort", section 16.8), so that a device that lost its way can be let in again without being asked.
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js';
import { decodeMlsMessage, encodeMlsMessage } from 'ts-mls/message.js';
import {
  generateKeyPackageWithKey,
  type KeyPackage,
  type PrivateKeyPackage,
} from 'ts-mls/keyPackage.js';
import { defaultLifetime } from 'ts-mls/lifetime.js';
import type { Signer } from '../identity/signer.ts';
import { equalBytes, utf8 } from '../wire/bytes.ts';
import { didOfKey } from '../identity/did-key.ts';
import { mlsSuite, SUITE_NAME } from './mls-suite.ts';

/** As a profile keeps it. */
export interface StoredKeyPackage {
  /** MLSMessage, to be given to others. */
  readonly bytes: Uint8Array;
  /** 32 bytes: opens Welcomes. */
  readonly initKey: Uint8Array;
  /** 32 bytes: the device's leaf, until it commits. */
  readonly leafKey: Uint8Array;
}

/** What credentials say: the device's did:key, which is its signature key. */
export function identityOf(device: Uint8Array): Uint8Array {
  return utf8(didOfKey(device));
}

export async function createKeyPackage(signer: Signer): Promise<StoredKeyPackage> {
  const { publicPackage, privatePackage } = await generateKeyPackageWithKey(
    { credentialType: 'basic', identity: identityOf(signer.publicKey) },
    {
      versions: ['mls10'],
      ciphersuites: [SUITE_NAME],
      extensions: [],
      proposals: [],
      credentials: ['basic'],
    },
    // Clocks here are claims. A device is in as long as the control log says so.
    defaultLifetime,
    [],
    { signKey: NO_KEY, publicKey: signer.publicKey },
    await mlsSuite(signer),
  );
  const { initPrivateKey: initKey, hpkePrivateKey: leafKey } = privatePackage;
  return { bytes: encodeKeyPackage(publicPackage), initKey, leafKey };
}

export function encodeKeyPackage(keyPackage: KeyPackage): Uint8Array {
  return encodeMlsMessage({ version: 'mls10', wireformat: 'mls_key_package', keyPackage });
}

/** The KeyPackage that a device gave, or null when it is none or another's. Its signatures are checked when it is used. */
export function readKeyPackage(bytes: Uint8Array, device: Uint8Array): KeyPackage | null {
  const keyPackage = decodeKeyPackage(bytes);
  if (keyPackage === null || !equalBytes(encodeKeyPackage(keyPackage), bytes)) return null;
  return equalBytes(keyPackage.leafNode.signaturePublicKey, device) ? keyPackage : null;
}

function decodeKeyPackage(bytes: Uint8Array): KeyPackage | null {
  try {
    const message = decodeMlsMessage(bytes, 0)?.[0];
    return message?.wireformat === 'mls_key_package' ? message.keyPackage : null;
  } catch {
    return null; // the library throws on what it cannot read
  }
}

export function privateHalfOf({ initKey, leafKey }: StoredKeyPackage): PrivateKeyPackage {
  return { initPrivateKey: initKey, hpkePrivateKey: leafKey, signaturePrivateKey: NO_KEY };
}

/** Stands where the library wants a private signature key: ours sign inside WebCrypto. */
const NO_KEY = new Uint8Array();

/** One device in MLS groups. */
export interface MlsDevice {
  /** 32 bytes: its Ed25519 key. */
  readonly key: Uint8Array;
  readonly suite: CiphersuiteImpl;
  readonly stored: StoredKeyPackage;
}

export async function mlsDevice(signer: Signer, stored: StoredKeyPackage): Promise<MlsDevice> {
  return { key: signer.publicKey, suite: await mlsSuite(signer), stored };
}
