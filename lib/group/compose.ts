// Drafts a control entry: the acts, and the epoch that they call for, with the secret sealed to every device that gets it.
import { toHex } from '../wire/bytes.ts';
import type { Act } from '../wire/control-act.ts';
import type { EpochPart, SealedSecret, Wrap } from '../wire/control-epoch.ts';
import { encodeControlEntry } from '../wire/control.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { Draft } from './control-draft.ts';
import { foldActs } from './control-fold.ts';
import { currentEpoch, devicesOf, type ControlState, type Device } from './control-state.ts';
import { deriveAccessSigner } from './epoch-keys.ts';
import { epochDutyOf } from './epoch-rules.ts';
import { commitmentTo, createEpochSecret, sealPrevious, type ChainLink } from './epoch-secrets.ts';
import type { MlsMember } from './group-keys.ts';
import { verifyActs } from './verified-acts.ts';
import { wrapSecret } from './wraps.ts';

export interface GroupChange {
  readonly acts: readonly Act[];
  /** Milliseconds since 1970. */
  readonly at: number;
  /** 32 bytes: the device that drafts. */
  readonly proposer: Uint8Array;
  /** Of the running epoch; null when this device does not hold it. */
  readonly secret: Uint8Array | null;
  /** Of this device, in a space with MLS keys. */
  readonly mls?: MlsMember | null;
  /** Draw a new key although the acts do not call for one. */
  readonly renew?: boolean;
  /** Devices that get a key once more, since what they had of it was no good: the running one, or a new one by MLS. */
  readonly rewrap?: readonly Uint8Array[];
}

/**
 * The encoded entry to put to the vote on top of a state. Failures: as of the fold, `permission_denied` (the running
 * secret is needed and missing), `too_large`, `malformed` (a device's wrap key is no good).
 */
export async function composeControl(
  state: ControlState,
  change: GroupChange,
): Promise<Result<Uint8Array>> {
  const acts = await verifyActs(state, change.acts);
  if (!acts.ok) return acts;
  const draft = foldActs(state, acts.value);
  if (!draft.ok) return draft;
  const epoch = await composeEpoch(draft.value, change);
  if (!epoch.ok) return epoch;
  const { space, height, head: prev } = state;
  const { at, proposer } = change;
  const place = { space, height: height + 1, prev, at, proposer };
  return encodeControlEntry({ ...place, acts: change.acts, epoch: epoch.value });
}

async function composeEpoch(draft: Draft, change: GroupChange): Promise<Result<EpochPart | null>> {
  const duty = epochDutyOf(draft);
  if (duty.renew || change.renew === true) {
    return draft.before.keys === 'mls'
      ? stepGroup(draft, change)
      : startEpoch(draft, change.secret, duty.mayBreakChain);
  }
  const again = (change.rewrap ?? []).map(toHex);
  if (draft.before.keys === 'mls') return again.length === 0 ? ok(null) : stepGroup(draft, change);
  const recipients = devicesOf(draft).filter(({ key }) =>
    [...duty.newcomers, ...again].includes(toHex(key)),
  );
  return recipients.length === 0 ? ok(null) : extendEpoch(draft, change.secret, recipients);
}

async function startEpoch(
  draft: Draft,
  running: Uint8Array | null,
  mayBreakChain: boolean,
): Promise<Result<EpochPart>> {
  const { space } = draft.before;
  const number = currentEpoch(draft.before).number + 1;
  if (mustChain(draft) && running === null && !mayBreakChain) return noSecret();
  const secret = createEpochSecret();
  const previous = await chainTo(draft, { space, number }, secret, running);
  return withWraps(draft, { number, secret, previous }, devicesOf(draft));
}

/** The next epoch of the space's MLS group. */
async function stepGroup(draft: Draft, change: GroupChange): Promise<Result<EpochPart>> {
  const { before } = draft;
  const number = currentEpoch(before).number + 1;
  const running = change.secret;
  if (!change.mls) return noSecret();
  if (mustChain(draft) && running === null && !epochDutyOf(draft).mayBreakChain) return noSecret();
  const again = (change.rewrap ?? []).map(toHex);
  const step = await change.mls.draft({ before, devices: devicesOf(draft), again });
  if (!step.ok) return step;
  const { secret, commit, welcome } = step.value;
  const { space } = before;
  const previous = await chainTo(draft, { space, number }, secret, running);
  const commitment = commitmentTo(space, secret);
  const { publicKey: access } = await deriveAccessSigner(secret, number);
  return ok({ scheme: 'mls', number, commitment, access, commit, welcome, previous });
}

function mustChain({ policy }: Draft): boolean {
  return policy.history === 'full';
}

async function chainTo(
  draft: Draft,
  link: ChainLink,
  secret: Uint8Array,
  running: Uint8Array | null,
): Promise<SealedSecret | null> {
  return mustChain(draft) && running !== null ? sealPrevious(link, secret, running) : null;
}

async function extendEpoch(
  draft: Draft,
  secret: Uint8Array | null,
  recipients: readonly Device[],
): Promise<Result<EpochPart>> {
  if (secret === null) return noSecret();
  const { number } = currentEpoch(draft.before);
  return withWraps(draft, { number, secret, previous: null }, recipients);
}

async function withWraps(
  { before: { space } }: Draft,
  epoch: Pick<EpochPart, 'number' | 'previous'> & { readonly secret: Uint8Array },
  recipients: readonly Device[],
): Promise<Result<EpochPart>> {
  const { number, secret, previous } = epoch;
  const commitment = commitmentTo(space, secret);
  const access = await deriveAccessSigner(secret, number);
  const results = await Promise.all(
    recipients.map(({ key: device, wrapKey }) =>
      wrapSecret(secret, wrapKey, { space, epoch: number, commitment, device }),
    ),
  );
  const wraps: Wrap[] = [];
  for (const result of results) {
    if (!result.ok) return result;
    wraps.push(result.value);
  }
  return ok({ scheme: 'wrap', number, commitment, access: access.publicKey, wraps, previous });
}

function noSecret(): Result<never> {
  return fail(
    'permission_denied',
    'This browser does not hold the key of the space, so it cannot pass it on.',
    'Let another steward make this change, or ask one for a new key.',
  );
}
