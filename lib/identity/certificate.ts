// A person's statement that a device key is theirs. Whoever holds it can name the person behind an entry.
import { decodeCbor, encodeCbor, isBytes, isCount } from '../wire/cbor.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { didOfKey } from './did-key.ts';
import { hashOf } from './hash.ts';
import { verify } from './signature.ts';
import type { Signer } from './signer.ts';

export interface DeviceCertificate {
  /** did:key of the person. */
  readonly person: string;
  /** did:key of the device. */
  readonly device: string;
  readonly personKey: Uint8Array;
  readonly deviceKey: Uint8Array;
  readonly issuedAt: number;
}

const VERSION = 1;
const MAX_CERTIFICATE_BYTES = 512;

/** The encoded certificate, signed by the person. */
export async function certifyDevice(
  person: Signer,
  deviceKey: Uint8Array,
  issuedAt: number,
): Promise<Uint8Array> {
  const signature = await person.sign(statementHash(person.publicKey, deviceKey, issuedAt));
  return encodeCbor([VERSION, person.publicKey, deviceKey, issuedAt, signature]);
}

/** Decodes and verifies. Failures: `malformed`, `not_canonical`, `too_large`, `bad_signature`. */
export async function readCertificate(bytes: Uint8Array): Promise<Result<DeviceCertificate>> {
  const decoded = decodeCbor(bytes, MAX_CERTIFICATE_BYTES);
  if (!decoded.ok) return decoded;
  const parts: unknown = decoded.value;
  if (!Array.isArray(parts) || parts.length !== 5 || parts[0] !== VERSION) return malformed();
  const [, personKey, deviceKey, issuedAt, signature]: unknown[] = parts;
  if (!isBytes(personKey, 32) || !isBytes(deviceKey, 32)) return malformed();
  if (!isCount(issuedAt) || !isBytes(signature, 64)) return malformed();
  if (!(await verify(personKey, statementHash(personKey, deviceKey, issuedAt), signature))) {
    return fail(
      'bad_signature',
      'A device says it belongs to a person who did not sign that.',
      'Do not trust this device. Ask the person to join again with a new invite link.',
    );
  }
  const names = { person: didOfKey(personKey), device: didOfKey(deviceKey) };
  return ok({ ...names, personKey, deviceKey, issuedAt });
}

function statementHash(person: Uint8Array, device: Uint8Array, issuedAt: number): Uint8Array {
  return hashOf('device-certificate', encodeCbor([VERSION, person, device, issuedAt]));
}

function malformed(): Result<never> {
  return fail(
    'malformed',
    'This is not a device certificate.',
    'Update Commonplace on both sides.',
  );
}
