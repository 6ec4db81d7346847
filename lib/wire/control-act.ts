// The acts of the control log: what its entries do to a space. Keys and roles only, no names, since a relay reads them.
// Only their shape: whether an act is allowed is for lib/group to say.
import { MAX_BLOB_BYTES } from './blob.ts';
import { isBytes, isCount, type CborValue } from './cbor.ts';
import {
  approvalParts,
  ascend,
  deviceOf,
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
} from './control-parts.ts';
import { parseSealed, type SealedSecret } from './control-epoch.ts';

export const ROLES = ['steward', 'editor', 'commenter', 'reader'] as const;
export type Role = (typeof ROLES)[number];

export const MAX_ACTS = 256;
export const MAX_DEVICES_OF_PERSON = 32;
const MAX_POINTS = 1024;
const MAX_APPROVALS = 64;

export interface Policy {
  /** Whether a steward looks at each request to join, or an invite is enough. */
  readonly admit: 'by_hand' | 'by_invite';
  /** What a newcomer may read. */
  readonly history: 'full' | 'from_joining';
  /** How many editors or stewards must have approved a promotion. */
  readonly promotion: number;
}

/** The blob that a checkpoint is in. */
export interface CheckpointCarrier {
  /** 32 bytes: the blob's id, and its size in bytes. */
  readonly blob: Uint8Array;
  readonly size: number;
  /** The blob's key, sealed under a key of this epoch. */
  readonly epoch: number;
  readonly key: SealedSecret;
}

export type Act =
  | { readonly kind: 'add'; readonly role: Role; readonly devices: readonly Enrolment[] }
  | { readonly kind: 'add_device'; readonly device: Enrolment }
  | { readonly kind: 'revoke_device'; readonly frontier: LogPoint }
  | { readonly kind: 'remove'; readonly person: Uint8Array; readonly frontiers: LogPoints }
  | {
      readonly kind: 'leave';
      readonly person: Uint8Array;
      readonly frontiers: LogPoints;
      /** The device of theirs that says so, and its signature. */
      readonly said: Approval;
    }
  | { readonly kind: 'extend_frontier'; readonly frontier: LogPoint }
  | { readonly kind: 'role'; readonly person: Uint8Array; readonly role: Role }
  /** From now on this device votes for its person. */
  | { readonly kind: 'voter'; readonly device: Uint8Array }
  | { readonly kind: 'policy'; readonly policy: Policy }
  /** Of a forked log, the history through `keep` stays and `segment` ends at it. */
  | { readonly kind: 'fork_cut'; readonly segment: Uint8Array; readonly keep: LogPoint }
  /** `snapshot` is the hash of what `carrier` brings; heads are those of devices' logs with entries. */
  | {
      readonly kind: 'checkpoint';
      readonly snapshot: Uint8Array;
      readonly heads: LogPoints;
      readonly carrier: CheckpointCarrier;
    }
  | {
      readonly kind: 'promote';
      readonly promotion: Promotion;
      readonly approvals: readonly Approval[];
    };

export type ActKind = Act['kind'];

export function encodeAct(act: Act): CborValue {
  switch (act.kind) {
    case 'add':
      return [act.kind, act.role, act.devices.map(enrolmentParts)];
    case 'add_device':
      return [act.kind, enrolmentParts(act.device)];
    case 'revoke_device':
    case 'extend_frontier':
      return [act.kind, pointParts(act.frontier)];
    case 'remove':
      return [act.kind, act.person, act.frontiers.map(pointParts)];
    case 'leave':
      return [act.kind, act.person, act.frontiers.map(pointParts), approvalParts(act.said)];
    case 'role':
      return [act.kind, act.person, act.role];
    case 'voter':
      return [act.kind, act.device];
    case 'policy':
      return [act.kind, act.policy.admit, act.policy.history, act.policy.promotion];
    case 'fork_cut':
      return [act.kind, act.segment, pointParts(act.keep)];
    case 'checkpoint':
      return [act.kind, act.snapshot, act.heads.map(pointParts), carrierParts(act.carrier)];
    case 'promote':
      return [act.kind, promotionParts(act.promotion), act.approvals.map(approvalParts)];
  }
}

/** The act that these decoded parts are, or null. Lists by device are in ascending order, each device once. */
export function parseAct(parts: unknown): Act | null {
  if (!Array.isArray(parts)) return null;
  const [kind, ...fields]: unknown[] = parts;
  const parser = typeof kind === 'string' && isActKind(kind) ? PARSERS[kind] : null;
  return parser === null || fields.length !== parser.fields ? null : parser.parse(fields);
}

export function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value);
}

interface Parser {
  readonly fields: number;
  readonly parse: (fields: readonly unknown[]) => Act | null;
}

const PARSERS: Readonly<Record<ActKind, Parser>> = {
  add: {
    fields: 2,
    parse: ([role, list]) => {
      const devices = parseList(list, MAX_DEVICES_OF_PERSON, parseEnrolment);
      if (!isRole(role) || devices === null || devices.length === 0) return null;
      return { kind: 'add', role, devices };
    },
  },
  add_device: { fields: 1, parse: ([part]) => withDevice(parseEnrolment(part)) },
  revoke_device: { fields: 1, parse: ([part]) => withFrontier('revoke_device', part) },
  extend_frontier: { fields: 1, parse: ([part]) => withFrontier('extend_frontier', part) },
  remove: {
    fields: 2,
    parse: ([person, list]) => {
      const frontiers = parsePoints(list, MAX_DEVICES_OF_PERSON);
      return isBytes(person, 32) && frontiers ? { kind: 'remove', person, frontiers } : null;
    },
  },
  leave: {
    fields: 3,
    parse: ([person, list, part]) => {
      const frontiers = parsePoints(list, MAX_DEVICES_OF_PERSON);
      const said = parseApproval(part);
      if (!isBytes(person, 32) || frontiers === null || said === null) return null;
      return { kind: 'leave', person, frontiers, said };
    },
  },
  role: {
    fields: 2,
    parse: ([person, role]) =>
      isBytes(person, 32) && isRole(role) ? { kind: 'role', person, role } : null,
  },
  voter: {
    fields: 1,
    parse: ([device]) => (isBytes(device, 32) ? { kind: 'voter', device } : null),
  },
  policy: { fields: 3, parse: parsePolicy },
  fork_cut: {
    fields: 2,
    parse: ([segment, part]) => {
      const keep = parsePoint(part);
      return isBytes(segment, 16) && keep ? { kind: 'fork_cut', segment, keep } : null;
    },
  },
  checkpoint: {
    fields: 3,
    parse: ([snapshot, list, part]) => {
      const heads = parsePoints(list, MAX_POINTS);
      const carrier = parseCarrier(part);
      if (!isBytes(snapshot, 32) || heads === null || carrier === null) return null;
      return { kind: 'checkpoint', snapshot, heads, carrier };
    },
  },
  promote: {
    fields: 2,
    parse: ([part, list]) => {
      const promotion = parsePromotion(part);
      const approvals = parseList(list, MAX_APPROVALS, parseApproval);
      if (promotion === null || approvals === null || !ascend(approvals.map(deviceOf))) return null;
      return { kind: 'promote', promotion, approvals };
    },
  },
};

function isActKind(text: string): text is ActKind {
  return Object.hasOwn(PARSERS, text);
}

function withDevice(device: Enrolment | null): Act | null {
  return device === null ? null : { kind: 'add_device', device };
}

function withFrontier(kind: 'revoke_device' | 'extend_frontier', part: unknown): Act | null {
  const frontier = parsePoint(part);
  return frontier === null ? null : { kind, frontier };
}

function parsePolicy([admit, history, promotion]: readonly unknown[]): Act | null {
  if (admit !== 'by_hand' && admit !== 'by_invite') return null;
  if (history !== 'full' && history !== 'from_joining') return null;
  if (!isCount(promotion, MAX_APPROVALS)) return null;
  return { kind: 'policy', policy: { admit, history, promotion } };
}

function carrierParts({ blob, size, epoch, key }: CheckpointCarrier): CborValue {
  return [blob, size, epoch, [key.nonce, key.ciphertext]];
}

function parseCarrier(part: unknown): CheckpointCarrier | null {
  if (!Array.isArray(part) || part.length !== 4) return null;
  const [blob, size, epoch, sealed]: unknown[] = part;
  const key = parseSealed(sealed);
  if (!isBytes(blob, 32) || !isCount(size, MAX_BLOB_BYTES) || !isCount(epoch)) return null;
  return key === null ? null : { blob, size, epoch, key };
}
