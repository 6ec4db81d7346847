// A decision for which this device's vote is enough.
import type { ControlState, KeyId } from '../group/control-state.ts';
import {
  assemble,
  castVote,
  givePledge,
  proposalFor,
  type Steward,
  type VoteMemory,
} from '../group/voting.ts';
import type { Replica } from '../log/replica.ts';
import type { Space } from '../space/space.ts';
import type { Act } from '../wire/control-act.ts';
import type { Pledge, Proposal } from '../wire/control.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { drawUp, type ChangeOfKeys, type DrawingParts } from './draw-up.ts';

export interface AloneParts extends DrawingParts {
  readonly space: Space;
  readonly replica: Replica;
  readonly memory: VoteMemory;
  readonly person: KeyId;
  readonly now: () => number;
}

/** Each restart in the middle of a decision takes one. */
const MAX_BALLOTS = 1000;

/** Settles once it is in the control log here. Failures: as of `composeControl`, voting and storing. */
export async function decideAlone(
  parts: AloneParts,
  acts: readonly Act[],
  keys: ChangeOfKeys,
): Promise<Result<null>> {
  const { group, replica, space, now } = parts;
  const state = group.log.tip();
  const own = await drawUp(parts, { acts, at: now(), ...keys });
  if (!own.ok) return own;
  const decision = await certify(parts, state, own.value.proposal);
  if (!decision.ok) return decision;
  const { offence, trouble } = await replica.accept(space.id, [decision.value.bytes]);
  const failure = offence ?? trouble;
  if (failure !== null) return { ok: false, failure };
  // What this device had voted for before it was stopped came first: its own change goes on top.
  return decision.value.isOwn ? ok(null) : decideAlone(parts, acts, keys);
}

/** A vote that was given and never came to anything is taken up again in a higher ballot. */
async function certify(
  parts: AloneParts,
  state: ControlState,
  own: Proposal,
): Promise<Result<{ readonly bytes: Uint8Array; readonly isOwn: boolean }>> {
  const steward = stewardOf(parts);
  let proposal = own;
  const pledges: Pledge[] = [];
  for (let ballot = 0; ballot < MAX_BALLOTS; ballot += 1) {
    if (ballot > 0) {
      const given = await givePledge(steward, ballot);
      if (!given.ok && given.failure.code !== 'conflict') return given;
      // Beyond this ballot already: without a pledge no vote in it would count.
      if (!given.ok) continue;
      proposal = proposalFor(state, [given.value], own);
      pledges.splice(0, 1, given.value.pledge);
    }
    const vote = await castVote(steward, { proposal, ballot, pledges, leaderVote: null });
    if (vote.ok) {
      const bytes = await assemble(state, { ...proposal, ballot, votes: [vote.value], pledges });
      return bytes.ok ? ok({ bytes: bytes.value, isOwn: proposal === own }) : bytes;
    }
    if (vote.failure.code !== 'conflict') return vote;
  }
  return STUCK;
}

function stewardOf({ group, profile, memory, person }: AloneParts): Steward {
  const { signer, certificate, wrapKey } = profile();
  const { log, keys } = group;
  return { log, signer, certificate, person, memory, wrapKey, mls: keys.mls };
}

const STUCK = fail(
  'conflict',
  'An earlier change of the group was begun here and could not be finished.',
  'Restart the browser and try again.',
);
