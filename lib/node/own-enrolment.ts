// What this device shows to be let into a space, and which one it stands in for.
import type { ControlState } from '../group/control-state.ts';
import { enrol } from '../group/statements.ts';
import { readRevocation } from '../identity/device-list.ts';
import { toHex } from '../wire/bytes.ts';
import type { Enrolment } from '../wire/control-parts.ts';
import type { Profile } from './profile.ts';

export function ownEnrolment(profile: Profile): Promise<Enrolment> {
  const { signer, certificate, wrapKey, keyPackage } = profile;
  return enrol(signer, certificate, wrapKey.publicKey, keyPackage.bytes);
}

/** Whether this is all that a device shows for a space with such keys. One that was taken in by pairing says more itself. */
export function isEnoughFor({ keys }: Pick<ControlState, 'keys'>, enrolment: Enrolment): boolean {
  return keys === 'wrap' || enrolment.keyPackage !== null;
}

/** The device key, hex, that this profile had before it was given a new one; null where it always had this one. */
export async function replacedDevice({ replaced }: Profile): Promise<string | null> {
  const revocation = replaced && (await readRevocation(replaced));
  return revocation?.ok ? toHex(revocation.value.deviceKey) : null;
}
