// What is said in a meeting of two devices: who shows the code, parts of sealed messages, and that a line is closed.
import type { OpenedEntry } from '../space/opened-entry.ts';
import { isBytes, isCount, type CborValue } from '../wire/cbor.ts';
import { MAX_PAIRING_BYTES } from '../wire/pairing-message.ts';

export const HERE = 'here';
export const PART = 'part';
export const OVER = 'over';

/** Leaves room for the entry around it. */
export const MAX_PART_BYTES = 160 * 1024;

export function hereWords(): CborValue {
  return {};
}

export function isHere({ body }: OpenedEntry): boolean {
  return body.kind === 'event' && body.event === HERE;
}

export interface PartWords {
  /** 32 bytes: the key under which the other takes part. */
  readonly to: Uint8Array;
  /** How much of the message is still to come, this part left out. */
  readonly bytesLeft: number;
  readonly bytes: Uint8Array;
}

export function partWords({ to, bytesLeft, bytes }: PartWords): CborValue {
  return { to, bytesLeft, bytes };
}

export function partIn(entry: OpenedEntry): PartWords | null {
  const fields = fieldsOf(entry, PART);
  if (fields === null) return null;
  const { to, bytesLeft, bytes } = fields;
  if (!isBytes(to, 32) || !isCount(bytesLeft, MAX_PAIRING_BYTES)) return null;
  return bytes instanceof Uint8Array ? { to, bytesLeft, bytes } : null;
}

export function overWords(to: Uint8Array): CborValue {
  return { to };
}

/** To whom a line was closed, or null. */
export function overIn(entry: OpenedEntry): Uint8Array | null {
  const to = fieldsOf(entry, OVER)?.['to'];
  return isBytes(to, 32) ? to : null;
}

function fieldsOf({ body }: OpenedEntry, event: string): Readonly<Record<string, unknown>> | null {
  if (body.kind !== 'event' || body.event !== event) return null;
  const payload: unknown = body.payload;
  return typeof payload === 'object' && payload !== null ? { ...payload } : null;
}
