// A motion: what a steward's device proposed, however often it is drawn up anew as the control log moves on meanwhile; and
// whether a steward's node may agree to it by itself or has to ask its person.
import { equalBytes, toHex } from '../wire/bytes.ts';
import { encodeCbor } from '../wire/cbor.ts';
import { encodeAct, type Act } from '../wire/control-act.ts';
import type { ControlEntry } from '../wire/control.ts';
import { readCertificate } from '../identity/certificate.ts';
import { hashOf } from '../identity/hash.ts';
import type { ControlState, KeyId } from './control-state.ts';

/** In hex: the same for every draft of one motion, since its acts, its author and its time stay. */
export type MotionId = string;

/** 32 bytes. */
export function motionOf({ space, at, proposer, acts }: MotionParts): Uint8Array {
  return hashOf('control-motion', encodeCbor([space, at, proposer, acts.map(encodeAct)]));
}

export type MotionParts = Pick<ControlEntry, 'space' | 'at' | 'proposer' | 'acts'>;

/**
 * Whether stewards' nodes agree without asking anyone: what the policy lets a single steward do, what someone does with
 * their own devices or about themselves, and new keys. Everything else is for people to confirm.
 */
export async function isRoutine(state: ControlState, entry: MotionParts): Promise<boolean> {
  const proposer = state.devices.get(toHex(entry.proposer))?.person ?? null;
  const answers = await Promise.all(entry.acts.map((act) => isRoutineAct(state, proposer, act)));
  return answers.every(Boolean);
}

async function isRoutineAct(
  state: ControlState,
  proposer: KeyId | null,
  act: Act,
): Promise<boolean> {
  switch (act.kind) {
    case 'add':
      return state.policy.admit === 'by_invite' && act.role !== 'steward' && isNew(state, act);
    case 'add_device':
      return true;
    case 'leave':
      return true;
    case 'revoke_device':
      return isTheirs(state, proposer, act.frontier.device);
    case 'voter':
      return isTheirs(state, proposer, act.device);
    default:
      return false;
  }
}

/** Whoever was put out before comes back only by a steward's own word. */
async function isNew(
  state: ControlState,
  { devices }: Extract<Act, { readonly kind: 'add' }>,
): Promise<boolean> {
  const [first] = devices;
  const certificate = first === undefined ? null : await readCertificate(first.certificate);
  if (certificate?.ok !== true) return false;
  const person = toHex(certificate.value.personKey);
  return [...state.gone.values()].every((gone) => gone.person !== person);
}

function isTheirs(state: ControlState, proposer: KeyId | null, device: Uint8Array): boolean {
  return proposer !== null && state.devices.get(toHex(device))?.person === proposer;
}

/** Whether an entry lets the device with this certificate in. */
export function bringsDevice({ acts }: MotionParts, certificate: Uint8Array): boolean {
  return acts.some((act) => {
    if (act.kind === 'add_device') return equalBytes(act.device.certificate, certificate);
    if (act.kind !== 'add') return false;
    return act.devices.some((device) => equalBytes(device.certificate, certificate));
  });
}

/** Whether all that an entry does is hand a device the running key once more. */
export function rewraps({ acts, epoch }: ControlEntry, device: Uint8Array): boolean {
  if (acts.length > 0 || epoch?.scheme !== 'wrap') return false;
  return epoch.wraps.some((wrap) => equalBytes(wrap.device, device));
}

/** Whether an entry moves the end of a removed device's log. */
export function extendsLog({ acts }: MotionParts, device: KeyId): boolean {
  return acts.some(
    (act) => act.kind === 'extend_frontier' && toHex(act.frontier.device) === device,
  );
}
