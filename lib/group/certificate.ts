// When a control entry counts as decided: more than half of the stewards, as of the entry below, voted for it in one ballot.
// A ballot above 0 also needs pledges, which keep it from deciding otherwise than an earlier one may have (Lamport 2001).
import { readCertificate } from '../identity/certificate.ts';
import { verify } from '../identity/signature.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import type {
  Ballot,
  CertifiedControl,
  ControlEntry,
  Pledge,
  Proposal,
  Vote,
} from '../wire/control.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { quorumOf, stewardsOf, type ControlState, type KeyId } from './control-state.ts';
import { draftMessage, pledgeMessage, voteMessage, type Seat } from './statements.ts';

/** The decision that comes after a state. */
export function seatAfter({ space, height, head }: ControlState): Seat {
  return { space, height: height + 1, prev: head };
}

/** The steward who may put an entry to the vote in a ballot; the turn goes round by height and ballot. */
export function leaderOf(state: ControlState, ballot: number): KeyId {
  const stewards = stewardsOf(state);
  return stewards[(state.height + 1 + ballot) % stewards.length] ?? '';
}

/** Failure `bad_signature`: the entry was not drafted by the steward's device that it names. */
export async function checkDrafted(
  state: ControlState,
  { drafted }: Pick<Proposal, 'drafted'>,
  proposer: Uint8Array,
  entryHash: Uint8Array,
): Promise<Result<null>> {
  const signer = await signerOf(state, drafted, draftMessage(entryHash));
  return signer !== null && equalBytes(signer.device, proposer) ? ok(null) : undecided();
}

/** A vote or a pledge, and what is known of the entry that it is for. */
export interface Context {
  readonly state: ControlState;
  readonly ballot: number;
  /** Null: a pledge from before there is one. */
  readonly entry: ControlEntry | null;
}

/** Whose vote it is, or null when it is no valid vote of a steward for this entry in this ballot. */
export async function voterOf(
  context: Context,
  vote: Vote,
  entryHash: Uint8Array,
): Promise<KeyId | null> {
  return electorOf(context, vote, voteMessage(entryHash, context.ballot));
}

/** Whose pledge it is, or null when it is no valid pledge of a steward for this ballot. */
export async function pledgerOf(context: Context, pledge: Pledge): Promise<KeyId | null> {
  const { state, ballot } = context;
  if (pledge.voted !== null && pledge.voted.number >= ballot) return null;
  return electorOf(context, pledge, pledgeMessage(seatAfter(state), ballot, pledge.voted));
}

/**
 * What the pledges bind a ballot to: the entry of the highest ballot below that may have been decided, as far as they tell;
 * null when none can have been. Those who pledged and had not voted in a ballot never will, so what too few others can
 * have voted for was not decided there.
 */
export function boundBy(
  state: Pick<ControlState, 'persons'>,
  pledges: readonly Pledge[],
): Ballot | null {
  const unheard = stewardsOf(state).length - pledges.length;
  const told = pledges.flatMap(({ voted }) => voted ?? []).toSorted((a, b) => b.number - a.number);
  const mayStand = ({ number, hash }: Ballot): boolean => {
    // Whoever voted in a later ballot may have voted in this one too: a pledge tells only of the last.
    const voters = told.filter(
      (other) => other.number > number || (other.number === number && equalBytes(other.hash, hash)),
    );
    return voters.length + unheard >= quorumOf(state);
  };
  return told.find(mayStand) ?? null;
}

/** Failure `bad_signature`: too few stewards, a signature that is not theirs, or not in this ballot. */
export async function checkCertificate(
  state: ControlState,
  entry: ControlEntry,
  { ballot, votes, pledges }: CertifiedControl,
  entryHash: Uint8Array,
): Promise<Result<null>> {
  const context = { state, ballot, entry };
  const voters = await Promise.all(votes.map((vote) => voterOf(context, vote, entryHash)));
  if (!isQuorum(state, voters) || !voters.includes(leaderOf(state, ballot))) return undecided();
  const pledged = await checkPledges(context, pledges);
  if (!pledged.ok) return pledged;
  const bound = boundBy(state, pledges);
  return bound === null || equalBytes(bound.hash, entryHash) ? ok(null) : undecided();
}

/** Failure `bad_signature`: not more than half of the stewards gave way to this ballot. */
export async function checkPledges(
  context: Context,
  pledges: readonly Pledge[],
): Promise<Result<null>> {
  if (context.ballot === 0) return pledges.length === 0 ? ok(null) : undecided();
  const pledgers = await Promise.all(pledges.map((pledge) => pledgerOf(context, pledge)));
  return isQuorum(context.state, pledgers) ? ok(null) : undecided();
}

/** Each counts once and none may be invalid. */
function isQuorum(state: ControlState, signers: readonly (KeyId | null)[]): boolean {
  const stewards = new Set(signers);
  if (stewards.has(null) || stewards.size !== signers.length) return false;
  return stewards.size >= quorumOf(state);
}

/**
 * The steward for whom a device may vote. Where that device is lost, another of the person's may take its place in the
 * very entry that revokes it.
 */
async function electorOf(
  { state, entry }: Context,
  vote: Vote,
  message: Uint8Array,
): Promise<KeyId | null> {
  const signer = await signerOf(state, vote, message);
  if (signer === null) return null;
  const voter = state.persons.get(signer.person)?.voter ?? null;
  const isReplaced = entry?.acts.some(
    (act) => act.kind === 'revoke_device' && toHex(act.frontier.device) === voter,
  );
  const mayVote = voter === null || voter === toHex(signer.device) || isReplaced === true;
  return mayVote ? signer.person : null;
}

/** The steward whose device signed: any that the person certified and that was not removed here. */
async function signerOf(
  state: ControlState,
  { certificate, signature }: Vote,
  message: Uint8Array,
): Promise<{ readonly person: KeyId; readonly device: Uint8Array } | null> {
  const read = await readCertificate(certificate);
  if (!read.ok) return null;
  const { personKey, deviceKey } = read.value;
  const person = toHex(personKey);
  if (state.persons.get(person)?.role !== 'steward' || state.gone.has(toHex(deviceKey)))
    return null;
  return (await verify(deviceKey, message, signature)) ? { person, device: deviceKey } : null;
}

function undecided(): Result<never> {
  return fail(
    'bad_signature',
    'A change of the group was refused: not more than half of its stewards signed it as they should.',
    'Nothing was changed. The sender is faulty or hostile; sync with someone else.',
  );
}
