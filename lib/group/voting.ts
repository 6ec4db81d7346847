// How stewards decide on an entry of the control log: drafts, votes and pledges of one steward's voting device.
// One decision for each height by single-decree Paxos (Lamport 2001): in ballot 0 the leader of the height puts an entry to
// the vote; if that gets stuck, another takes a higher ballot, which first asks more than half of the stewards for pledges.
import type { Signer } from '../identity/signer.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import {
  decodeControlEntry,
  encodeCertified,
  MAX_BALLOT,
  type Ballot,
  type CertifiedControl,
  type ControlEntry,
  type Pledge,
  type Proposal,
  type Vote,
} from '../wire/control.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import {
  boundBy,
  checkDrafted,
  checkPledges,
  leaderOf,
  seatAfter,
  voterOf,
} from './certificate.ts';
import { applyControl, foldEntry } from './control-entry.ts';
import type { ControlLog } from './control-log.ts';
import type { ControlState, KeyId } from './control-state.ts';
import { isSecretOf } from './epoch-secrets.ts';
import type { MlsMember } from './group-keys.ts';
import { controlHash, draftMessage, pledgeMessage, voteMessage, type Seat } from './statements.ts';
import type { StoredWrapKey } from './wrap-key.ts';
import { openWrap } from './wraps.ts';

/** What a voting device said about one height of one space. */
export interface VoteRecord {
  readonly prev: Uint8Array;
  /** It votes in no lower ballot any more. */
  readonly promised: number;
  /** Its last vote, with the entry: a later ballot may have to take that entry up again. */
  readonly voted: (Ballot & { readonly proposal: Proposal }) | null;
}

/** Durable, so that a device that was restarted does not go back on its word. */
export interface VoteMemory {
  /**
   * Reads the record of a height, lets `decide` make the next one, and writes that before it resolves. One at a time:
   * nobody reads between. Fails with the Failure of `decide`, or `storage_full`; then nothing was written.
   */
  change(
    seat: Seat,
    decide: (held: VoteRecord | null) => Result<VoteRecord>,
  ): Promise<Result<VoteRecord>>;
}

export interface Steward {
  readonly log: Pick<ControlLog, 'tip' | 'frozen'>;
  /** The device's. */
  readonly signer: Signer;
  /** Says whose device it is. */
  readonly certificate: Uint8Array;
  readonly person: KeyId;
  readonly memory: VoteMemory;
  readonly wrapKey: StoredWrapKey;
  /** Null where keys are wrapped. */
  readonly mls: MlsMember | null;
}

/** An entry in a ballot, with the leader's own vote in it. */
export interface BallotCall {
  readonly proposal: Proposal;
  readonly ballot: number;
  readonly pledges: readonly Pledge[];
  /** Null when the steward who is asked is the leader. */
  readonly leaderVote: Vote | null;
}

/** Any device of a steward may draft. */
export async function signDraft(
  { signer, certificate }: Pick<Steward, 'signer' | 'certificate'>,
  entryBytes: Uint8Array,
): Promise<Proposal> {
  const signature = await signer.sign(draftMessage(controlHash(entryBytes)));
  return { entryBytes, drafted: { certificate, signature } };
}

/** The lowest ballot from `from` on that a steward leads. */
export function nextBallot(state: ControlState, person: KeyId, from: number): number | null {
  for (let ballot = from; ballot < from + state.persons.size && ballot <= MAX_BALLOT; ballot += 1) {
    if (leaderOf(state, ballot) === person) return ballot;
  }
  return null;
}

/**
 * A vote, after it was durably remembered. Failures: `forked` (the log is frozen), `conflict` (the entry may not stand
 * here, this device promised or voted otherwise), `bad_signature` (the entry, the pledges or the leader's vote do not
 * hold, or its own wrap does not open).
 */
export async function castVote(steward: Steward, call: BallotCall): Promise<Result<Vote>> {
  const state = steward.log.tip();
  if (steward.log.frozen() !== null) return frozen();
  const { proposal, ballot } = call;
  const hash = controlHash(proposal.entryBytes);
  const checked = await checkCall(steward, state, call, hash);
  if (!checked.ok) return checked;
  const seat = seatAfter(state);
  const voted = { number: ballot, hash, proposal };
  const remembered = await steward.memory.change(seat, (held) => {
    if (held !== null && !isFreeFor(held, seat, voted)) return otherwisePromised();
    return ok({ prev: seat.prev, promised: ballot, voted });
  });
  if (!remembered.ok) return remembered;
  const signature = await steward.signer.sign(voteMessage(hash, ballot));
  return ok({ certificate: steward.certificate, signature });
}

/** A pledge for a ballot, after it was durably remembered, and the entry that it may bind the ballot to. */
export interface GivenPledge {
  readonly pledge: Pledge;
  readonly proposal: Proposal | null;
}

/** Failures: `forked`, `conflict` (this device has promised a higher ballot). */
export async function givePledge(steward: Steward, ballot: number): Promise<Result<GivenPledge>> {
  if (steward.log.frozen() !== null) return frozen();
  const seat = seatAfter(steward.log.tip());
  const remembered = await steward.memory.change(seat, (held) => {
    if (held === null) return ok({ prev: seat.prev, promised: ballot, voted: null });
    const isLate = ballot < held.promised || (held.voted?.number ?? -1) >= ballot;
    if (isLate || !equalBytes(held.prev, seat.prev)) return otherwisePromised();
    return ok({ ...held, promised: ballot });
  });
  if (!remembered.ok) return remembered;
  const last = remembered.value.voted;
  const voted = last === null ? null : { number: last.number, hash: last.hash };
  const signature = await steward.signer.sign(pledgeMessage(seat, ballot, voted));
  const pledge = { certificate: steward.certificate, voted, signature };
  return ok({ pledge, proposal: last?.proposal ?? null });
}

/** The proposal that a leader must put to the vote: the one that pledges bind it to, or its own. */
export function proposalFor(
  state: Pick<ControlState, 'persons'>,
  given: readonly GivenPledge[],
  own: Proposal,
): Proposal {
  const bound = boundBy(
    state,
    given.map(({ pledge }) => pledge),
  );
  return bound === null ? own : (proposalTold(given, bound.hash) ?? own);
}

/** The entry of that name, from whoever pledged and had voted for it. */
export function proposalTold(given: readonly GivenPledge[], hash: Uint8Array): Proposal | null {
  const holder = given.find(
    ({ proposal }) => proposal !== null && equalBytes(controlHash(proposal.entryBytes), hash),
  );
  return holder?.proposal ?? null;
}

/** The certified entry, once it can be applied. Failures as of `applyControl`: too few votes is `bad_signature`. */
export async function assemble(
  state: ControlState,
  certified: CertifiedControl,
): Promise<Result<Uint8Array>> {
  const bytes = encodeCertified(certified);
  const applied = await applyControl(state, bytes);
  return applied.ok ? ok(bytes) : applied;
}

async function checkCall(
  steward: Steward,
  state: ControlState,
  { proposal, ballot, pledges, leaderVote }: BallotCall,
  hash: Uint8Array,
): Promise<Result<null>> {
  const decoded = decodeControlEntry(proposal.entryBytes);
  if (!decoded.ok) return decoded;
  const entry = decoded.value;
  const next = await foldEntry(state, entry, hash);
  if (!next.ok) return next;
  const drafted = await checkDrafted(state, proposal, entry.proposer, hash);
  if (!drafted.ok) return drafted;
  const context = { state, ballot, entry };
  const pledged = await checkPledges(context, pledges);
  if (!pledged.ok) return pledged;
  const bound = boundBy(state, pledges);
  if (bound !== null && !equalBytes(bound.hash, hash)) return otherwisePromised();
  const leader = leaderOf(state, ballot);
  const led = leaderVote === null ? steward.person : await voterOf(context, leaderVote, hash);
  if (led !== leader) return notItsTurn();
  return (await opensOwnKey(steward, entry, next.value)) ? ok(null) : badWrap();
}

/** A steward can see for itself only the wrap that is its own. An MLS message is for all of them. */
async function opensOwnKey(
  { signer, wrapKey, mls }: Steward,
  entry: ControlEntry,
  next: ControlState,
): Promise<boolean> {
  const device = signer.publicKey;
  if (entry.epoch?.scheme === 'mls') return mls !== null && mls.accepts(entry, next);
  const wrap = entry.epoch?.wraps.find((each) => equalBytes(each.device, device));
  if (wrap === undefined || entry.epoch === null) return true;
  const { number: epoch, commitment } = entry.epoch;
  const opened = await openWrap(wrap, wrapKey, { space: entry.space, epoch, commitment, device });
  return opened.ok && isSecretOf(entry.epoch, entry.space, opened.value);
}

function isFreeFor(held: VoteRecord, { prev }: Seat, { number, hash }: Ballot): boolean {
  if (!equalBytes(held.prev, prev) || number < held.promised) return false;
  return held.voted?.number !== number || toHex(held.voted.hash) === toHex(hash);
}

export function frozen(): Result<never> {
  return fail(
    'forked',
    'A steward of this space signed two different decisions at one point, so nothing more is decided here.',
    'Reading and writing go on. Look at it together, then start a new space with people you trust.',
  );
}

function otherwisePromised(): Result<never> {
  return fail(
    'conflict',
    'This device has given its word for another decision at this point.',
    'Wait for that decision, or try again in a later ballot.',
  );
}

function notItsTurn(): Result<never> {
  return fail(
    'bad_signature',
    'A change of the group was put to the vote by a steward whose turn it is not.',
    'Let the steward whose turn it is put it to the vote, or take a ballot of your own.',
  );
}

function badWrap(): Result<never> {
  return fail(
    'bad_signature',
    'The new key that comes with this change does not open here.',
    'Do not vote for it. Ask whoever proposed it to draw the key anew.',
  );
}
