// How a steward's device makes a move: what it signs is remembered first and said in the space's log after.
import type { BallotBox } from '../group/ballot-box.ts';
import { currentEpoch, type KeyId } from '../group/control-state.ts';
import type { WeighedMotion } from '../group/motions.ts';
import type { Move } from '../group/next-move.ts';
import { assemble, castVote, givePledge, type Steward, type VoteMemory } from '../group/voting.ts';
import type { Replica } from '../log/replica.ts';
import type { Space } from '../space/space.ts';
import type { BallotMessage } from '../wire/ballot.ts';
import { fromHex } from '../wire/bytes.ts';
import type { EpochPart } from '../wire/control-epoch.ts';
import { ok, type Result } from '../wire/failure.ts';
import { ballotIn } from './ballot-words.ts';
import { drawUp, type ChangeOfKeys, type DrawingParts } from './draw-up.ts';

export interface MoveParts extends DrawingParts {
  readonly space: Space;
  readonly replica: Replica;
  readonly memory: VoteMemory;
  readonly box: BallotBox;
  readonly person: KeyId;
  readonly say: (message: BallotMessage) => Promise<Result<unknown>>;
}

type Made<Kind extends Move['kind']> = Extract<Move, { readonly kind: Kind }>;

/** Failures: as of voting, drawing up, and writing. Nothing that was signed before a failure is signed otherwise later. */
export async function makeMove(
  parts: MoveParts,
  move: Exclude<Move, { readonly kind: 'wait' }>,
): Promise<Result<unknown>> {
  switch (move.kind) {
    case 'draft':
      return drawUpAnew(parts, move.motion);
    case 'ask':
      return parts.say({ kind: 'ask', ...placeOf(parts), ballot: move.ballot });
    case 'pledge':
      return pledge(parts, move.ballot);
    case 'vote':
      return vote(parts, move);
    case 'call':
      return call(parts, move);
    case 'certify':
      return certify(parts, move);
  }
}

async function pledge(parts: MoveParts, ballot: number): Promise<Result<unknown>> {
  const given = await givePledge(stewardOf(parts), ballot);
  if (!given.ok) return given;
  return parts.say({ kind: 'pledge', ...placeOf(parts), ballot, ...given.value });
}

async function vote(parts: MoveParts, { call: heard }: Made<'vote'>): Promise<Result<unknown>> {
  const { ballot, hash, proposal, pledges, leaderVote } = heard;
  const given = await castVote(stewardOf(parts), { ballot, proposal, pledges, leaderVote });
  if (!given.ok) return given;
  return parts.say({ kind: 'vote', ...placeOf(parts), ballot, hash, vote: given.value });
}

async function call(parts: MoveParts, move: Made<'call'>): Promise<Result<unknown>> {
  const { ballot, proposal, pledges } = move;
  const called = { ballot, proposal, pledges };
  const given = await castVote(stewardOf(parts), { ...called, leaderVote: null });
  return given.ok ? parts.say({ kind: 'call', ...called, vote: given.value }) : given;
}

async function certify(
  { box, replica, space }: MoveParts,
  { certified }: Made<'certify'>,
): Promise<Result<unknown>> {
  const bytes = await assemble(box.table().state, certified);
  if (!bytes.ok) return bytes;
  const { offence, trouble } = await replica.accept(space.id, [bytes.value]);
  const failure = offence ?? trouble;
  if (failure !== null) return { ok: false, failure };
  // What is said next is sealed under the keys that this brought.
  await space.events();
  return ok(null);
}

/** The same acts on top of what was decided meanwhile. What cannot be any more is taken back. */
async function drawUpAnew(
  parts: MoveParts,
  { draft, id }: WeighedMotion,
): Promise<Result<unknown>> {
  const { acts, at, epoch } = draft.entry;
  const drawn = await drawUp(parts, { acts, at, ...(acts.length === 0 && keysOf(parts, epoch)) });
  if (drawn.ok) return parts.say({ kind: 'draft', proposal: drawn.value.proposal });
  const motion = fromHex(id);
  const isVoid = drawn.failure.code === 'conflict' && motion !== null;
  return isVoid ? parts.say({ kind: 'withdraw', motion }) : drawn;
}

/** What an entry without acts was about. */
function keysOf({ group }: MoveParts, epoch: EpochPart | null): ChangeOfKeys {
  const { number } = currentEpoch(group.log.tip());
  if (epoch === null || epoch.scheme === 'mls' || epoch.number > number) return { renew: true };
  return { rewrap: epoch.wraps.map(({ device }) => device) };
}

/** Tells everyone in the space, once, that a steward voted twice. */
export async function tellProof({ space, say }: MoveParts, proof: BallotMessage): Promise<void> {
  const said = await space.events();
  if (!said.some((entry) => ballotIn(entry)?.kind === 'double_vote')) await say(proof);
}

function stewardOf({ group, memory, profile, box, person }: MoveParts): Steward {
  const { signer, certificate, wrapKey } = profile();
  const log = {
    // Where the move was thought out: the control log may have moved on in between.
    tip: () => box.table().state,
    frozen: () => group.log.frozen() ?? box.doubleVote(),
  };
  return { log, signer, certificate, person, memory, wrapKey, mls: group.keys.mls };
}

function placeOf({ box }: MoveParts): { readonly height: number; readonly prev: Uint8Array } {
  const { height, prev } = box.table().seat;
  return { height, prev };
}
