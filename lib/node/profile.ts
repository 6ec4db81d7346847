// Who this browser is: one device key, and the person it belongs to once they have said their name, or once another device
// of theirs has taken this one in.
import { createKeyPackage, type StoredKeyPackage } from '../group/mls-key-package.ts';
import { createWrapKey, type StoredWrapKey } from '../group/wrap-key.ts';
import { certifyDevice } from '../identity/certificate.ts';
import { revokeDevice } from '../identity/device-list.ts';
import { createPhrase, signerOfPhrase } from '../identity/person.ts';
import {
  createDeviceKey,
  signerOfDevice,
  type Signer,
  type StoredDeviceKey,
} from '../identity/signer.ts';
import type { RecordStore } from '../store/record-store.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { PairedHome } from '../wire/pairing-message.ts';

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
  /** By which it comes into the MLS groups of spaces that have them. */
  readonly keyPackage: StoredKeyPackage;
  /** The home space as another device handed it over; null where this device made its own. */
  readonly home: PairedHome | null;
  /** What the person signed about the device key that this profile had before, when it was given a new one. */
  readonly replaced: Uint8Array | null;
}

/** Keys of a device that has no profile yet. */
export interface NewDevice {
  readonly device: StoredDeviceKey;
  readonly wrapKey: StoredWrapKey;
  readonly keyPackage: StoredKeyPackage;
}

const IDENTITY = 'identity';
const PROFILE = 'profile';

interface StoredProfile {
  readonly person: string;
  readonly name: string;
  readonly certificate: Uint8Array;
  readonly device: StoredDeviceKey;
  readonly wrapKey: StoredWrapKey;
  readonly keyPackage: StoredKeyPackage;
  /** Twelve words; null once the person has said that they wrote them down. */
  readonly phrase: string | null;
  readonly home: PairedHome | null;
  readonly replaced: Uint8Array | null;
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
  const keys = await createNewDevice();
  const certificate = await certifyDevice(person.value, keys.device.publicKey, now);
  const facts = { person: person.value.did, name, certificate, phrase };
  return writeNew(records, { ...facts, ...keys, home: null, replaced: null });
}

export async function createNewDevice(): Promise<NewDevice> {
  const device = await createDeviceKey();
  const keyPackage = await createKeyPackage(await signerOfDevice(device));
  return { device, wrapKey: await createWrapKey(), keyPackage };
}

/** What another device of the person gave to this one. */
export type TakenIn = NewDevice &
  Pick<StoredProfile, 'person' | 'name' | 'certificate'> & { readonly home: PairedHome };

/** Makes this browser a device of the person who has taken it in, in one write. Failure: `conflict`, as above. */
export function adoptProfile(records: RecordStore, taken: TakenIn): Promise<Result<Profile>> {
  return writeNew(records, { ...taken, phrase: null, replaced: null });
}

/**
 * Gives this profile new keys, certified by the phrase, and revokes the ones it had, in one write: for a profile that was
 * copied or restored, or whose device was removed. The caller starts the node anew; what the old key could open has to
 * be in the records of the spaces by then (`Spaces.keepSecrets`).
 * Failures: `not_found` (no person yet), `malformed`, `unauthenticated` (another person's words).
 */
export async function enrolAnew(
  records: RecordStore,
  phrase: string,
  now: number,
): Promise<Result<Profile>> {
  const stored = await read(records);
  if (stored === null) return NO_PERSON;
  const person = await signerOfPhrase(phrase);
  if (!person.ok) return person;
  if (person.value.did !== stored.person) return OTHER_PERSON;
  const keys = await createNewDevice();
  const certificate = await certifyDevice(person.value, keys.device.publicKey, now);
  const replaced = await revokeDevice(person.value, stored.device.publicKey, now);
  const renewed = { ...stored, ...keys, certificate, replaced };
  await records.put(IDENTITY, PROFILE, renewed);
  return ok(await profileOf(renewed));
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

async function writeNew(records: RecordStore, stored: StoredProfile): Promise<Result<Profile>> {
  const isNew = await records.putNew(IDENTITY, PROFILE, stored);
  return isNew ? ok(await profileOf(stored)) : HAS_PERSON;
}

async function read(records: RecordStore): Promise<StoredProfile | null> {
  // Only this file writes this record, so its type is known.
  return ((await records.get(IDENTITY, PROFILE)) as StoredProfile | undefined) ?? null;
}

async function profileOf(stored: StoredProfile): Promise<Profile> {
  const { device, phrase: _, ...facts } = stored;
  return { ...facts, signer: await signerOfDevice(device) };
}

const HAS_PERSON = fail(
  'conflict',
  'This browser already has a person.',
  'Change the name in the settings.',
);

const NO_PERSON = fail(
  'not_found',
  'There is no person in this browser yet.',
  'Open Commonplace and say your name first.',
);

const OTHER_PERSON = fail(
  'unauthenticated',
  'These twelve words belong to another person than the one in this browser.',
  'Use the words that were shown when you set up Commonplace the first time.',
);
