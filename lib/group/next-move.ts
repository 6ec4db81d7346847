// What a steward's device does next so that motions come to a decision: pure, and the same after a restart, since all it
// looks at is the control log and what was said. Single-decree Paxos is what keeps this safe (voting.ts); here it is kept
// moving, and people are asked before their device votes.
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { CertifiedControl, Pledge, Proposal } from '../wire/control.ts';
import type { BallotTable, HeardCall } from './ballot-table.ts';
import { boundBy, leaderOf } from './certificate.ts';
import { quorumOf, stewardsOf, type KeyId } from './control-state.ts';
import { motionOf } from './motion.ts';
import type { WeighedMotion } from './motions.ts';
import { nextBallot, proposalTold } from './voting.ts';

export type Move =
  /** Enough votes are here. */
  | { readonly kind: 'certify'; readonly certified: CertifiedControl }
  /** A motion of this device's own was drawn up for another place in the control log. */
  | { readonly kind: 'draft'; readonly motion: WeighedMotion }
  | { readonly kind: 'pledge'; readonly ballot: number }
  | { readonly kind: 'vote'; readonly call: HeardCall }
  | { readonly kind: 'ask'; readonly ballot: number }
  /** Puts an entry to the vote as leader. */
  | {
      readonly kind: 'call';
      readonly ballot: number;
      readonly proposal: Proposal;
      readonly pledges: readonly Pledge[];
    }
  /** Nothing now; look again after this long at the latest. */
  | { readonly kind: 'wait'; readonly ms: number };

export interface Situation {
  readonly table: BallotTable;
  /** Open ones, oldest first. */
  readonly motions: readonly WeighedMotion[];
  readonly me: {
    readonly person: KeyId;
    /** 32 bytes. */
    readonly device: Uint8Array;
    /** Whether this device is the one that votes for the person. */
    readonly votes: boolean;
  };
  /** What was tried and did not work, by `moveKey`: not tried again at this place. */
  readonly refused: ReadonlySet<string>;
  /** How long the newest ballot has been that, in this run. */
  readonly standingMs: number;
  /** Whether someone's browser is there now. */
  readonly isHere: (person: KeyId) => boolean;
}

/** How long a leader who asked for pledges may be silent before another takes over; those further down wait longer. */
export const BACK_OFF_MS = 10_000;

export function moveKey(move: Move): string {
  switch (move.kind) {
    case 'draft':
      return `draft:${move.motion.id}`;
    case 'vote':
      return `vote:${move.call.ballot}:${toHex(move.call.hash)}`;
    case 'pledge':
    case 'ask':
    case 'call':
      return `${move.kind}:${move.ballot}`;
    default:
      return move.kind;
  }
}

export function nextMove(situation: Situation): Move | null {
  const { table, me } = situation;
  const certified = table.certified();
  if (certified !== null) return isNew(situation, { kind: 'certify', certified });
  if (!stewardsOf(table.state).includes(me.person)) return null;
  return (
    draftAnew(situation) ??
    (me.votes ? (answerAsk(situation) ?? answerCall(situation) ?? lead(situation)) : null)
  );
}

function isNew({ refused }: Situation, move: Move): Move | null {
  return refused.has(moveKey(move)) ? null : move;
}

/** One at a time, since only one of them can be decided here. */
function draftAnew(situation: Situation): Move | null {
  const { table, motions, me } = situation;
  const own = inOrder(
    motions.filter(({ isDead, draft }) => !isDead && equalBytes(draft.entry.proposer, me.device)),
    me.person,
  ).find((motion) => isNew(situation, { kind: 'draft', motion }) !== null);
  if (own === undefined || isDraftedFor(table, own)) return null;
  return { kind: 'draft', motion: own };
}

/** A pledge agrees to nothing, so nobody is asked. */
function answerAsk(situation: Situation): Move | null {
  const { table, me } = situation;
  const ballot = table.highestAsk();
  if (ballot === null || table.given(ballot).has(me.person)) return null;
  if ((table.highestCall()?.ballot ?? -1) >= ballot) return null;
  return isNew(situation, { kind: 'pledge', ballot });
}

function answerCall(situation: Situation): Move | null {
  const { table, me } = situation;
  const call = table.highestCall();
  if (call === null || call.ballot < (table.highestAsk() ?? 0)) return null;
  if (table.hasVoted(call.ballot, me.person) || !isAgreed(situation, call)) return null;
  return isNew(situation, { kind: 'vote', call });
}

function isAgreed({ motions, me }: Situation, { entry }: HeardCall): boolean {
  const id = toHex(motionOf(entry));
  return motions.find((motion) => motion.id === id)?.consents.has(me.person) === true;
}

/** The highest ballot in which anything was said; -1 before the first. */
export function topBallot(table: BallotTable): number {
  return Math.max(table.highestAsk() ?? -1, table.highestCall()?.ballot ?? -1);
}

function lead(situation: Situation): Move | null {
  const { table, me } = situation;
  const call = table.highestCall();
  const top = topBallot(table);
  const isAsking = top >= 0 && call?.ballot !== top;
  if (isAsking && leaderOf(table.state, top) === me.person) return callAfterPledges(situation, top);
  const [wanted] = candidates(situation);
  if (wanted === undefined) return null;
  if (isAsking) return takeOver(situation, top);
  if (call !== null)
    return mayOvertake(situation, wanted, call) ? start(situation, wanted, top) : null;
  const rank = wanted.person === me.person ? 0 : rankOf(situation, wanted.person);
  return after(situation, rank * BACK_OFF_MS, () => start(situation, wanted, top));
}

/** What this device would put to the vote itself: what its person proposed, or what enough people want. */
function candidates({ table, motions, me }: Situation): readonly WeighedMotion[] {
  const fit = motions.filter(
    (motion) =>
      !motion.isDead &&
      motion.consents.has(me.person) &&
      (motion.person === me.person || motion.isReady) &&
      isDraftedFor(table, motion),
  );
  return inOrder(fit, me.person);
}

/** Ready ones first, then one's own, then the oldest. */
function inOrder(motions: readonly WeighedMotion[], person: KeyId): readonly WeighedMotion[] {
  const weight = (motion: WeighedMotion) =>
    (motion.isReady ? 0 : 2) + (motion.person === person ? 0 : 1);
  return motions.toSorted((a, b) => weight(a) - weight(b));
}

/** In a ballot above 0 the leader waits for more than half, and takes up what they bind it to. */
function callAfterPledges(situation: Situation, ballot: number): Move | null {
  const { table, motions, me } = situation;
  const given = [...table.given(ballot).values()];
  if (given.length < quorumOf(table.state)) return null;
  const pledges = given.map(({ pledge }) => pledge);
  const bound = boundBy(table.state, pledges);
  const [wanted] = candidates(situation);
  if (bound === null) {
    if (wanted === undefined) return null;
    return isNew(situation, { kind: 'call', ballot, proposal: wanted.draft.proposal, pledges });
  }
  const proposal = proposalTold(given, bound.hash) ?? table.entry(bound.hash)?.proposal;
  const entry = table.entry(bound.hash)?.entry;
  const id = entry === undefined ? null : toHex(motionOf(entry));
  const motion = motions.find((each) => each.id === id);
  if (!proposal || motion === undefined || !motion.consents.has(me.person)) return null;
  const call = (): Move | null => isNew(situation, { kind: 'call', ballot, proposal, pledges });
  // Those who have not pledged yet may set it free. When nobody comes, it goes on with what it is bound to.
  const isWelcome = motion.isReady || wanted === undefined || wanted.id === motion.id;
  return isWelcome ? call() : after(situation, BACK_OFF_MS, call);
}

/** Somebody asked for pledges and is silent: another takes over, if those who are here are enough. */
function takeOver(situation: Situation, top: number): Move | null {
  const { table } = situation;
  const silent = leaderOf(table.state, top);
  const [wanted] = candidates(situation);
  if (wanted === undefined || !areEnoughHere(situation)) return null;
  const wait = BACK_OFF_MS * (1 + rankOf(situation, silent));
  return after(situation, wait, () => start(situation, wanted, top));
}

/** A motion that enough people want goes before one that still waits for people. */
function mayOvertake(situation: Situation, wanted: WeighedMotion, call: HeardCall): boolean {
  const { table, motions, me } = situation;
  const id = toHex(motionOf(call.entry));
  if (wanted.id === id) return false;
  const live = motions.find((motion) => motion.id === id);
  if (live !== undefined && !live.isDead && (live.isReady || !wanted.isReady)) return false;
  // Otherwise whoever comes next could no longer finish the old ballot, and not yet the new one.
  if (!areEnoughHere(situation)) return false;
  // A ballot that was bound to it already would be so again, unless someone else is here now.
  const wasBound = boundBy(table.state, call.pledges) !== null;
  if (wasBound && present(situation).length <= call.pledges.length) return false;
  return wanted.person === me.person || situation.standingMs >= BACK_OFF_MS;
}

function start(situation: Situation, wanted: WeighedMotion, top: number): Move | null {
  const { table, me, refused } = situation;
  let from = top + 1;
  for (;;) {
    const ballot = nextBallot(table.state, me.person, from);
    if (ballot === null) return null;
    if (ballot > 0) {
      const ask: Move = { kind: 'ask', ballot };
      if (!refused.has(moveKey(ask))) return ask;
    } else {
      const { proposal } = wanted.draft;
      const call: Move = { kind: 'call', ballot, proposal, pledges: [] };
      if (!refused.has(moveKey(call))) return call;
    }
    from = ballot + 1;
  }
}

function after({ standingMs }: Situation, waitMs: number, move: () => Move | null): Move | null {
  const left = waitMs - standingMs;
  return left > 0 ? { kind: 'wait', ms: left } : move();
}

function present({ table, me, isHere }: Situation): readonly KeyId[] {
  return stewardsOf(table.state).filter((person) => person === me.person || isHere(person));
}

function areEnoughHere(situation: Situation): boolean {
  return present(situation).length >= quorumOf(situation.table.state);
}

/** How far this person stands behind another in the order of stewards: 1 for the next. */
function rankOf({ table, me }: Situation, other: KeyId): number {
  const stewards = stewardsOf(table.state);
  const distance = stewards.indexOf(me.person) - stewards.indexOf(other);
  return (distance + stewards.length) % stewards.length;
}

function isDraftedFor({ seat }: BallotTable, { draft }: WeighedMotion): boolean {
  return draft.entry.height === seat.height && equalBytes(draft.entry.prev, seat.prev);
}
