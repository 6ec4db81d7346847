// When a control entry has to start an epoch, and for whom it must carry the secret. Anyone can check this, a relay too;
// whether a wrap opens to the right secret, or an MLS message does what it should, only members can say.
import { isRegistrable } from '../identity/signature.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { EpochPart, MlsEpoch, WrapEpoch } from '../wire/control-epoch.ts';
import { ok, type Result } from '../wire/failure.ts';
import type { Draft } from './control-draft.ts';
import {
  currentEpoch,
  devicesOf,
  notAllowed,
  type ControlState,
  type KeyId,
} from './control-state.ts';

type Epochs = ControlState['epochs'];

/** What a change of the devices asks of the entry's epoch. */
export interface EpochDuty {
  /** A new secret is due: someone is out, or someone is in who may not read what was before. */
  readonly renew: boolean;
  /** Someone lost every device they had, so perhaps nobody who decides holds the secret that history hangs on. */
  readonly mayBreakChain: boolean;
  /** Devices that came in, ascending. */
  readonly newcomers: readonly KeyId[];
  /** All devices afterwards, ascending. */
  readonly devices: readonly KeyId[];
}

export function epochDutyOf({ before, devices, persons, policy }: Draft): EpochDuty {
  const newcomers = [...devices.keys()].filter((id) => !before.devices.has(id)).toSorted();
  const someoneLeft = [...before.devices.keys()].some((id) => !devices.has(id));
  const newPerson = [...persons.keys()].some((id) => !before.persons.has(id));
  const hidesHistory = policy.history === 'from_joining' && newPerson;
  const mayBreakChain = [...persons.keys()].some((id) => hasLostAll(id, before, devices));
  // In an MLS group whoever comes in begins an epoch, too.
  const someoneCame = before.keys === 'mls' && newcomers.length > 0;
  return {
    mayBreakChain,
    renew: someoneLeft || hidesHistory || someoneCame,
    newcomers,
    devices: [...devices.keys()].toSorted(),
  };
}

function hasLostAll(person: KeyId, before: ControlState, devices: Draft['devices']): boolean {
  const had = devicesOf(before, person);
  return had.length > 0 && had.every(({ key }) => !devices.has(toHex(key)));
}

/** The epochs after an entry, or Failure `conflict` when its wraps are not what its acts call for. */
export function applyEpoch(draft: Draft, part: EpochPart | null): Result<Epochs> {
  const duty = epochDutyOf(draft);
  const { epochs } = draft.before;
  const { number } = currentEpoch(draft.before);
  if (part === null) {
    if (duty.renew) return keyDue();
    return duty.newcomers.length === 0 ? ok(epochs) : wrongKey('leaves out a newcomer');
  }
  if (part.scheme !== draft.before.keys) return wrongKey('is not of the kind that the space uses');
  if (part.number === number + 1) return startEpoch(draft, duty, part);
  if (part.number !== number) return notAllowed('This is not the next epoch.', 'Propose it anew.');
  return duty.renew || part.scheme === 'mls' ? keyDue() : extendEpoch(draft, duty, part);
}

function startEpoch({ before, policy }: Draft, duty: EpochDuty, part: EpochPart): Result<Epochs> {
  const { number, commitment, access, previous } = part;
  const given = part.scheme === 'mls' ? checkMessages(duty, part) : checkWraps(duty, part);
  if (!given.ok) return given;
  if (before.epochs.some((epoch) => isReused(epoch, part))) return wrongKey('was used before');
  if (!isRegistrable(access)) return wrongKey('has no proper access key');
  const full = policy.history === 'full';
  if (previous === null ? full && !duty.mayBreakChain : !full) {
    return wrongKey('opens more or less of the history than the policy says');
  }
  return ok([...before.epochs, { number, commitment, access }]);
}

function checkWraps(duty: EpochDuty, { wraps }: WrapEpoch): Result<null> {
  const wrapped = wraps.map(({ device }) => toHex(device));
  if (duty.devices.some((id) => !wrapped.includes(id))) return wrongKey('leaves out a member');
  return wrapped.length === duty.devices.length
    ? ok(null)
    : wrongKey('is given to someone outside');
}

/** Who is in the MLS group is for its members to check (`mls-group.ts`). */
function checkMessages(duty: EpochDuty, { commit, welcome }: MlsEpoch): Result<null> {
  const joiners = commit === null ? duty.devices.length - 1 : duty.newcomers.length;
  return joiners > 0 && welcome === null ? wrongKey('leaves out a newcomer') : ok(null);
}

/** The running epoch for newcomers, or once more for members whose wrap was no good. */
function extendEpoch({ before }: Draft, duty: EpochDuty, part: WrapEpoch): Result<Epochs> {
  const epoch = currentEpoch(before);
  const wrapped = part.wraps.map(({ device }) => toHex(device));
  if (duty.newcomers.some((id) => !wrapped.includes(id))) return wrongKey('leaves out a newcomer');
  if (wrapped.some((id) => !duty.devices.includes(id))) {
    return wrongKey('is given to someone outside');
  }
  if (wrapped.length === 0) return wrongKey('is given to nobody');
  const sameSecret = epoch.commitment === null || equalBytes(epoch.commitment, part.commitment);
  if (!sameSecret || !equalBytes(epoch.access, part.access) || part.previous !== null) {
    return wrongKey('is not the key of the running epoch');
  }
  const [first, ...rest] = before.epochs;
  const named = { ...epoch, commitment: part.commitment };
  return ok(
    rest.length === 0
      ? [{ ...first, commitment: part.commitment }]
      : [first, ...rest.slice(0, -1), named],
  );
}

function isReused(
  epoch: { readonly commitment: Uint8Array | null; readonly access: Uint8Array },
  { commitment, access }: EpochPart,
): boolean {
  const known = epoch.commitment !== null && equalBytes(epoch.commitment, commitment);
  return known || equalBytes(epoch.access, access);
}

function keyDue(): Result<never> {
  return notAllowed(
    'After this change of the group a new key is due, and the entry brings none.',
    'Draw a new key for the devices that remain.',
  );
}

function wrongKey(what: string): Result<never> {
  return notAllowed(
    `The key that comes with a change of the group ${what}.`,
    'Nothing was changed. Whoever proposed it is faulty or hostile.',
  );
}
