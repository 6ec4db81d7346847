// What is said in a lobby: a newcomer asks to be let in, a steward answers with the control log that lets them in.
import type { OpenedEntry } from '../space/opened-entry.ts';
import { equalBytes, fromHex } from '../wire/bytes.ts';
import { isBytes, type CborValue } from '../wire/cbor.ts';
import type { Enrolment } from '../wire/control-parts.ts';
import { isDeviceCertificate, isKeyPackage } from '../wire/control-parts.ts';
import { hashOf } from '../identity/hash.ts';

export const ASK = 'join_request';
export const ADMITTED = 'admitted';
export const DECLINED = 'declined';
/** Said in the space itself, by a steward: through which lobby newcomers ask. The newest counts. */
export const LOBBY = 'lobby';

const MAX_NAME_CHARS = 80;
/** Leaves room for the entry around it. */
const MAX_ANSWER_BYTES = 160 * 1024;

export interface JoinRequest {
  /** Public key of the device that asks, hex; also the request's id. */
  readonly device: string;
  readonly name: string;
  readonly enrolment: Enrolment;
}

export function askWords(enrolment: Enrolment, name: string): CborValue {
  const { certificate, wrapKey, signature, keyPackage } = enrolment;
  const keys = { certificate, wrapKey, signature, keyPackage };
  return { ...keys, name: name.slice(0, MAX_NAME_CHARS) };
}

/** The request in an entry of a lobby, or null. Whether its keys are what they say is checked when it is admitted. */
export function requestIn({ author, body }: OpenedEntry): JoinRequest | null {
  if (body.kind !== 'event' || body.event !== ASK) return null;
  const { certificate, wrapKey, signature, keyPackage, name } = fieldsOf(body.payload);
  if (!isDeviceCertificate(certificate) || !isBytes(wrapKey, 32) || !isBytes(signature, 64)) {
    return null;
  }
  if (!isKeyPackage(keyPackage)) return null;
  if (typeof name !== 'string' || name.trim() === '' || name.length > MAX_NAME_CHARS) return null;
  return { device: author, name, enrolment: { certificate, wrapKey, signature, keyPackage } };
}

/** The control log in as many answers as it needs. */
export function admittedWords(device: string, control: readonly Uint8Array[]): CborValue[] {
  const key = fromHex(device) ?? new Uint8Array();
  const answers: Uint8Array[][] = [[]];
  let bytes = 0;
  for (const entry of control) {
    if (bytes > 0 && bytes + entry.length > MAX_ANSWER_BYTES) {
      answers.push([]);
      bytes = 0;
    }
    answers.at(-1)?.push(entry);
    bytes += entry.length;
  }
  return answers.map((entries) => ({ device: key, control: entries }));
}

/** Entries of the control log in an answer that is meant for this device, or null. */
export function admissionIn({ body }: OpenedEntry, device: Uint8Array): Uint8Array[] | null {
  if (body.kind !== 'event' || body.event !== ADMITTED) return null;
  const { device: to, control } = fieldsOf(body.payload);
  if (!(to instanceof Uint8Array) || !equalBytes(to, device) || !Array.isArray(control))
    return null;
  return control.filter((entry): entry is Uint8Array => entry instanceof Uint8Array);
}

/** The way into a lobby, as members hand it on in invites. */
export interface LobbyKey {
  readonly genesis: Uint8Array;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

export function lobbyWords({ genesis, secret }: LobbyKey): CborValue {
  return { genesis, secret };
}

export function lobbyIn({ body }: OpenedEntry): LobbyKey | null {
  if (body.kind !== 'event' || body.event !== LOBBY) return null;
  const { genesis, secret } = fieldsOf(body.payload);
  return genesis instanceof Uint8Array && isBytes(secret, 32) ? { genesis, secret } : null;
}

export function declinedWords(device: string): CborValue {
  return { device: fromHex(device) ?? new Uint8Array() };
}

export function isDeclined({ body }: OpenedEntry, device: Uint8Array): boolean {
  if (body.kind !== 'event' || body.event !== DECLINED) return false;
  const { device: to } = fieldsOf(body.payload);
  return to instanceof Uint8Array && equalBytes(to, device);
}

/**
 * Six digits that the two people see and can read to each other. They tell mistakes and bystanders from the one who is
 * meant; whoever has the link can search for a key with the same digits, so they do not stop a determined impostor.
 */
export function comparingCode(lobby: string, spaceId: string, asking: Uint8Array): string {
  const [from, to] = [fromHex(lobby), fromHex(spaceId)];
  const hash = hashOf('join-code', from ?? new Uint8Array(), to ?? new Uint8Array(), asking);
  const number = ((hash[0] ?? 0) << 16) | ((hash[1] ?? 0) << 8) | (hash[2] ?? 0);
  return String(number % 1_000_000)
    .padStart(6, '0')
    .replace(/(\d\d)(?=\d)/g, '$1 ');
}

function fieldsOf(payload: unknown): Readonly<Record<string, unknown>> {
  return typeof payload === 'object' && payload !== null ? { ...payload } : {};
}
