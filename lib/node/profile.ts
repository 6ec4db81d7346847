// Who this browser is: one device key, and the person it belongs to once they have said their name.
import { certifyDevice } from '../identity/certificate.ts';
import { createPhrase, signerOfPhrase } from '../identity/person.ts';
import {
  createDeviceKey,
  signerOfDevice,
  type Signer,
  type StoredDeviceKey,
} from '../identity/signer.ts';
import type { RecordStore } from '../store/record-store.ts';
import { fail, ok, type Result } from '../wire/failure.ts';

export interface Profile {
  /** The device. */
  readonly signer: Signer;
  /** did:key of the person. */
  readonly person: string;
  readonly name: string;
  /** By which the person vouches for the device. */
  readonly certificate: Uint8Array;
}

const IDENTITY = 'identity';

interface StoredPerson {
  readonly person: string;
  readonly name: string;
  readonly certificate: Uint8Array;
}

/** The profile of this browser, or null while no person exists. */
export async function loadProfile(records: RecordStore): Promise<Profile | null> {
  // Only this file writes these records, so their types are known.
  const stored = (await records.get(IDENTITY, 'person')) as StoredPerson | undefined;
  const device = (await records.get(IDENTITY, 'device')) as StoredDeviceKey | undefined;
  if (stored === undefined || device === undefined) return null;
  return { ...stored, signer: await signerOfDevice(device) };
}

/**
 * Makes the person and certifies this device. The phrase is kept until the person has been shown it.
 * Failure: `conflict` when there is a person already.
 */
export async function createProfile(
  records: RecordStore,
  name: string,
  now: number,
): Promise<Result<Profile>> {
  const phrase = createPhrase();
  const person = await signerOfPhrase(phrase);
  if (!person.ok) return person;
  const device = await createDeviceKey();
  const certificate = await certifyDevice(person.value, device.publicKey, now);
  const stored: StoredPerson = { person: person.value.did, name, certificate };
  await records.put(IDENTITY, 'device', device);
  await records.put(IDENTITY, 'phrase', phrase);
  // Written last: without it the rest counts for nothing and is replaced by the next attempt.
  if (!(await records.putNew(IDENTITY, 'person', stored))) {
    return fail(
      'conflict',
      'This browser already has a person.',
      'Change the name in the settings.',
    );
  }
  return ok({ ...stored, signer: await signerOfDevice(device) });
}

export async function renameProfile(
  records: RecordStore,
  profile: Profile,
  name: string,
): Promise<Profile> {
  const { person, certificate } = profile;
  await records.put(IDENTITY, 'person', { person, certificate, name } satisfies StoredPerson);
  return { ...profile, name };
}
