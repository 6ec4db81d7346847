// What stewards have said about one decision, the next one: asks, pledges, calls and votes, each checked as it is put here.
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { BallotMessage } from '../wire/ballot.ts';
import type { CertifiedControl, Pledge, Proposal, Vote } from '../wire/control.ts';
import {
  boundBy,
  checkDrafted,
  checkPledges,
  leaderOf,
  pledgerOf,
  seatAfter,
  voterOf,
} from './certificate.ts';
import { quorumOf, type ControlState, type KeyId } from './control-state.ts';
import { doubleVoteOf, type DoubleVote } from './double-vote.ts';
import { readDraft, type DraftedEntry } from './motions.ts';
import type { Seat } from './statements.ts';
import type { GivenPledge } from './voting.ts';

/** An entry that the leader of a ballot has put to the vote. */
export interface HeardCall extends DraftedEntry {
  readonly ballot: number;
  readonly pledges: readonly Pledge[];
  readonly leaderVote: Vote;
}

type Heard<Kind extends BallotMessage['kind']> = Extract<BallotMessage, { readonly kind: Kind }>;

/** Votes of one ballot: by the entry's hash, then by steward. */
type Votes = Map<string, Map<KeyId, Vote>>;

/** Beyond this no ballot is listened to that does not follow closely on what is known: nobody uses them up at once. */
const BALLOTS_AHEAD = 256;
const MAX_LOOSE_VOTES = 256;

export class BallotTable {
  readonly state: ControlState;
  readonly seat: Seat;
  #ask: number | null = null;
  readonly #pledges = new Map<number, Map<KeyId, GivenPledge>>();
  readonly #calls = new Map<number, HeardCall>();
  readonly #entries = new Map<string, DraftedEntry>();
  readonly #votes = new Map<number, Votes>();
  /** Votes for entries that have not come yet. */
  #loose: Heard<'vote'>[] = [];
  #doubleVote: DoubleVote | null = null;

  constructor(state: ControlState) {
    this.state = state;
    this.seat = seatAfter(state);
  }

  /** What is not about this decision, or does not hold, is passed over. */
  async hear(author: KeyId, message: BallotMessage): Promise<void> {
    switch (message.kind) {
      case 'draft':
        return this.#keep(message.proposal);
      case 'ask':
        return this.#hearAsk(author, message);
      case 'pledge':
        return this.#hearPledge(message);
      case 'call':
        return this.#hearCall(message);
      case 'vote':
        return this.#isHere(message) ? this.#hearVote(message) : undefined;
      default:
        return undefined;
    }
  }

  /** The highest ballot that its leader has asked pledges for. */
  highestAsk(): number | null {
    return this.#ask;
  }

  highestCall(): HeardCall | null {
    return [...this.#calls.values()].toSorted((a, b) => b.ballot - a.ballot)[0] ?? null;
  }

  given(ballot: number): ReadonlyMap<KeyId, GivenPledge> {
    return this.#pledges.get(ballot) ?? new Map();
  }

  hasVoted(ballot: number, person: KeyId): boolean {
    const votes = this.#votes.get(ballot)?.values() ?? [];
    return [...votes].some((by) => by.has(person));
  }

  /** Stewards whose vote for an entry is known, in whichever ballot. */
  votersFor(hash: Uint8Array): ReadonlySet<KeyId> {
    const id = toHex(hash);
    return new Set(
      [...this.#votes.values()].flatMap((votes) => [...(votes.get(id)?.keys() ?? [])]),
    );
  }

  entry(hash: Uint8Array): DraftedEntry | null {
    return this.#entries.get(toHex(hash)) ?? null;
  }

  /** An entry that more than half have voted for in one ballot. */
  certified(): CertifiedControl | null {
    for (const { ballot, hash, proposal, pledges } of this.#calls.values()) {
      const votes = [...(this.#votes.get(ballot)?.get(toHex(hash))?.values() ?? [])];
      if (votes.length >= quorumOf(this.state)) return { ...proposal, ballot, votes, pledges };
    }
    return null;
  }

  doubleVote(): DoubleVote | null {
    return this.#doubleVote;
  }

  #hearAsk(author: KeyId, message: Heard<'ask'>): void {
    const { ballot } = message;
    const known = Math.max(this.#ask ?? 0, this.highestCall()?.ballot ?? 0);
    if (!this.#isHere(message) || ballot <= (this.#ask ?? 0) || ballot > known + BALLOTS_AHEAD)
      return;
    if (leaderOf(this.state, ballot) === author) this.#ask = ballot;
  }

  async #hearPledge(message: Heard<'pledge'>): Promise<void> {
    if (!this.#isHere(message)) return;
    const { ballot, pledge, proposal } = message;
    const person = await pledgerOf({ state: this.state, ballot, entry: null }, pledge);
    if (person === null) return;
    const given = this.#pledges.get(ballot) ?? new Map<KeyId, GivenPledge>();
    this.#pledges.set(ballot, given.set(person, { pledge, proposal }));
    if (proposal !== null) this.#keep(proposal);
  }

  async #hearCall({ ballot, proposal, pledges, vote }: Heard<'call'>): Promise<void> {
    const draft = readDraft(proposal);
    if (draft === null || !this.#isNext(draft)) return;
    const { entry, hash } = draft;
    const context = { state: this.state, ballot, entry };
    const person = await voterOf(context, vote, hash);
    if (person === null || person !== leaderOf(this.state, ballot)) return;
    const drafted = await checkDrafted(this.state, proposal, entry.proposer, hash);
    const pledged = await checkPledges(context, pledges);
    const bound = boundBy(this.state, pledges);
    if (!drafted.ok || !pledged.ok || (bound !== null && !equalBytes(bound.hash, hash))) return;
    this.#keep(proposal);
    this.#putVote(ballot, hash, person, vote);
    if (this.#calls.has(ballot)) return;
    this.#calls.set(ballot, { ...draft, ballot, pledges, leaderVote: vote });
    const loose = this.#loose;
    this.#loose = [];
    for (const each of loose) await this.#hearVote(each);
  }

  async #hearVote(message: Heard<'vote'>): Promise<void> {
    const { ballot, hash, vote } = message;
    const draft = this.entry(hash);
    if (draft === null) {
      if (this.#loose.length < MAX_LOOSE_VOTES) this.#loose.push(message);
      return;
    }
    const person = await voterOf({ state: this.state, ballot, entry: draft.entry }, vote, hash);
    if (person !== null) this.#putVote(ballot, hash, person, vote);
  }

  #putVote(ballot: number, hash: Uint8Array, person: KeyId, vote: Vote): void {
    const votes: Votes = this.#votes.get(ballot) ?? new Map();
    this.#votes.set(ballot, votes);
    const id = toHex(hash);
    votes.set(id, (votes.get(id) ?? new Map<KeyId, Vote>()).set(person, vote));
    for (const [otherId, by] of votes) {
      const other = by.get(person);
      if (otherId === id || other === undefined) continue;
      // Another device of theirs may have taken over the vote: that proves nothing.
      if (equalBytes(other.certificate, vote.certificate))
        this.#prove(ballot, [id, vote], [otherId, other]);
    }
  }

  #prove(ballot: number, ...votes: [[string, Vote], [string, Vote]]): void {
    const [one, other] = votes.flatMap(([id, vote]) => {
      const entryBytes = this.#entries.get(id)?.proposal.entryBytes;
      return entryBytes === undefined ? [] : [{ entryBytes, vote }];
    });
    if (one && other) this.#doubleVote ??= doubleVoteOf(ballot, one, other);
  }

  #keep(proposal: Proposal): void {
    const draft = readDraft(proposal);
    if (draft !== null && this.#isNext(draft)) this.#entries.set(toHex(draft.hash), draft);
  }

  #isNext({ entry: { space, height, prev } }: DraftedEntry): boolean {
    return equalBytes(space, this.seat.space) && this.#isHere({ height, prev });
  }

  #isHere({ height, prev }: { readonly height: number; readonly prev: Uint8Array }): boolean {
    return height === this.seat.height && equalBytes(prev, this.seat.prev);
  }
}
