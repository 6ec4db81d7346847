// What the device that shows a code does for the one that came with it: lets it into the home space, durably, and gives it
// what it needs to find its way from there.
import { isOwnWrapKey } from '../group/statements.ts';
import type { PairingGift, PairingMeeting } from '../identity/pairing-checks.ts';
import { toHex } from '../wire/bytes.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { Network } from './network.ts';
import { OWN_DEVICE, ownDeviceWords } from './device-words.ts';
import type { OwnDevices } from './own-devices.ts';
import type { Profile } from './profile.ts';
import type { Settings } from './settings.ts';
import type { Spaces } from './spaces.ts';

export interface TakingIn {
  readonly spaces: Spaces;
  readonly ownDevices: OwnDevices;
  readonly network: Pick<Network, 'spaceAdded'>;
  readonly settings: Pick<Settings, 'relay'>;
  readonly profile: () => Profile;
}

const WHOLE_LOG = 2_000;

/**
 * The certificate is by the person, for the device of the meeting. Each step stands when the next begins, so whatever
 * is cut off is done later or can be taken back as any device. Failures: `bad_signature`, `storage_full`, `unavailable`.
 */
export async function takeIn(
  parts: TakingIn,
  { deviceKey, wrapKey, wrapSignature, label }: PairingMeeting,
  certificate: Uint8Array,
): Promise<Result<PairingGift>> {
  const { spaces, ownDevices, network } = parts;
  const enrolment = { certificate, wrapKey, signature: wrapSignature, keyPackage: null };
  if (!(await isOwnWrapKey(deviceKey, enrolment))) return UNPROVEN;
  const home = await meetAt(parts);
  const said = await home.space.record(OWN_DEVICE, ownDeviceWords({ enrolment, label }));
  if (!said.ok) return said;
  await ownDevices.settled();
  const { group, record } = spaces.home();
  if (!group.log.tip().devices.has(toHex(deviceKey))) return NOT_LET_IN;
  await network.spaceAdded(spaces.home());
  return ok(
    giftFrom(parts, certificate, {
      genesis: record.genesis,
      relay: record.relay ?? '',
      control: group.log.entriesFrom(1, WHOLE_LOG),
    }),
  );
}

/** With a second device the home space needs a place to meet. */
async function meetAt({ spaces, settings }: TakingIn) {
  const home = spaces.home();
  if (home.record.relay !== null) return home;
  await spaces.amend(home.record.id, { relay: settings.relay() });
  return spaces.home();
}

function giftFrom(
  { ownDevices, profile }: TakingIn,
  certificate: Uint8Array,
  home: PairingGift['home'],
): PairingGift {
  const { devices, removed } = ownDevices.facts();
  const said = [
    ...[...devices.values()].map(({ enrolment }) => enrolment.certificate),
    ...[...removed.values()].map(({ statement }) => statement),
  ];
  return { certificate, name: profile().name, statements: said, home };
}

const UNPROVEN = fail(
  'bad_signature',
  'The other device could not prove the key that it came with.',
  'Nothing was handed over. Show a new code.',
);

const NOT_LET_IN = fail(
  'unavailable',
  'The device could not be let in here.',
  'Look at your list of devices, then show a new code.',
);
