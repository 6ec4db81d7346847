// A checkpoint of a space: what its logs say up to certain heads, opened, with everything by which each entry can be made
// again and its author's signature be checked. A head part that the control log certifies names all others by their hash.
import { decodeCbor, encodeCbor, isBytes, isCount, type CborValue } from './cbor.ts';
import { MAX_SEALED_BYTES } from './entry.ts';
import { fail, ok, type Result } from './failure.ts';
import { compareBytes } from './bytes.ts';

export interface CheckpointLog {
  /** 32 bytes. */
  readonly author: Uint8Array;
  /** Entries of the author, from the first. */
  readonly count: number;
  /** 32 bytes: hash of the last of them. */
  readonly hash: Uint8Array;
}

export interface CheckpointHead {
  /** 32 bytes. */
  readonly space: Uint8Array;
  /** By ascending author; none without entries. */
  readonly logs: readonly CheckpointLog[];
  /** 32 bytes each: hashes of the parts, in their order. */
  readonly parts: readonly Uint8Array[];
}

/** One entry, without what follows from its place or is as in the row before. */
export interface CheckpointRow {
  readonly segment: Uint8Array | null;
  readonly control: Uint8Array | null;
  readonly seen: Uint8Array;
  readonly epoch: number | null;
  readonly commitment: Uint8Array | null;
  readonly nonce: Uint8Array;
  readonly bodyHash: Uint8Array;
  readonly bodySize: number;
  readonly signature: Uint8Array;
  /** The body as it was before it was sealed, or as it is sealed where it could not be opened. */
  readonly body: { readonly isOpen: boolean; readonly bytes: Uint8Array };
}

/** Consecutive entries of one author, whose first row leaves nothing out. */
export interface CheckpointPart {
  readonly author: Uint8Array;
  readonly from: number;
  readonly rows: readonly CheckpointRow[];
}

const VERSION = 1;
export const MAX_CHECKPOINT_LOGS = 1024;
export const MAX_PART_ROWS = 500;
/** A part may be larger only with a single row. */
export const TARGET_PART_BYTES = 512 * 1024;
export const MAX_PART_BYTES = TARGET_PART_BYTES + MAX_SEALED_BYTES + 64 * 1024;
const MAX_PARTS = 8_192;
const MAX_HEAD_BYTES = MAX_PARTS * 34 + MAX_CHECKPOINT_LOGS * 80 + 64;

export function encodeCheckpointHead({ space, logs, parts }: CheckpointHead): Uint8Array {
  const list = logs.map(({ author, count, hash }) => [author, count, hash]);
  return encodeCbor([VERSION, space, list, parts]);
}

/** Failures: `too_large`, `malformed`, `not_canonical`. */
export function decodeCheckpointHead(bytes: Uint8Array): Result<CheckpointHead> {
  const decoded = decodeCbor(bytes, MAX_HEAD_BYTES);
  if (!decoded.ok) return decoded;
  const [version, space, logList, partList, ...more] = listOf(decoded.value);
  const logs = itemsOf(logList, MAX_CHECKPOINT_LOGS, parseLog);
  const parts = itemsOf(partList, MAX_PARTS, (part) => (isBytes(part, 32) ? part : null));
  if (version !== VERSION || !isBytes(space, 32) || more.length > 0) return malformed();
  if (logs === null || parts === null) return malformed();
  const ascends = logs.every(
    ({ author }, i) => i === 0 || compareBytes(logs[i - 1]?.author ?? author, author) < 0,
  );
  return ascends ? ok({ space, logs, parts }) : malformed();
}

export function encodeCheckpointPart({ author, from, rows }: CheckpointPart): Uint8Array {
  return encodeCbor([author, from, rows.map(rowParts)]);
}

/** Failures: `too_large`, `malformed`, `not_canonical`. */
export function decodeCheckpointPart(bytes: Uint8Array): Result<CheckpointPart> {
  const decoded = decodeCbor(bytes, MAX_PART_BYTES);
  if (!decoded.ok) return decoded;
  const [author, from, list, ...more] = listOf(decoded.value);
  const rows = itemsOf(list, MAX_PART_ROWS, parseRow);
  if (!isBytes(author, 32) || !isCount(from) || from === 0 || more.length > 0) return malformed();
  const [first] = rows ?? [];
  if (rows === null || first === undefined) return malformed();
  const isWhole = first.segment && first.control && first.commitment && first.epoch !== null;
  return isWhole ? ok({ author, from, rows }) : malformed();
}

const LENGTH_BYTES = 4;

/** The parts one after another, each behind its length. */
export function joinCheckpoint(parts: readonly Uint8Array[]): Uint8Array {
  const total = parts.reduce((sum, part) => sum + LENGTH_BYTES + part.length, 0);
  const joined = new Uint8Array(total);
  const view = new DataView(joined.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length);
    joined.set(part, at + LENGTH_BYTES);
    at += LENGTH_BYTES + part.length;
  }
  return joined;
}

/** The head part first. Failure: `malformed`. */
export function splitCheckpoint(bytes: Uint8Array): Result<readonly Uint8Array[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + LENGTH_BYTES > bytes.length || parts.length > MAX_PARTS) return malformed();
    const length = view.getUint32(at);
    const end = at + LENGTH_BYTES + length;
    if (length === 0 || end > bytes.length) return malformed();
    parts.push(bytes.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  return parts.length === 0 ? malformed() : ok(parts);
}

function rowParts(row: CheckpointRow): CborValue {
  const { segment, control, seen, epoch, commitment, nonce, bodyHash, bodySize, signature } = row;
  const { isOpen, bytes } = row.body;
  const leading = [segment, control, seen, epoch, commitment, nonce, bodyHash, bodySize];
  return [...leading, signature, isOpen, bytes];
}

function parseRow(part: unknown): CheckpointRow | null {
  const [segment, control, seen, epoch, commitment, nonce, bodyHash, ...rest] = listOf(part);
  const [bodySize, signature, isOpen, bytes, ...more] = rest;
  if (segment !== null && !isBytes(segment, 16)) return null;
  if (control !== null && !isBytes(control, 32)) return null;
  if (commitment !== null && !isBytes(commitment, 32)) return null;
  if (epoch !== null && !isCount(epoch)) return null;
  if (!isBytes(seen, 32) || !isBytes(nonce, 12) || !isBytes(bodyHash, 32)) return null;
  if (!isCount(bodySize, MAX_SEALED_BYTES) || !isBytes(signature, 64)) return null;
  if (typeof isOpen !== 'boolean' || more.length > 0) return null;
  if (!(bytes instanceof Uint8Array) || bytes.length > MAX_SEALED_BYTES) return null;
  const body = { isOpen, bytes };
  return { segment, control, seen, epoch, commitment, nonce, bodyHash, bodySize, signature, body };
}

function parseLog(part: unknown): CheckpointLog | null {
  const [author, count, hash, ...more] = listOf(part);
  if (!isBytes(author, 32) || !isCount(count) || count === 0) return null;
  return isBytes(hash, 32) && more.length === 0 ? { author, count, hash } : null;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function itemsOf<T>(list: unknown, max: number, parse: (item: unknown) => T | null): T[] | null {
  if (!Array.isArray(list) || list.length > max) return null;
  const items: T[] = [];
  for (const item of list as unknown[]) {
    const parsed = parse(item);
    if (parsed === null) return null;
    items.push(parsed);
  }
  return items;
}

function malformed(): Result<never> {
  return fail(
    'malformed',
    'These bytes are no checkpoint of a space.',
    'It is not used; the space is read from its log instead.',
  );
}
