// The devices of a person: what the person's key has said about them, in any order. A revocation wins for ever.
import { compareBytes, toHex } from '../wire/bytes.ts';
import { decodeCbor, encodeCbor, isBytes, isCount } from '../wire/cbor.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { readCertificate, type DeviceCertificate } from './certificate.ts';
import { didOfKey } from './did-key.ts';
import type { Signer } from './signer.ts';
import { readStatement, signStatement } from './statement.ts';

/** The last entry of a device, in one space, that the person still stands behind. */
export interface FrontierMark {
  /** 32 bytes. */
  readonly space: Uint8Array;
  /** 0 with a hash of zeros: no entry at all. */
  readonly seq: number;
  /** 32 bytes: the name of that entry. */
  readonly hash: Uint8Array;
}

export interface DeviceRevocation {
  readonly person: string;
  readonly device: string;
  readonly personKey: Uint8Array;
  readonly deviceKey: Uint8Array;
  readonly revokedAt: number;
  /** One mark per space, sorted by space; a space that is not named is left to its stewards. */
  readonly frontier: readonly FrontierMark[];
}

export type DeviceStatement =
  | ({ readonly kind: 'certify' } & DeviceCertificate)
  | ({ readonly kind: 'revoke' } & DeviceRevocation);

export interface PersonDevices {
  readonly person: string;
  /** Sorted by did; each with the first certificate it was given. */
  readonly current: readonly DeviceCertificate[];
  /** Sorted by did; never current again, whatever is signed later. */
  readonly revoked: readonly DeviceRevocation[];
}

export const MAX_FRONTIER_MARKS = 512;
export const MAX_DEVICE_STATEMENTS = 256;
const MAX_STATEMENT_BYTES = 64 * 1024;
const MAX_LIST_BYTES = 512 * 1024;
const REVOCATION = { maxBytes: MAX_STATEMENT_BYTES, extraParts: 1 };

/** The encoded revocation, signed by the person. Throws on marks that are not one per space. */
export function revokeDevice(
  person: Signer,
  deviceKey: Uint8Array,
  revokedAt: number,
  frontier: readonly FrontierMark[] = [],
): Promise<Uint8Array> {
  const marks = frontier.toSorted((a, b) => compareBytes(a.space, b.space)).map(markParts);
  if (parseFrontier(marks) === null) throw new Error('expected one well-formed mark per space');
  return signStatement('device-revocation', person, [deviceKey, revokedAt, marks]);
}

/** Decodes and verifies. Failures as of `readStatement`. */
export async function readRevocation(bytes: Uint8Array): Promise<Result<DeviceRevocation>> {
  const read = await readStatement('device-revocation', bytes, REVOCATION);
  if (!read.ok) return read;
  const { issuer: personKey, subject: deviceKey, at: revokedAt, extra } = read.value;
  const frontier = parseFrontier(extra[0]);
  if (frontier === null) return malformed();
  const names = { person: didOfKey(personKey), device: didOfKey(deviceKey) };
  return ok({ ...names, personKey, deviceKey, revokedAt, frontier });
}

/** Either kind of statement about a device. Failures as of `readStatement`. */
export async function readDeviceStatement(bytes: Uint8Array): Promise<Result<DeviceStatement>> {
  const revocation = await readRevocation(bytes);
  if (revocation.ok) return ok({ kind: 'revoke', ...revocation.value });
  if (revocation.failure.code !== 'malformed') return revocation;
  const certificate = await readCertificate(bytes);
  return certificate.ok ? ok({ kind: 'certify', ...certificate.value }) : certificate;
}

/**
 * The devices that the statements give `person`. The order of the statements and how often each comes do not matter;
 * those of other persons do not count.
 */
export function devicesOf(person: string, statements: Iterable<DeviceStatement>): PersonDevices {
  const current = new Map<string, DeviceCertificate>();
  const revoked = new Map<string, DeviceRevocation>();
  for (const statement of statements) {
    if (statement.person !== person) continue;
    if (statement.kind === 'certify') keepFirst(current, statement);
    else keepRevoked(revoked, statement);
  }
  for (const device of revoked.keys()) current.delete(device);
  return { person, current: sorted(current), revoked: sorted(revoked) };
}

export interface ReadDevices {
  readonly devices: PersonDevices;
  /** What `person` did sign, to be kept and passed on. */
  readonly held: readonly Uint8Array[];
}

/**
 * Verifies what came from outside and folds what holds; the rest is ignored. None is left out for being one of many, or
 * a sender could bury a revocation: whoever takes statements in bounds how many it takes at once.
 */
export async function readDevices(
  person: string,
  statements: readonly Uint8Array[],
): Promise<ReadDevices> {
  const found: DeviceStatement[] = [];
  const held: Uint8Array[] = [];
  for (const bytes of statements) {
    const read = await readDeviceStatement(bytes);
    if (!read.ok || read.value.person !== person) continue;
    found.push(read.value);
    held.push(bytes);
  }
  return { devices: devicesOf(person, found), held };
}

/** Statements as they travel together: each once, in the order of their bytes. */
export function encodeDeviceList(statements: readonly Uint8Array[]): Uint8Array {
  const inOrder = statements.toSorted(compareBytes);
  return encodeCbor(inOrder.filter((one, i) => toHex(one) !== toHex(inOrder[i - 1] ?? EMPTY)));
}

/** The statements of a list, none of them verified yet. Failures: `malformed`, `not_canonical`, `too_large`. */
export function decodeDeviceList(bytes: Uint8Array): Result<readonly Uint8Array[]> {
  const decoded = decodeCbor(bytes, MAX_LIST_BYTES);
  if (!decoded.ok) return decoded;
  const list: unknown = decoded.value;
  if (!Array.isArray(list) || list.length > MAX_DEVICE_STATEMENTS) return malformed();
  const statements = list.filter((one): one is Uint8Array => one instanceof Uint8Array);
  const isOrdered = statements.every((one, i) => compareBytes(statements[i - 1] ?? EMPTY, one) < 0);
  return statements.length === list.length && isOrdered ? ok(statements) : malformed();
}

const EMPTY = new Uint8Array();

function keepFirst(kept: Map<string, DeviceCertificate>, found: DeviceCertificate): void {
  const known = kept.get(found.device);
  if (known === undefined || found.issuedAt < known.issuedAt) kept.set(found.device, found);
}

/** Several revocations of one device: the earliest time, and in each space the least that any of them left standing. */
function keepRevoked(kept: Map<string, DeviceRevocation>, found: DeviceRevocation): void {
  const known = kept.get(found.device);
  if (known === undefined) return void kept.set(found.device, found);
  const revokedAt = Math.min(known.revokedAt, found.revokedAt);
  const frontier = leastMarks([...known.frontier, ...found.frontier]);
  kept.set(found.device, { ...known, revokedAt, frontier });
}

function leastMarks(marks: readonly FrontierMark[]): readonly FrontierMark[] {
  const inOrder = marks.toSorted(
    (a, b) => compareBytes(a.space, b.space) || a.seq - b.seq || compareBytes(a.hash, b.hash),
  );
  return inOrder.filter((mark, i) => {
    const before = inOrder[i - 1];
    return before === undefined || compareBytes(before.space, mark.space) !== 0;
  });
}

function sorted<T extends { readonly device: string }>(kept: ReadonlyMap<string, T>): T[] {
  return [...kept.values()].toSorted((a, b) => (a.device < b.device ? -1 : 1));
}

function markParts({ space, seq, hash }: FrontierMark) {
  return [space, seq, hash];
}

function parseFrontier(value: unknown): readonly FrontierMark[] | null {
  if (!Array.isArray(value) || value.length > MAX_FRONTIER_MARKS) return null;
  const marks = value.map(parseMark);
  const whole = marks.filter((mark) => mark !== null);
  const isOrdered = whole.every(
    (mark, i) => compareBytes(whole[i - 1]?.space ?? EMPTY, mark.space) < 0,
  );
  return whole.length === marks.length && isOrdered ? whole : null;
}

function parseMark(value: unknown): FrontierMark | null {
  if (!Array.isArray(value) || value.length !== 3) return null;
  const [space, seq, hash]: unknown[] = value;
  if (!isBytes(space, 32) || !isCount(seq) || !isBytes(hash, 32)) return null;
  const isNothing = hash.every((byte) => byte === 0);
  return (seq === 0) === isNothing ? { space, seq, hash } : null;
}

function malformed(): Result<never> {
  return fail(
    'malformed',
    'This is no list of what a person said about their devices.',
    'Update Commonplace on both sides.',
  );
}
