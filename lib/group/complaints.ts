// Complaints about keys: a member says which steward gave it a bad one. Others cannot open the wrap to see for
// themselves, so a complaint is a signed accusation, not a proof; people decide what to make of it.
import { hashOf } from '../identity/hash.ts';
import { verify } from '../identity/signature.ts';
import type { Signer } from '../identity/signer.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import {
  encodeComplaint,
  decodeComplaint,
  unsignedComplaint,
  type Complaint,
  type ComplaintReason,
  type SignedComplaint,
} from '../wire/complaint.ts';
import type { EpochPart } from '../wire/control-epoch.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { ReadControl } from './control-entry.ts';
import type { ControlLog } from './control-log.ts';

/** The encoded complaint of a device about the epoch that an entry brought. */
export async function complain(
  device: Signer,
  { entry, hash }: ReadControl,
  reason: ComplaintReason,
): Promise<Result<Uint8Array>> {
  if (entry.epoch === null) return unfounded();
  const complaint: Complaint = {
    space: entry.space,
    entry: hash,
    epoch: entry.epoch.number,
    steward: entry.proposer,
    device: device.publicKey,
    reason,
  };
  const signature = await device.sign(messageOf(complaint));
  return ok(encodeComplaint({ ...complaint, signature }));
}

/**
 * A complaint by a member about an entry of this log, against the steward who drafted it.
 * Failures: those of the decoder, `not_found` (the entry is not known here yet), `bad_signature` (not signed by whom it
 * names, not a member then, or about something that the entry did not do).
 */
export async function readComplaint(
  log: Pick<ControlLog, 'stateAt' | 'controlAt'>,
  bytes: Uint8Array,
): Promise<Result<SignedComplaint>> {
  const decoded = decodeComplaint(bytes);
  if (!decoded.ok) return decoded;
  const complaint = decoded.value;
  const control = log.controlAt(complaint.entry);
  const state = log.stateAt(complaint.entry);
  if (control === null || state === null) return unknownEntry();
  if (!state.devices.has(toHex(complaint.device)) || !fits(complaint, control)) return unfounded();
  const signed = await verify(complaint.device, messageOf(complaint), complaint.signature);
  return signed ? ok(complaint) : unfounded();
}

function fits(complaint: Complaint, { entry }: ReadControl): boolean {
  return (
    entry.epoch?.number === complaint.epoch &&
    isMeantFor(entry.epoch, complaint.device) &&
    equalBytes(entry.space, complaint.space) &&
    equalBytes(entry.proposer, complaint.steward)
  );
}

/** An MLS message is for every member. */
function isMeantFor(epoch: EpochPart, device: Uint8Array): boolean {
  return epoch.scheme === 'mls' || epoch.wraps.some((wrap) => equalBytes(wrap.device, device));
}

function messageOf({ space, entry, epoch, steward, device, reason }: Complaint): Uint8Array {
  const statement = { space, entry, epoch, steward, device, reason };
  return hashOf('key-complaint', unsignedComplaint(statement));
}

function unknownEntry(): Result<never> {
  return fail(
    'not_found',
    'A complaint is about a change of the group that has not arrived here yet.',
    'Look again after the next sync.',
  );
}

function unfounded(): Result<never> {
  return fail(
    'bad_signature',
    'A complaint about a key does not fit the change of the group that it names.',
    'Nothing was changed. Its sender is faulty or hostile.',
  );
}
