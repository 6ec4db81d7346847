// Decoders of the control log: entries with every kind of act, their certificates, and the parts of both.
import {
  encodeAct,
  parseAct,
  ROLES,
  type Act,
  type CheckpointCarrier,
} from '../../../lib/wire/control-act.ts';
import {
  encodeEpoch,
  parseEpoch,
  parseSealed,
  type EpochPart,
} from '../../../lib/wire/control-epoch.ts';
import {
  approvalParts,
  enrolmentParts,
  parseApproval,
  parseEnrolment,
  parseList,
  parsePoint,
  parsePoints,
  parsePromotion,
  pointParts,
  promotionParts,
  type Approval,
  type Enrolment,
  type LogPoint,
  type LogPoints,
  type Promotion,
} from '../../../lib/wire/control-parts.ts';
import {
  decodeCertified,
  decodeControlEntry,
  encodeCertified,
  encodeControlEntry,
} from '../../../lib/wire/control.ts';
import { compareBytes } from '../../../lib/wire/bytes.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import type { Random } from '../../simulation/random.ts';
import type { Decoder } from '../decoder.ts';
import { bytesDecoder, partDecoder } from './byte-decoder.ts';

export function controlDecoders(): Decoder[] {
  return [
    bytesDecoder('decodeControlEntry', controlEntry, decodeControlEntry, (entry) =>
      unwrap(encodeControlEntry(entry)),
    ),
    bytesDecoder('decodeCertified', certified, decodeCertified, encodeCertified),
    partDecoder('parseAct', (random) => random.pick(acts(random)), encodeAct, parseAct),
    partDecoder('parseEpoch', epoch, encodeEpoch, parseEpoch),
    partDecoder(
      'parseSealed',
      (random) => carrier(random).key,
      ({ nonce, ciphertext }) => [nonce, ciphertext],
      parseSealed,
    ),
    partDecoder('parsePromotion', promotion, promotionParts, parsePromotion),
    partDecoder('parseEnrolment', enrolment, enrolmentParts, parseEnrolment),
    partDecoder('parseApproval', approval, approvalParts, parseApproval),
    partDecoder('parsePoint', point, pointParts, parsePoint),
    partDecoder(
      'parsePoints',
      (random): LogPoints => inOrder(three(() => point(random))),
      (list) => list.map(pointParts),
      (list): LogPoints | null => parsePoints(list, 4),
    ),
    partDecoder(
      'parseList',
      (random) => three(() => approval(random)),
      (list) => list.map(approvalParts),
      (list) => parseList(list, 4, parseApproval),
    ),
  ];
}

export function controlEntry(random: Random): Uint8Array {
  const encoded = encodeControlEntry({
    space: random.bytes(32),
    height: 1 + random.int(50),
    prev: random.bytes(32),
    at: 1_700_000_000_000,
    proposer: random.bytes(32),
    acts: random.shuffled(acts(random)).slice(0, 1 + random.int(4)),
    epoch: random.chance(0.5) ? epoch(random) : null,
  });
  return unwrap(encoded);
}

export function certified(random: Random): Uint8Array {
  const vote = () => ({ certificate: random.bytes(140), signature: random.bytes(64) });
  const voted = () => (random.chance(0.5) ? { number: 3, hash: random.bytes(32) } : null);
  return encodeCertified({
    entryBytes: controlEntry(random),
    drafted: vote(),
    ballot: random.int(4),
    votes: three(vote),
    pledges: three(() => ({ ...vote(), voted: voted() })),
  });
}

function acts(random: Random): Act[] {
  const [person, frontier] = [random.bytes(32), point(random)];
  const frontiers = inOrder(three(() => point(random)));
  const role = random.pick(ROLES);
  const approvals = inOrder(three(() => approval(random)));
  return [
    { kind: 'add', role, devices: [enrolment(random)] },
    { kind: 'add_device', device: enrolment(random) },
    { kind: 'revoke_device', frontier },
    { kind: 'remove', person, frontiers },
    { kind: 'leave', person, frontiers, said: approval(random) },
    { kind: 'extend_frontier', frontier },
    { kind: 'role', person, role },
    { kind: 'voter', device: random.bytes(32) },
    { kind: 'policy', policy: { admit: 'by_hand', history: 'full', promotion: 2 } },
    { kind: 'fork_cut', segment: random.bytes(16), keep: frontier },
    { kind: 'checkpoint', snapshot: random.bytes(32), heads: frontiers, carrier: carrier(random) },
    { kind: 'promote', promotion: promotion(random), approvals },
  ];
}

function carrier(random: Random): CheckpointCarrier {
  const key = { nonce: random.bytes(12), ciphertext: random.bytes(48) };
  return { blob: random.bytes(32), size: random.int(1_000_000), epoch: random.int(3), key };
}

function epoch(random: Random): EpochPart {
  const wrap = () => ({
    device: random.bytes(32),
    enc: random.bytes(32),
    ciphertext: random.bytes(48),
  });
  const any = {
    number: random.int(20),
    commitment: random.bytes(32),
    access: random.bytes(32),
    previous: random.chance(0.5) ? { nonce: random.bytes(12), ciphertext: random.bytes(48) } : null,
  };
  const message = () => (random.chance(0.5) ? random.bytes(300) : null);
  return random.chance(0.5)
    ? { ...any, scheme: 'wrap', wraps: inOrder(three(wrap)) }
    : { ...any, scheme: 'mls', commit: message(), welcome: message() };
}

function point(random: Random): LogPoint {
  const seq = random.int(4);
  return { device: random.bytes(32), seq, hash: seq === 0 ? null : random.bytes(32) };
}

function enrolment(random: Random): Enrolment {
  const keys = { wrapKey: random.bytes(32), signature: random.bytes(64) };
  const keyPackage = random.chance(0.5) ? random.bytes(400) : null;
  return { certificate: random.bytes(140), ...keys, keyPackage };
}

function approval(random: Random): Approval {
  return { device: random.bytes(32), signature: random.bytes(64) };
}

function promotion(random: Random): Promotion {
  const heads = three(() => random.bytes(32)).toSorted(compareBytes);
  return { branch: 'draft_1', artifact: 'plan', heads };
}

function three<T>(make: () => T): T[] {
  return Array.from({ length: 3 }, make);
}

function inOrder<T extends { readonly device: Uint8Array }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => compareBytes(a.device, b.device));
}
