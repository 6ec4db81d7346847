// What acts and statements of the control log are made of, and how each part is spelled in CBOR.
import { compareBytes } from './bytes.ts';
import { isBytes, isCount, type CborValue } from './cbor.ts';

const MAX_DOCUMENT_HEADS = 256;
const MAX_DEVICE_CERTIFICATE_BYTES = 512;
/** Ours have about 400. */
export const MAX_KEY_PACKAGE_BYTES = 1024;

/** A device that comes in: whose it is, and the key to which secrets are sealed for it. */
export interface Enrolment {
  /** Encoded device certificate, signed by the person. */
  readonly certificate: Uint8Array;
  /** 32 bytes: X25519. */
  readonly wrapKey: Uint8Array;
  /** 64 bytes: the device says that the wrap key is its own. */
  readonly signature: Uint8Array;
  /** MLSMessage with the device's KeyPackage (RFC 9420, section 10), for spaces with MLS keys; opaque here. */
  readonly keyPackage: Uint8Array | null;
}

/** A place in a device's log: everything up to it. Seq 0 and no hash: nothing. */
export interface LogPoint {
  readonly device: Uint8Array;
  readonly seq: number;
  readonly hash: Uint8Array | null;
}

export type LogPoints = readonly LogPoint[];

export interface Approval {
  readonly device: Uint8Array;
  readonly signature: Uint8Array;
}

export interface Promotion {
  readonly branch: string;
  readonly artifact: string;
  /** Automerge heads of the branch copy, 32 bytes each, ascending. */
  readonly heads: readonly Uint8Array[];
}

export function pointParts({ device, seq, hash }: LogPoint): CborValue {
  return [device, seq, hash];
}

export function promotionParts({ branch, artifact, heads }: Promotion): CborValue {
  return [branch, artifact, heads];
}

export function enrolmentParts(enrolment: Enrolment): CborValue {
  const { certificate, wrapKey, signature, keyPackage } = enrolment;
  return [certificate, wrapKey, signature, keyPackage];
}

export function approvalParts({ device, signature }: Approval): CborValue {
  return [device, signature];
}

const OBJECT_ID = /^[A-Za-z0-9_-]{1,64}$/;

export function parsePromotion(part: unknown): Promotion | null {
  if (!Array.isArray(part) || part.length !== 3) return null;
  const [branch, artifact, list]: unknown[] = part;
  if (typeof branch !== 'string' || !OBJECT_ID.test(branch)) return null;
  if (typeof artifact !== 'string' || !OBJECT_ID.test(artifact)) return null;
  const heads = parseList(list, MAX_DOCUMENT_HEADS, (head) => (isBytes(head, 32) ? head : null));
  if (heads === null || heads.length === 0 || !ascend(heads)) return null;
  return { branch, artifact, heads };
}

export function parseEnrolment(part: unknown): Enrolment | null {
  if (!Array.isArray(part) || part.length !== 4) return null;
  const [certificate, wrapKey, signature, keyPackage]: unknown[] = part;
  if (!isDeviceCertificate(certificate) || !isKeyPackage(keyPackage)) return null;
  if (!isBytes(wrapKey, 32) || !isBytes(signature, 64)) return null;
  return { certificate, wrapKey, signature, keyPackage };
}

export function isKeyPackage(value: unknown): value is Uint8Array | null {
  if (value === null) return true;
  return value instanceof Uint8Array && value.length > 0 && value.length <= MAX_KEY_PACKAGE_BYTES;
}

export function isDeviceCertificate(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length <= MAX_DEVICE_CERTIFICATE_BYTES;
}

export function parseApproval(part: unknown): Approval | null {
  if (!Array.isArray(part) || part.length !== 2) return null;
  const [device, signature]: unknown[] = part;
  return isBytes(device, 32) && isBytes(signature, 64) ? { device, signature } : null;
}

export function parsePoint(part: unknown): LogPoint | null {
  if (!Array.isArray(part) || part.length !== 3) return null;
  const [device, seq, hash]: unknown[] = part;
  if (!isBytes(device, 32) || !isCount(seq)) return null;
  if (hash !== null && !isBytes(hash, 32)) return null;
  return (hash === null) === (seq === 0) ? { device, seq, hash } : null;
}

export function parsePoints(list: unknown, max: number): LogPoints | null {
  const points = parseList(list, max, parsePoint);
  return points !== null && ascend(points.map(deviceOf)) ? points : null;
}

/** All the items, or null when one of them does not parse. */
export function parseList<T>(
  list: unknown,
  max: number,
  parse: (part: unknown) => T | null,
): T[] | null {
  if (!Array.isArray(list) || list.length > max) return null;
  const items: T[] = [];
  for (const part of list) {
    const item = parse(part);
    if (item === null) return null;
    items.push(item);
  }
  return items;
}

/** Whether byte strings stand in ascending order, none twice. */
export function ascend(keys: readonly Uint8Array[]): boolean {
  return keys.every((key, index) => {
    const before = keys[index - 1];
    return before === undefined || compareBytes(before, key) < 0;
  });
}

export function deviceOf({ device }: { readonly device: Uint8Array }): Uint8Array {
  return device;
}
