// The form of a log entry on the wire and in storage. Only its shape: hashes, signatures and keys are lib/log's.
import { encodeCbor, decodeCbor, isBytes, isCount, type CborValue } from './cbor.ts';
import { fail, ok, type Result } from './failure.ts';

/** A sealed body larger than this must become a blob. */
export const MAX_SEALED_BYTES = 256 * 1024;
export const MAX_HEADER_BYTES = 512;
export const MAX_ENTRY_BYTES = MAX_SEALED_BYTES + MAX_HEADER_BYTES + 128;

/** Bytes that AES-GCM adds to a plaintext. */
export const SEAL_OVERHEAD_BYTES = 16;

const ENTRY_VERSION = 1;

export interface EntryHeader {
  /** 32 bytes: the hash of the space's genesis. */
  readonly space: Uint8Array;
  /** 32 bytes: the author device's Ed25519 public key. */
  readonly author: Uint8Array;
  /** 16 random bytes drawn when the author opened this segment of its log. */
  readonly segment: Uint8Array;
  /** 1 for the author's first entry in the space, then one more each time, across segments. */
  readonly seq: number;
  /** Hash of the author's previous entry; null only at seq 1. */
  readonly prev: Uint8Array | null;
  /** 32 bytes: hash of the control head that the author had seen; the genesis hash at height 0. */
  readonly control: Uint8Array;
  /** 32 bytes: digest of the heads of the other authors that this author knew. */
  readonly seen: Uint8Array;
  readonly epoch: number;
  /** 32 bytes: commitment to the key that seals the body. */
  readonly commitment: Uint8Array;
  /** 12 random bytes. */
  readonly nonce: Uint8Array;
  /** 32 bytes: hash of the sealed body. */
  readonly bodyHash: Uint8Array;
  /** Length of the sealed body in bytes. */
  readonly bodySize: number;
}

/** An entry whose form is right and whose hashes and signature are not yet checked. */
export interface RawEntry {
  readonly header: EntryHeader;
  readonly headerBytes: Uint8Array;
  readonly body: Uint8Array;
  /** 64 bytes: Ed25519 over the domain-separated hash of `headerBytes`. */
  readonly signature: Uint8Array;
}

/** The header without the two fields that depend on the sealed body: the associated data of the seal. */
export function encodeAssociatedData(
  header: Omit<EntryHeader, 'bodyHash' | 'bodySize'>,
): Uint8Array {
  return encodeCbor(leadingFields(header));
}

export function encodeHeader(header: EntryHeader): Uint8Array {
  return encodeCbor([...leadingFields(header), header.bodyHash, header.bodySize]);
}

export function encodeEntry(entry: Omit<RawEntry, 'header'>): Uint8Array {
  return encodeCbor([entry.headerBytes, entry.body, entry.signature]);
}

/** Failures: `too_large`, `malformed`, `not_canonical`, `unsupported_version`. */
export function decodeEntry(bytes: Uint8Array): Result<RawEntry> {
  const decoded = decodeCbor(bytes, MAX_ENTRY_BYTES);
  if (!decoded.ok) return decoded;
  const parts = decoded.value;
  if (!Array.isArray(parts) || parts.length !== 3) return malformed('three parts');
  const [headerBytes, body, signature]: unknown[] = parts;
  if (!(headerBytes instanceof Uint8Array)) return malformed('header bytes');
  if (!(body instanceof Uint8Array) || body.length > MAX_SEALED_BYTES) {
    return malformed(`a sealed body of at most ${MAX_SEALED_BYTES} bytes`);
  }
  if (!isBytes(signature, 64)) return malformed('a signature of 64 bytes');
  const header = decodeHeader(headerBytes);
  if (!header.ok) return header;
  if (header.value.bodySize !== body.length)
    return malformed('a body of the size its header names');
  return ok({ header: header.value, headerBytes, body, signature });
}

export function decodeHeader(bytes: Uint8Array): Result<EntryHeader> {
  const decoded = decodeCbor(bytes, MAX_HEADER_BYTES);
  if (!decoded.ok) return decoded;
  const fields: unknown = decoded.value;
  if (!Array.isArray(fields)) return malformed('a header of 13 fields');
  if (fields[0] !== ENTRY_VERSION) {
    return fail(
      'unsupported_version',
      `Expected entry version ${ENTRY_VERSION}, got ${isCount(fields[0]) ? fields[0] : 'none'}.`,
      'Update Commonplace on both sides.',
    );
  }
  return parseFields(fields);
}

function leadingFields(header: Omit<EntryHeader, 'bodyHash' | 'bodySize'>): CborValue[] {
  return [
    ENTRY_VERSION,
    header.space,
    header.author,
    header.segment,
    header.seq,
    header.prev,
    header.control,
    header.seen,
    header.epoch,
    header.commitment,
    header.nonce,
  ];
}

function parseFields(fields: readonly unknown[]): Result<EntryHeader> {
  if (fields.length !== 13) return malformed('a header of 13 fields');
  const [, space, author, segment, seq, prev, control, seen, epoch, commitment, nonce] = fields;
  const [bodyHash, bodySize] = fields.slice(11);
  if (!isBytes(space, 32) || !isBytes(author, 32) || !isBytes(segment, 16)) {
    return malformed('space, author and segment');
  }
  if (!isCount(seq) || seq === 0) return malformed('a sequence number from 1');
  const link = prev === null || isBytes(prev, 32) ? prev : undefined;
  if (link === undefined || (link === null) !== (seq === 1)) {
    return malformed('a link to the previous entry, except at the first');
  }
  if (!isBytes(control, 32) || !isBytes(seen, 32) || !isBytes(commitment, 32)) {
    return malformed('control, seen and commitment');
  }
  if (!isCount(epoch) || !isBytes(nonce, 12)) return malformed('epoch and nonce');
  if (!isBytes(bodyHash, 32) || !isCount(bodySize, MAX_SEALED_BYTES)) {
    return malformed('the hash and size of the body');
  }
  return ok({
    space,
    author,
    segment,
    seq,
    prev: link,
    control,
    seen,
    epoch,
    commitment,
    nonce,
    bodyHash,
    bodySize,
  });
}

function malformed(expected: string): Result<never> {
  return fail(
    'malformed',
    `This is not a log entry: expected ${expected}.`,
    'Nothing was changed. Ask the sender to update Commonplace.',
  );
}
