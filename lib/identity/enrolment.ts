// What a person does with their phrase after the first day: take a device in, or cast one out. The key that the words
// give lives for one signature.
import { fail, ok, type Result } from '../wire/failure.ts';
import { certifyDevice } from './certificate.ts';
import { revokeDevice, type FrontierMark } from './device-list.ts';
import { signerOfPhrase } from './person.ts';
import type { Signer } from './signer.ts';

/** A certificate for a device of `person` (did:key). Failures: `malformed`, `unauthenticated` (another person's words). */
export async function certifyWithPhrase(
  phrase: string,
  person: string,
  deviceKey: Uint8Array,
  issuedAt: number,
): Promise<Result<Uint8Array>> {
  const signer = await signerOfPerson(phrase, person);
  return signer.ok ? ok(await certifyDevice(signer.value, deviceKey, issuedAt)) : signer;
}

/** A revocation of a device of `person` (did:key). Failures: `malformed`, `unauthenticated` (another person's words). */
export async function revokeWithPhrase(
  phrase: string,
  person: string,
  deviceKey: Uint8Array,
  revokedAt: number,
  frontier: readonly FrontierMark[] = [],
): Promise<Result<Uint8Array>> {
  const signer = await signerOfPerson(phrase, person);
  return signer.ok ? ok(await revokeDevice(signer.value, deviceKey, revokedAt, frontier)) : signer;
}

async function signerOfPerson(phrase: string, person: string): Promise<Result<Signer>> {
  const signer = await signerOfPhrase(phrase);
  if (!signer.ok || signer.value.did === person) return signer;
  return fail(
    'unauthenticated',
    'These twelve words belong to another person than the one in this browser.',
    'Use the words that were shown when you set up Commonplace the first time.',
  );
}
