// What a member says in a space when they leave it for good, and whose word of that kind still waits to be acted on.
import { devicesOf, type ControlState, type KeyId } from '../group/control-state.ts';
import type { ControlLog } from '../group/control-log.ts';
import { didSayLeave } from '../group/statements.ts';
import type { OpenedEntry } from '../space/opened-entry.ts';
import { fromHex, toHex } from '../wire/bytes.ts';
import type { CborValue } from '../wire/cbor.ts';
import { MAX_DEVICES_OF_PERSON, type Act } from '../wire/control-act.ts';
import {
  approvalParts,
  parseApproval,
  parsePoints,
  pointParts,
  type Approval,
  type LogPoints,
} from '../wire/control-parts.ts';

/** In a shared space, by a member: they leave, with all of their devices. */
export const LEAVE = 'leave';

export type LeaveAct = Extract<Act, { readonly kind: 'leave' }>;

export interface LeaveWords {
  /** One for each of the person's devices, ascending. */
  readonly frontiers: LogPoints;
  readonly said: Approval;
}

export function leaveWords({ frontiers, said }: LeaveWords): CborValue {
  return { frontiers: frontiers.map(pointParts), said: approvalParts(said) };
}

/** Null for anything else, and for words that are not by the device that they name. The signature is checked later. */
export function leaveIn({ author, body }: OpenedEntry): LeaveWords | null {
  if (body.kind !== 'event' || body.event !== LEAVE) return null;
  const payload: unknown = body.payload;
  if (typeof payload !== 'object' || payload === null) return null;
  const fields: Readonly<Record<string, unknown>> = { ...payload };
  const frontiers = parsePoints(fields['frontiers'], MAX_DEVICES_OF_PERSON);
  const said = parseApproval(fields['said']);
  if (frontiers === null || said === null || toHex(said.device) !== author) return null;
  return { frontiers, said };
}

/** Of everyone who is in and said that they leave, the act that follows: of the newest word that fits their devices. */
export async function leavesDue(
  state: ControlState,
  entries: readonly OpenedEntry[],
): Promise<ReadonlyMap<KeyId, LeaveAct>> {
  const due = new Map<KeyId, LeaveAct>();
  for (const entry of entries) {
    const words = leaveIn(entry);
    const person = state.devices.get(entry.author)?.person;
    if (words === null || person === undefined || !namesAll(state, person, words)) continue;
    if (!(await didSayLeave(words.said, state.space, words.frontiers))) continue;
    due.set(person, { kind: 'leave', person: fromHex(person) ?? new Uint8Array(), ...words });
  }
  return due;
}

/** A word about other devices than the person has now cannot be carried out. */
function namesAll(state: ControlState, person: KeyId, { frontiers }: LeaveWords): boolean {
  const held = devicesOf(state, person).map(({ key }) => toHex(key));
  return frontiers.map(({ device }) => toHex(device)).join() === held.join();
}

/** Devices (hex) by which people said that they leave, and are out: that word itself lies beyond the end it names. */
export function saidGoodbye(log: ControlLog): ReadonlySet<KeyId> {
  const devices = new Set<KeyId>();
  for (let at = log.controlAt(log.tip().head); at !== null; at = log.controlAt(at.entry.prev)) {
    for (const act of at.entry.acts) if (act.kind === 'leave') devices.add(toHex(act.said.device));
  }
  return devices;
}
