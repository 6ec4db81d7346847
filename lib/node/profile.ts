// Who this browser is: one device key, and the person it belongs to once they have said their name.
import { createWrapKey, type StoredWrapKey } from '../group/wrap-key.ts';
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
  /** To which secrets of spaces are sealed for this device. */
  readonly wrapKey: StoredWrapKey;
}

const IDENTITY = 'identity';
const PROFILE = 'profile';

interface StoredProfile {
  readonly person: string;
  readonly name: string;
  readonly certificate: Uint8Array;
  readonly device: StoredDeviceKey;
  readonly wrapKey: StoredWrapKey;
  /** Twelve words; null once the person has said that they wrote them down. */
  readonly phrase: string | null;
}

/** The profile of this browser, or null while no person exists. */
export async function loadProfile(records: RecordStore): Promise<Profile | null> {
  const stored = await read(records);
  return stored === null ? null : profileOf(stored);
}

/**
 * Makes the person and certifies this device, all in one write.
 * Failure: `conflict` when there is a person already, who stays as they are.
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
  const keys = { certificate, device, wrapKey: await createWrapKey(), phrase };
  const stored: StoredProfile = { person: person.value.did, name, ...keys };
  if (!(await records.putNew(IDENTITY, PROFILE, stored))) {
    return fail(
      'conflict',
      'This browser already has a person.',
      'Change the name in the settings.',
    );
  }
  return ok(await profileOf(stored));
}

export async function renameProfile(
  records: RecordStore,
  profile: Profile,
  name: string,
): Promise<Profile> {
  const stored = await read(records);
  if (stored !== null) await records.put(IDENTITY, PROFILE, { ...stored, name });
  return { ...profile, name };
}

/** The recovery phrase, or null when it is not kept any more. */
export async function readPhrase(records: RecordStore): Promise<string | null> {
  return (await read(records))?.phrase ?? null;
}

/** For good: from then on only the person has it. */
export async function forgetPhrase(records: RecordStore): Promise<void> {
  const stored = await read(records);
  if (stored !== null) await records.put(IDENTITY, PROFILE, { ...stored, phrase: null });
}

async function read(records: RecordStore): Promise<StoredProfile | null> {
  // Only this file writes this record, so its type is known.
  return ((await records.get(IDENTITY, PROFILE)) as StoredProfile | undefined) ?? null;
}

async function profileOf(stored: StoredProfile): Promise<Profile> {
  const { person, name, certificate, wrapKey } = stored;
  return { person, name, certificate, wrapKey, signer: await signerOfDevice(stored.device) };
}
