// Taking a device out of a person's devices: the person's signed word into the home space; all else follows from there.
import { revokeWithPhrase } from '../identity/enrolment.ts';
import type { RecordStore } from '../store/record-store.ts';
import { fromHex, toHex } from '../wire/bytes.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { OWN_DEVICE_REMOVED, removalWords } from './device-words.ts';
import type { OwnDevices } from './own-devices.ts';
import { readPhrase, type Profile } from './profile.ts';
import type { Spaces } from './spaces.ts';

export interface RemovalParts {
  readonly records: RecordStore;
  readonly spaces: Spaces;
  readonly ownDevices: OwnDevices;
  readonly profile: () => Profile;
  readonly now: () => number;
}

/**
 * `id`: the device's public key, hex. `typed`: the phrase, or null where it is still kept here. Failures: `not_found`,
 * `conflict` (this very browser), `malformed` and `unauthenticated` (the phrase), `storage_full`.
 */
export async function removeDevice(
  { records, spaces, ownDevices, profile, now }: RemovalParts,
  id: string,
  typed: string | null,
): Promise<Result<null>> {
  const key = fromHex(id);
  if (key === null || !ownDevices.facts().devices.has(id)) return NO_SUCH_DEVICE;
  if (id === toHex(profile().signer.publicKey)) return THIS_BROWSER;
  const phrase = typed ?? (await readPhrase(records)) ?? '';
  // Where its logs end is left to the stewards of each space: the statement is shown in all of them.
  const statement = await revokeWithPhrase(phrase, profile().person, key, now());
  if (!statement.ok) return statement;
  const { space } = spaces.home();
  const said = await space.record(OWN_DEVICE_REMOVED, removalWords(statement.value));
  if (!said.ok) return said;
  await ownDevices.settled();
  return ok(null);
}

const NO_SUCH_DEVICE = fail(
  'not_found',
  'This is none of your devices any more.',
  'Look at the list again.',
);

const THIS_BROWSER = fail(
  'conflict',
  'A browser cannot take itself off your devices.',
  'Remove it from another of your devices.',
);
