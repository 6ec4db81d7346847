// Who is behind the devices of a space, as their own announcements prove.
import { readCertificate } from '../identity/certificate.ts';
import { equalBytes, fromHex } from '../wire/bytes.ts';
import type { CborValue } from '../wire/cbor.ts';
import type { OpenedEntry } from './opened-entry.ts';

export const ANNOUNCE = 'announce';
export const MAX_PERSON_NAME_CHARS = 80;

export interface Member {
  /** did:key of the person. */
  readonly person: string;
  /** did:key of the device. */
  readonly device: string;
  readonly name: string;
  /** The author's clock at its first announcement. */
  readonly since: number;
}

export function announcement(certificate: Uint8Array, name: string): CborValue {
  return { certificate, name: name.slice(0, MAX_PERSON_NAME_CHARS) };
}

/** The member that an announce entry speaks of, or null when its certificate is not for its author's device. */
export async function memberOf(entry: OpenedEntry): Promise<Member | null> {
  if (entry.body.kind !== 'event' || entry.body.event !== ANNOUNCE) return null;
  const payload = entry.body.payload;
  if (!isAnnouncement(payload)) return null;
  const certificate = await readCertificate(payload.certificate);
  const author = fromHex(entry.author);
  if (!certificate.ok || author === null) return null;
  if (!equalBytes(certificate.value.deviceKey, author)) return null;
  const { person, device } = certificate.value;
  return {
    person,
    device,
    name: payload.name.slice(0, MAX_PERSON_NAME_CHARS),
    since: entry.body.at,
  };
}

function isAnnouncement(value: unknown): value is { certificate: Uint8Array; name: string } {
  if (typeof value !== 'object' || value === null) return false;
  const { certificate, name } = value as Record<string, unknown>;
  return certificate instanceof Uint8Array && typeof name === 'string' && name.trim() !== '';
}
