// What stewards' devices say to each other while they decide on an entry of the control log: drafts, answers of people,
// asks for pledges, pledges, calls to the vote, votes. Each is the payload of an event `ballot` in the space's own log.
import { decodeCbor, encodeCbor, isBytes, isCount, type CborValue } from './cbor.ts';
import {
  MAX_BALLOT,
  MAX_CONTROL_ENTRY_BYTES,
  MAX_STEWARDS,
  parsePledge,
  parseProposal,
  parseVote,
  pledgeParts,
  proposalParts,
  voteParts,
  type Pledge,
  type Proposal,
  type Vote,
} from './control.ts';
import { parseList } from './control-parts.ts';
import { fail, ok, type Result } from './failure.ts';

/** The decision that a message is about: the one at `height`, after `prev`. */
export interface BallotPlace {
  readonly height: number;
  readonly prev: Uint8Array;
  readonly ballot: number;
}

/** A vote and the whole entry that it is for. */
export interface VotedEntry {
  readonly entryBytes: Uint8Array;
  readonly vote: Vote;
}

export type BallotMessage =
  /** An entry that someone would like to be decided. */
  | { readonly kind: 'draft'; readonly proposal: Proposal }
  /** A person's word on a motion: the draft, however often it is drawn up anew. */
  | { readonly kind: 'answer'; readonly motion: Uint8Array; readonly yes: boolean }
  /** Whoever proposed it does not want it any more. */
  | { readonly kind: 'withdraw'; readonly motion: Uint8Array }
  /** The leader of a ballot above 0 asks for pledges. */
  | ({ readonly kind: 'ask' } & BallotPlace)
  /** With the entry that its device had voted for, if any. */
  | ({
      readonly kind: 'pledge';
      readonly pledge: Pledge;
      readonly proposal: Proposal | null;
    } & BallotPlace)
  /** The leader of a ballot puts an entry to the vote, with its own vote. */
  | {
      readonly kind: 'call';
      readonly ballot: number;
      readonly proposal: Proposal;
      readonly pledges: readonly Pledge[];
      readonly vote: Vote;
    }
  | ({ readonly kind: 'vote'; readonly hash: Uint8Array; readonly vote: Vote } & BallotPlace)
  /** Proof that one device voted for two entries in one ballot. */
  | {
      readonly kind: 'double_vote';
      readonly ballot: number;
      readonly first: VotedEntry;
      readonly second: VotedEntry;
    };

const VERSION = 1;
/** The sealed body of an entry holds 256 KiB. */
const MAX_BALLOT_MESSAGE_BYTES = 240 * 1024;
const MOTION_BYTES = 32;

/** Failure `too_large`: two entries as large as entries may be do not fit into one proof. */
export function encodeBallotMessage(message: BallotMessage): Result<Uint8Array> {
  const bytes = encodeCbor([VERSION, message.kind, ...fieldsOf(message)]);
  return bytes.length <= MAX_BALLOT_MESSAGE_BYTES ? ok(bytes) : tooLarge();
}

/** Failures: `too_large`, `malformed`, `not_canonical`, `unsupported_version`. Signatures are lib/group's to verify. */
export function decodeBallotMessage(bytes: Uint8Array): Result<BallotMessage> {
  const decoded = decodeCbor(bytes, MAX_BALLOT_MESSAGE_BYTES);
  if (!decoded.ok) return decoded;
  const parts: unknown = decoded.value;
  if (!Array.isArray(parts)) return malformed();
  const [version, kind, ...fields]: unknown[] = parts;
  if (isCount(version) && version > VERSION) return tooNew();
  if (version !== VERSION || typeof kind !== 'string' || !isKind(kind)) return malformed();
  const { length, parse } = PARSERS[kind];
  const message = fields.length === length ? parse(fields) : null;
  return message === null ? malformed() : ok(message);
}

function fieldsOf(message: BallotMessage): CborValue[] {
  switch (message.kind) {
    case 'draft':
      return [proposalParts(message.proposal)];
    case 'answer':
      return [message.motion, message.yes];
    case 'withdraw':
      return [message.motion];
    case 'ask':
      return placeParts(message);
    case 'pledge': {
      const { pledge, proposal } = message;
      const told = proposal === null ? null : proposalParts(proposal);
      return [...placeParts(message), pledgeParts(pledge), told];
    }
    case 'call': {
      const { ballot, proposal, pledges, vote } = message;
      return [ballot, proposalParts(proposal), pledges.map(pledgeParts), voteParts(vote)];
    }
    case 'vote':
      return [...placeParts(message), message.hash, voteParts(message.vote)];
    case 'double_vote':
      return [message.ballot, votedParts(message.first), votedParts(message.second)];
  }
}

interface Parser {
  readonly length: number;
  readonly parse: (fields: readonly unknown[]) => BallotMessage | null;
}

const PARSERS: Readonly<Record<BallotMessage['kind'], Parser>> = {
  draft: {
    length: 1,
    parse: ([part]) => {
      const proposal = parseProposal(part);
      return proposal && { kind: 'draft', proposal };
    },
  },
  answer: {
    length: 2,
    parse: ([motion, yes]) =>
      isBytes(motion, MOTION_BYTES) && typeof yes === 'boolean'
        ? { kind: 'answer', motion, yes }
        : null,
  },
  withdraw: {
    length: 1,
    parse: ([motion]) => (isBytes(motion, MOTION_BYTES) ? { kind: 'withdraw', motion } : null),
  },
  ask: {
    length: 3,
    parse: (fields) => {
      const place = parsePlace(fields);
      return place && { kind: 'ask', ...place };
    },
  },
  pledge: { length: 5, parse: parsePledging },
  call: { length: 4, parse: parseCall },
  vote: {
    length: 5,
    parse: ([height, prev, ballot, hash, part]) => {
      const place = parsePlace([height, prev, ballot]);
      const vote = parseVote(part);
      return place && vote && isBytes(hash, 32) ? { kind: 'vote', ...place, hash, vote } : null;
    },
  },
  double_vote: {
    length: 3,
    parse: ([ballot, one, other]) => {
      const [first, second] = [parseVoted(one), parseVoted(other)];
      if (!isCount(ballot, MAX_BALLOT) || first === null || second === null) return null;
      return { kind: 'double_vote', ballot, first, second };
    },
  },
};

function parsePledging(fields: readonly unknown[]): BallotMessage | null {
  const place = parsePlace(fields.slice(0, 3));
  const pledge = parsePledge(fields[3]);
  const told = fields[4] === null ? null : parseProposal(fields[4]);
  if (place === null || pledge === null || (fields[4] !== null && told === null)) return null;
  return { kind: 'pledge', ...place, pledge, proposal: told };
}

function parseCall([ballot, part, list, votePart]: readonly unknown[]): BallotMessage | null {
  const proposal = parseProposal(part);
  const pledges = parseList(list, MAX_STEWARDS, parsePledge);
  const vote = parseVote(votePart);
  if (!isCount(ballot, MAX_BALLOT) || !proposal || !pledges || !vote) return null;
  return { kind: 'call', ballot, proposal, pledges, vote };
}

function parsePlace([height, prev, ballot]: readonly unknown[]): BallotPlace | null {
  if (!isCount(height) || height === 0 || !isBytes(prev, 32)) return null;
  return isCount(ballot, MAX_BALLOT) ? { height, prev, ballot } : null;
}

function parseVoted(part: unknown): VotedEntry | null {
  if (!Array.isArray(part) || part.length !== 2) return null;
  const [entryBytes, votePart]: unknown[] = part;
  const vote = parseVote(votePart);
  if (!(entryBytes instanceof Uint8Array) || vote === null) return null;
  return entryBytes.length <= MAX_CONTROL_ENTRY_BYTES ? { entryBytes, vote } : null;
}

function placeParts({ height, prev, ballot }: BallotPlace): CborValue[] {
  return [height, prev, ballot];
}

function votedParts({ entryBytes, vote }: VotedEntry): CborValue {
  return [entryBytes, voteParts(vote)];
}

function isKind(text: string): text is BallotMessage['kind'] {
  return Object.hasOwn(PARSERS, text);
}

function malformed(): Result<never> {
  return fail(
    'malformed',
    'This is no message by which stewards decide.',
    'Nothing was changed. Ask the sender to update Commonplace.',
  );
}

function tooNew(): Result<never> {
  return fail(
    'unsupported_version',
    'The stewards of this space decide in a newer way than this program knows.',
    'Update Commonplace.',
  );
}

function tooLarge(): Result<never> {
  return fail(
    'too_large',
    `What stewards say to each other has at most ${MAX_BALLOT_MESSAGE_BYTES} bytes at a time.`,
    'Make the change in several smaller ones.',
  );
}
