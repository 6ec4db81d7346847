// Decoders of what stewards say to each other while they decide.
import {
  decodeBallotMessage,
  encodeBallotMessage,
  type BallotMessage,
} from '../../../lib/wire/ballot.ts';
import {
  parsePledge,
  parseProposal,
  parseVote,
  pledgeParts,
  proposalParts,
  voteParts,
  type Pledge,
  type Proposal,
  type Vote,
} from '../../../lib/wire/control.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import type { Random } from '../../simulation/random.ts';
import type { Decoder } from '../decoder.ts';
import { bytesDecoder, partDecoder } from './byte-decoder.ts';
import { controlEntry } from './control.ts';

export function ballotDecoders(): Decoder[] {
  return [
    bytesDecoder(
      'decodeBallotMessage',
      (random) => unwrap(encodeBallotMessage(random.pick(messages(random)))),
      decodeBallotMessage,
      (message) => unwrap(encodeBallotMessage(message)),
    ),
    partDecoder('parseVote', vote, voteParts, parseVote),
    partDecoder('parsePledge', pledge, pledgeParts, parsePledge),
    partDecoder('parseProposal', proposal, proposalParts, parseProposal),
  ];
}

function messages(random: Random): BallotMessage[] {
  const motion = random.bytes(32);
  const ballot = random.int(9);
  const place = { height: 1 + random.int(50), prev: random.bytes(32), ballot };
  const pledges = [pledge(random), pledge(random)];
  const voted = () => ({ entryBytes: controlEntry(random), vote: vote(random) });
  const told = random.chance(0.5) ? proposal(random) : null;
  return [
    { kind: 'draft', proposal: proposal(random) },
    { kind: 'answer', motion, yes: random.chance(0.5) },
    { kind: 'withdraw', motion },
    { kind: 'ask', ...place },
    { kind: 'pledge', ...place, pledge: pledge(random), proposal: told },
    { kind: 'call', ballot, proposal: proposal(random), pledges, vote: vote(random) },
    { kind: 'vote', ...place, hash: random.bytes(32), vote: vote(random) },
    { kind: 'double_vote', ballot, first: voted(), second: voted() },
  ];
}

function vote(random: Random): Vote {
  return { certificate: random.bytes(140), signature: random.bytes(64) };
}

function pledge(random: Random): Pledge {
  const voted = random.chance(0.5) ? { number: random.int(5), hash: random.bytes(32) } : null;
  return { ...vote(random), voted };
}

function proposal(random: Random): Proposal {
  return { entryBytes: controlEntry(random), drafted: vote(random) };
}
