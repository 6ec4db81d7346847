// A member's signed word that the key it was given for an epoch is no good, and by whose hand.
import { decodeCbor, encodeCbor, isBytes, isCount } from './cbor.ts';
import { fail, ok, type Result } from './failure.ts';

/** What is wrong with the key: it does not open, it is not the one promised, or it does not open what lay before. */
export const COMPLAINT_REASONS = ['does_not_open', 'wrong_secret', 'wrong_previous'] as const;
export type ComplaintReason = (typeof COMPLAINT_REASONS)[number];

export interface Complaint {
  readonly space: Uint8Array;
  /** 32 bytes: hash of the control entry that carried the key. */
  readonly entry: Uint8Array;
  readonly epoch: number;
  /** The device that drafted that entry, so drew and sealed the key. */
  readonly steward: Uint8Array;
  /** The device that complains. */
  readonly device: Uint8Array;
  readonly reason: ComplaintReason;
}

export interface SignedComplaint extends Complaint {
  /** 64 bytes, by `device`, over the hash of `unsignedComplaint`. */
  readonly signature: Uint8Array;
}

const VERSION = 1;
const MAX_COMPLAINT_BYTES = 512;

export function unsignedComplaint(complaint: Complaint): Uint8Array {
  return encodeCbor(fieldsOf(complaint));
}

export function encodeComplaint(complaint: SignedComplaint): Uint8Array {
  return encodeCbor([...fieldsOf(complaint), complaint.signature]);
}

/** Failures: `too_large`, `malformed`, `not_canonical`. The signature is the reader's to verify. */
export function decodeComplaint(bytes: Uint8Array): Result<SignedComplaint> {
  const decoded = decodeCbor(bytes, MAX_COMPLAINT_BYTES);
  if (!decoded.ok) return decoded;
  const fields: unknown = decoded.value;
  if (!Array.isArray(fields) || fields.length !== 8 || fields[0] !== VERSION) return malformed();
  const [, space, entry, epoch, steward, device, reason, signature]: unknown[] = fields;
  if (!isBytes(space, 32) || !isBytes(entry, 32) || !isCount(epoch)) return malformed();
  if (!isBytes(steward, 32) || !isBytes(device, 32) || !isBytes(signature, 64)) return malformed();
  if (!isReason(reason)) return malformed();
  return ok({ space, entry, epoch, steward, device, reason, signature });
}

function fieldsOf({ space, entry, epoch, steward, device, reason }: Complaint) {
  return [VERSION, space, entry, epoch, steward, device, reason];
}

function isReason(value: unknown): value is ComplaintReason {
  return COMPLAINT_REASONS.some((reason) => reason === value);
}

function malformed(): Result<never> {
  return fail(
    'malformed',
    'This is not a complaint about a key.',
    'Nothing was changed. Ask the sender to update Commonplace.',
  );
}
