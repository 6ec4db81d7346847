// Devices of people in a space where several stewards decide: what is due is put before the others, each device in a motion
// of its own, so that one that cannot be does not hold up the rest.
import { quorumOf, stewardsOf, type ControlState, type KeyId } from '../group/control-state.ts';
import { bringsDevice } from '../group/motion.ts';
import { readCertificate } from '../identity/certificate.ts';
import { toHex } from '../wire/bytes.ts';
import type { Enrolment } from '../wire/control-parts.ts';
import type { ControlEntry } from '../wire/control.ts';
import { personIn } from './council-parts.ts';
import type { HeldSpace } from './held-space.ts';
import type { Profile } from './profile.ts';
import type { Stewardship } from './stewardship.ts';

export interface DeviceMotionParts {
  readonly stewardship: Stewardship;
  readonly profile: () => Profile;
  /** Whether a device is in a space now. */
  readonly isHere: (space: string, device: string) => boolean;
}

export interface DueChanges {
  /** By key, hex. */
  readonly added: ReadonlyMap<KeyId, Enrolment>;
  /** Hex. */
  readonly gone: readonly KeyId[];
}

/** As a steward's device: proposes what nobody has proposed yet, of its own person's devices and of members who ask. */
export async function proposeDevices(
  parts: DeviceMotionParts,
  held: HeldSpace,
  { added, gone }: DueChanges,
): Promise<void> {
  const { stewardship } = parts;
  const council = stewardship.council(held);
  const state = held.group?.log.tip();
  if (council === null || state === undefined || !stewardship.isSteward(held)) return;
  // Where one vote is enough, only the device that has it acts, and it does so at once.
  if (quorumOf(state) === 1) return;
  // What is proposed already it must have heard first.
  await held.space.events();
  await council.look();
  const isOurs = (person: KeyId | null) => isOursToPropose(parts, held, { state, person, gone });
  for (const enrolment of added.values()) {
    const isOpen = council.isProposed((entry) => bringsDevice(entry, enrolment.certificate));
    if (isOpen || !isOurs(await personOf(enrolment))) continue;
    await stewardship.changeDevices(held, { added: [enrolment], gone: [] });
  }
  for (const device of gone) {
    const isOpen = council.isProposed((entry) => revokes(entry, device));
    if (isOpen || !isOurs(state.devices.get(device)?.person ?? null)) continue;
    await stewardship.changeDevices(held, { added: [], gone: [device] });
  }
}

interface Whose {
  readonly state: ControlState;
  readonly person: KeyId | null;
  readonly gone: readonly KeyId[];
}

/** A steward proposes what is about themselves; for members the first steward who is here does. One device for each. */
function isOursToPropose(
  { profile, isHere }: DeviceMotionParts,
  { record }: HeldSpace,
  { state, person, gone }: Whose,
): boolean {
  const own = personIn(profile());
  const voter = state.persons.get(own)?.voter ?? null;
  const device = toHex(profile().signer.publicKey);
  if (voter !== null && voter !== device && !gone.includes(voter)) return false;
  const stewards = stewardsOf(state);
  if (person === null || stewards.includes(person)) return person === own;
  const isThere = (steward: KeyId): boolean =>
    steward === own ||
    [...state.devices].some(([id, each]) => each.person === steward && isHere(record.id, id));
  return stewards.find(isThere) === own;
}

async function personOf({ certificate }: Enrolment): Promise<KeyId | null> {
  const read = await readCertificate(certificate);
  return read.ok ? toHex(read.value.personKey) : null;
}

function revokes({ acts }: ControlEntry, device: KeyId): boolean {
  return acts.some((act) => act.kind === 'revoke_device' && toHex(act.frontier.device) === device);
}
