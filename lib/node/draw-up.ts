// Draws up an entry of the control log as a steward's device: the acts, the keys that they call for, and its signature.
import { composeControl, type GroupChange } from '../group/compose.ts';
import { currentEpoch } from '../group/control-state.ts';
import { signDraft } from '../group/voting.ts';
import { decodeControlEntry, type ControlEntry, type Proposal } from '../wire/control.ts';
import { ok, type Result } from '../wire/failure.ts';
import type { Profile } from './profile.ts';
import type { SpaceGroup } from './space-group.ts';

/** New keys without an act that calls for them. */
export type ChangeOfKeys = Pick<GroupChange, 'renew' | 'rewrap'>;

export interface DrawingParts {
  readonly group: SpaceGroup;
  readonly profile: () => Profile;
}

export interface DrawnUp {
  readonly entry: ControlEntry;
  readonly proposal: Proposal;
}

/** On top of the tip. Failures: as of `composeControl`. */
export async function drawUp(
  { group, profile }: DrawingParts,
  change: Pick<GroupChange, 'acts' | 'at'> & ChangeOfKeys,
): Promise<Result<DrawnUp>> {
  const { signer, certificate } = profile();
  await group.follow();
  const state = group.log.tip();
  const secret = group.keys.secrets().get(currentEpoch(state).number) ?? null;
  const { mls } = group.keys;
  const drafting = { ...change, proposer: signer.publicKey, secret, mls };
  const composed = await composeControl(state, drafting);
  if (!composed.ok) return composed;
  const entry = decodeControlEntry(composed.value);
  if (!entry.ok) return entry;
  const proposal = await signDraft({ signer, certificate }, composed.value);
  return ok({ entry: entry.value, proposal });
}
