// What people and devices sign about a space outside of its logs, each under a hash domain of its own.
import { hashOf } from '../identity/hash.ts';
import { verify } from '../identity/signature.ts';
import type { Signer } from '../identity/signer.ts';
import { encodeCbor } from '../wire/cbor.ts';
import { ballotParts, type Ballot } from '../wire/control.ts';
import {
  pointParts,
  promotionParts,
  type Approval,
  type Enrolment,
  type LogPoints,
  type Promotion,
} from '../wire/control-parts.ts';

const VERSION = 1;

/** The name of a control entry. 32 bytes. */
export function controlHash(entryBytes: Uint8Array): Uint8Array {
  return hashOf('control-entry', entryBytes);
}

/** What a proposer signs, so that nobody can put an entry into another's mouth. */
export function draftMessage(entryHash: Uint8Array): Uint8Array {
  return hashOf('control-draft', encodeCbor([VERSION, entryHash]));
}

/** What a steward signs to vote for an entry in a ballot. */
export function voteMessage(entryHash: Uint8Array, ballot: number): Uint8Array {
  return hashOf('control-vote', encodeCbor([VERSION, entryHash, ballot]));
}

/** Which decision a pledge is about: the one that comes after `prev`. */
export interface Seat {
  readonly space: Uint8Array;
  readonly height: number;
  readonly prev: Uint8Array;
}

/** What a steward signs to give up every ballot below `ballot`. */
export function pledgeMessage(
  { space, height, prev }: Seat,
  ballot: number,
  voted: Ballot | null,
): Uint8Array {
  const parts = encodeCbor([VERSION, space, height, prev, ballot, ballotParts(voted)]);
  return hashOf('control-pledge', parts);
}

/** A device says that an X25519 key is its own, so that nobody can slip another under its name. */
export async function enrol(
  device: Signer,
  certificate: Uint8Array,
  wrapKey: Uint8Array,
  keyPackage: Uint8Array | null = null,
): Promise<Enrolment> {
  const signature = await device.sign(wrapKeyMessage(device.publicKey, wrapKey));
  return { certificate, wrapKey, signature, keyPackage };
}

export function isOwnWrapKey(device: Uint8Array, enrolment: Enrolment): Promise<boolean> {
  const { wrapKey, signature } = enrolment;
  return verify(device, wrapKeyMessage(device, wrapKey), signature);
}

/** A person says through one of their devices that they leave, and where their logs end. */
export async function sayLeave(
  device: Signer,
  space: Uint8Array,
  frontiers: LogPoints,
): Promise<Approval> {
  const signature = await device.sign(leaveMessage(space, frontiers));
  return { device: device.publicKey, signature };
}

export function didSayLeave(
  said: Approval,
  space: Uint8Array,
  frontiers: LogPoints,
): Promise<boolean> {
  return verify(said.device, leaveMessage(space, frontiers), said.signature);
}

/** What an approval is about: the promotion, and the one that it replaces, so that an old yes is no yes to going back. */
export interface PromotionQuestion {
  readonly space: Uint8Array;
  readonly promotion: Promotion;
  readonly replaced: Promotion | null;
}

/** A member approves that a branch's copy becomes the artifact. */
export async function approvePromotion(
  device: Signer,
  question: PromotionQuestion,
): Promise<Approval> {
  const signature = await device.sign(promotionMessage(question));
  return { device: device.publicKey, signature };
}

export function didApprove(approval: Approval, question: PromotionQuestion): Promise<boolean> {
  return verify(approval.device, promotionMessage(question), approval.signature);
}

function wrapKeyMessage(device: Uint8Array, wrapKey: Uint8Array): Uint8Array {
  return hashOf('device-wrap-key', encodeCbor([VERSION, device, wrapKey]));
}

function leaveMessage(space: Uint8Array, frontiers: LogPoints): Uint8Array {
  return hashOf('control-leave', encodeCbor([VERSION, space, frontiers.map(pointParts)]));
}

function promotionMessage({ space, promotion, replaced }: PromotionQuestion): Uint8Array {
  const before = replaced === null ? null : promotionParts(replaced);
  const parts = encodeCbor([VERSION, space, promotionParts(promotion), before]);
  return hashOf('control-promotion', parts);
}
