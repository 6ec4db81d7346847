// The form of a control entry and of its certificate. Only shape: hashes, signatures and rules are lib/group's.
import { decodeCbor, encodeCbor, isBytes, isCount, type CborValue } from './cbor.ts';
import { encodeAct, MAX_ACTS, parseAct, type Act } from './control-act.ts';
import { encodeEpoch, parseEpoch, type EpochPart } from './control-epoch.ts';
import { isDeviceCertificate, parseList } from './control-parts.ts';
import { fail, ok, type Result } from './failure.ts';

/** Bounds the wraps of a space: about a thousand devices. */
export const MAX_CONTROL_ENTRY_BYTES = 128 * 1024;
export const MAX_STEWARDS = 64;
/** An entry with the votes and pledges of every steward. */
export const MAX_CERTIFIED_BYTES = MAX_CONTROL_ENTRY_BYTES + 64 * 1024;
/** Far more ballots than people would ever try. */
export const MAX_BALLOT = 1_000_000;

const VERSION = 1;

export interface ControlEntry {
  readonly space: Uint8Array;
  /** From 1; height 0 is the genesis. */
  readonly height: number;
  /** Hash of the entry below; the space's id at height 1. */
  readonly prev: Uint8Array;
  /** The proposer's clock, milliseconds since 1970; a claim. */
  readonly at: number;
  /** 32 bytes: the device that drafted it. */
  readonly proposer: Uint8Array;
  readonly acts: readonly Act[];
  readonly epoch: EpochPart | null;
}

/** One steward's signature, by a device that the certificate says is theirs. */
export interface Vote {
  readonly certificate: Uint8Array;
  readonly signature: Uint8Array;
}

/** What a steward had voted for last at a height. */
export interface Ballot {
  readonly number: number;
  readonly hash: Uint8Array;
}

/** A steward's word not to vote in any lower ballot, and what it had voted for until then. */
export interface Pledge extends Vote {
  readonly voted: Ballot | null;
}

/** An entry and its proposer's signature, before or after the vote. */
export interface Proposal {
  readonly entryBytes: Uint8Array;
  /** By the device that the entry names as its proposer. */
  readonly drafted: Vote;
}

export interface CertifiedControl extends Proposal {
  readonly ballot: number;
  readonly votes: readonly Vote[];
  /** None in ballot 0. */
  readonly pledges: readonly Pledge[];
}

/** Failure: `too_large`. */
export function encodeControlEntry(entry: ControlEntry): Result<Uint8Array> {
  const { space, height, prev, at, proposer, acts, epoch } = entry;
  const epochPart = epoch === null ? null : encodeEpoch(epoch);
  const bytes = encodeCbor([
    VERSION,
    space,
    height,
    prev,
    at,
    proposer,
    acts.map(encodeAct),
    epochPart,
  ]);
  return bytes.length <= MAX_CONTROL_ENTRY_BYTES ? ok(bytes) : tooLarge(bytes.length);
}

/** Failures: `too_large`, `malformed`, `not_canonical`, `unsupported_version`. */
export function decodeControlEntry(bytes: Uint8Array): Result<ControlEntry> {
  const decoded = decodeCbor(bytes, MAX_CONTROL_ENTRY_BYTES);
  if (!decoded.ok) return decoded;
  const fields = versioned(decoded.value, 8);
  if (!fields.ok) return fields;
  const [space, height, prev, at, proposer, actList, epochPart] = fields.value;
  if (!isBytes(space, 32) || !isCount(height) || height === 0) return malformed('space, height');
  if (!isBytes(prev, 32) || !isCount(at) || !isBytes(proposer, 32)) {
    return malformed('a link, a time and a proposer');
  }
  const acts = parseList(actList, MAX_ACTS, parseAct);
  if (acts === null) return malformed(`at most ${MAX_ACTS} known acts`);
  const epoch = epochPart === null ? null : parseEpoch(epochPart);
  if (epochPart !== null && epoch === null) return malformed('an epoch');
  if (acts.length === 0 && epoch === null) return malformed('an act or an epoch');
  return ok({ space, height, prev, at, proposer, acts, epoch });
}

export function encodeCertified(certified: CertifiedControl): Uint8Array {
  const { entryBytes, drafted, ballot, votes, pledges } = certified;
  return encodeCbor([
    VERSION,
    entryBytes,
    voteParts(drafted),
    ballot,
    votes.map(voteParts),
    pledges.map(pledgeParts),
  ]);
}

/** Failures: `too_large`, `malformed`, `not_canonical`, `unsupported_version`. */
export function decodeCertified(bytes: Uint8Array): Result<CertifiedControl> {
  const decoded = decodeCbor(bytes, MAX_CERTIFIED_BYTES);
  if (!decoded.ok) return decoded;
  const fields = versioned(decoded.value, 6);
  if (!fields.ok) return fields;
  const [entryBytes, draftPart, ballot, voteList, pledgeList] = fields.value;
  const drafted = parseVote(draftPart);
  if (!(entryBytes instanceof Uint8Array) || drafted === null || !isCount(ballot, MAX_BALLOT)) {
    return malformed('a signed entry and a ballot');
  }
  const votes = parseList(voteList, MAX_STEWARDS, parseVote);
  const pledges = parseList(pledgeList, MAX_STEWARDS, parsePledge);
  if (votes === null || pledges === null) return malformed('votes and pledges');
  return ok({ entryBytes, drafted, ballot, votes, pledges });
}

export function proposalParts({ entryBytes, drafted }: Proposal): CborValue {
  return [entryBytes, voteParts(drafted)];
}

/** A signed entry; whether its bytes are one is `decodeControlEntry`'s to say. */
export function parseProposal(part: unknown): Proposal | null {
  if (!Array.isArray(part) || part.length !== 2) return null;
  const [entryBytes, draftPart]: unknown[] = part;
  const drafted = parseVote(draftPart);
  if (!(entryBytes instanceof Uint8Array) || drafted === null) return null;
  return entryBytes.length <= MAX_CONTROL_ENTRY_BYTES ? { entryBytes, drafted } : null;
}

/** What a pledge says before it is signed, in CBOR. */
export function ballotParts(voted: Ballot | null): CborValue {
  return voted === null ? null : [voted.number, voted.hash];
}

export function voteParts({ certificate, signature }: Vote): CborValue {
  return [certificate, signature];
}

export function pledgeParts({ certificate, voted, signature }: Pledge): CborValue {
  return [certificate, ballotParts(voted), signature];
}

export function parseVote(part: unknown): Vote | null {
  if (!Array.isArray(part) || part.length !== 2) return null;
  const [certificate, signature]: unknown[] = part;
  if (!isDeviceCertificate(certificate) || !isBytes(signature, 64)) return null;
  return { certificate, signature };
}

export function parsePledge(part: unknown): Pledge | null {
  if (!Array.isArray(part) || part.length !== 3) return null;
  const [certificate, votedPart, signature]: unknown[] = part;
  const voted = votedPart === null ? null : parseBallot(votedPart);
  if (votedPart !== null && voted === null) return null;
  if (!isDeviceCertificate(certificate) || !isBytes(signature, 64)) return null;
  return { certificate, voted, signature };
}

function parseBallot(part: unknown): Ballot | null {
  if (!Array.isArray(part) || part.length !== 2) return null;
  const [number, hash]: unknown[] = part;
  return isCount(number, MAX_BALLOT) && isBytes(hash, 32) ? { number, hash } : null;
}

/** The fields after the version. */
function versioned(value: unknown, length: number): Result<readonly unknown[]> {
  if (!Array.isArray(value)) return malformed('a list');
  if (isCount(value[0]) && value[0] > VERSION) {
    return fail(
      'unsupported_version',
      `This space uses version ${value[0]} of the control log; this program knows ${VERSION}.`,
      'Update Commonplace.',
    );
  }
  if (value[0] !== VERSION || value.length !== length) return malformed(`${length} fields`);
  return ok(value.slice(1));
}

function malformed(expected: string): Result<never> {
  return fail(
    'malformed',
    `This is not an entry of a control log: expected ${expected}.`,
    'Nothing was changed. Ask the sender to update Commonplace.',
  );
}

function tooLarge(size: number): Result<never> {
  return fail(
    'too_large',
    `This change of the group has ${size} bytes; at most ${MAX_CONTROL_ENTRY_BYTES} are allowed.`,
    'Make it in several smaller changes.',
  );
}
