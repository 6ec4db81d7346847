// One entry of the control log on top of a state: the pure fold.
import { equalBytes } from '../wire/bytes.ts';
import {
  decodeCertified,
  decodeControlEntry,
  type CertifiedControl,
  type ControlEntry,
} from '../wire/control.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { checkCertificate, checkDrafted } from './certificate.ts';
import { foldActs } from './control-fold.ts';
import type { ControlState } from './control-state.ts';
import { applyEpoch } from './epoch-rules.ts';
import { controlHash } from './statements.ts';
import { verifyActs } from './verified-acts.ts';

/** A certified entry whose form is right; whether it is decided and allowed depends on the state below. */
export interface ReadControl extends CertifiedControl {
  readonly entry: ControlEntry;
  /** 32 bytes: the name of the entry, whatever votes come with it. */
  readonly hash: Uint8Array;
  /** As it travels and is stored. */
  readonly bytes: Uint8Array;
}

/** Failures as of the decoders. */
export function readControl(bytes: Uint8Array): Result<ReadControl> {
  const certified = decodeCertified(bytes);
  if (!certified.ok) return certified;
  const entry = decodeControlEntry(certified.value.entryBytes);
  if (!entry.ok) return entry;
  const hash = controlHash(certified.value.entryBytes);
  return ok({ ...certified.value, entry: entry.value, hash, bytes });
}

/**
 * The state after a certified entry. Failures: those of `readControl`, `bad_signature` (not decided, or a signature in an
 * act does not hold), `conflict` (it may not stand here).
 */
export async function applyControl(
  state: ControlState,
  bytes: Uint8Array,
): Promise<Result<ControlState>> {
  const read = readControl(bytes);
  return read.ok ? applyRead(state, read.value) : read;
}

export async function applyRead(
  state: ControlState,
  control: ReadControl,
): Promise<Result<ControlState>> {
  const placed = checkPlace(state, control.entry);
  if (!placed.ok) return placed;
  const drafted = await checkDrafted(state, control, control.entry.proposer, control.hash);
  if (!drafted.ok) return drafted;
  const decided = await checkCertificate(state, control.entry, control, control.hash);
  return decided.ok ? foldEntry(state, control.entry, control.hash) : decided;
}

/** The state that an entry would make, were it decided. Failures: `bad_signature`, `conflict`. */
export async function foldEntry(
  state: ControlState,
  entry: ControlEntry,
  hash: Uint8Array,
): Promise<Result<ControlState>> {
  const placed = checkPlace(state, entry);
  if (!placed.ok) return placed;
  const acts = await verifyActs(state, entry.acts);
  if (!acts.ok) return acts;
  const draft = foldActs(state, acts.value);
  if (!draft.ok) return draft;
  const epochs = applyEpoch(draft.value, entry.epoch);
  if (!epochs.ok) return epochs;
  const { height, persons, devices, gone, cuts, policy, checkpoint, promoted } = draft.value;
  const members = { persons, devices, gone, cuts };
  const { space, keys } = state;
  const rest = { policy, keys, epochs: epochs.value, checkpoint, promoted };
  return ok({ space, height, head: hash, ...members, ...rest });
}

function checkPlace(state: ControlState, entry: ControlEntry): Result<null> {
  if (!equalBytes(entry.space, state.space)) {
    return fail(
      'bad_signature',
      'A change of the group was made for another space.',
      'Nothing was changed. The sender is faulty or hostile; sync with someone else.',
    );
  }
  if (entry.height !== state.height + 1 || !equalBytes(entry.prev, state.head)) {
    return fail(
      'conflict',
      'The group has changed meanwhile, so this change does not follow.',
      'Look at the group as it is now and propose it anew.',
    );
  }
  return ok(null);
}
