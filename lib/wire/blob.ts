// What a blob is: bytes too large for an entry, cut into sealed chunks. Its manifest names the chunks by hash, its id is
// the hash of the manifest, and a reference, which only sealed entries carry, holds the key.
import { decodeCbor, encodeCbor, isBytes, isCount, type CborValue } from './cbor.ts';
import { fail, ok, type Result } from './failure.ts';

/** Bytes of content in every chunk but the last. */
export const BLOB_CHUNK_BYTES = 128 * 1024;
/** What sealing adds to each chunk: the tag of AES-GCM. */
export const CHUNK_SEAL_BYTES = 16;
export const MAX_BLOB_BYTES = 100 * 1024 * 1024;
export const MAX_BLOB_CHUNKS = MAX_BLOB_BYTES / BLOB_CHUNK_BYTES;
export const MAX_MANIFEST_BYTES = MAX_BLOB_CHUNKS * 34 + 64;
const MAX_MEDIA_TYPE_CHARS = 100;
export const MAX_BLOB_NAME_CHARS = 255;

/** All that a relay learns of a blob, and enough for it to check every chunk without a key. */
export interface BlobManifest {
  /** Of the content, in bytes. */
  readonly size: number;
  /** 32 bytes: what commits to the key, since AES-GCM does not. */
  readonly commitment: Uint8Array;
  /** 32 bytes each: hashes of the sealed chunks, in order. */
  readonly hashes: readonly Uint8Array[];
}

/** How an entry names a blob. Whoever can read the entry can open the blob, and nobody else can. */
export interface BlobRef {
  readonly kind: 'blob';
  /** 32 bytes: hash of the manifest. */
  readonly id: Uint8Array;
  /** 32 bytes, drawn for this blob alone. */
  readonly key: Uint8Array;
  /** In bytes. */
  readonly size: number;
  readonly mediaType: string;
  readonly name?: string;
}

const VERSION = 1;

/** An empty blob has one empty chunk. */
export function chunkCount(size: number): number {
  return Math.max(1, Math.ceil(size / BLOB_CHUNK_BYTES));
}

/** Length of a sealed chunk, in bytes. */
export function sealedChunkBytes(size: number, index: number): number {
  return Math.min(BLOB_CHUNK_BYTES, size - index * BLOB_CHUNK_BYTES) + CHUNK_SEAL_BYTES;
}

/** Length of all sealed chunks together, in bytes. */
export function sealedBlobBytes(size: number): number {
  return size + chunkCount(size) * CHUNK_SEAL_BYTES;
}

export function encodeManifest({ size, commitment, hashes }: BlobManifest): Uint8Array {
  return encodeCbor([VERSION, size, commitment, hashes]);
}

/** Failures: `too_large`, `malformed`, `not_canonical`. */
export function decodeManifest(bytes: Uint8Array): Result<BlobManifest> {
  const decoded = decodeCbor(bytes, MAX_MANIFEST_BYTES);
  if (!decoded.ok) return decoded;
  const parts: unknown = decoded.value;
  if (!Array.isArray(parts) || parts.length !== 4) return malformed();
  const [version, size, commitment, hashes]: unknown[] = parts;
  if (version !== VERSION || !isCount(size, MAX_BLOB_BYTES)) return malformed();
  if (!isBytes(commitment, 32) || !Array.isArray(hashes)) return malformed();
  const list = hashes.filter((hash: unknown): hash is Uint8Array => isBytes(hash, 32));
  if (list.length !== hashes.length || list.length !== chunkCount(size)) return malformed();
  return ok({ size, commitment, hashes: list });
}

/** A reference as a part of an entry's payload. */
export function blobRefPart(ref: BlobRef): CborValue {
  const { kind, id, key, size, mediaType, name } = ref;
  return { kind, id, key, size, mediaType, name };
}

/** The reference in a part of a decoded payload; null for anything else. */
export function readBlobRef(part: unknown): BlobRef | null {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return null;
  const { kind, id, key, size, mediaType, name, ...rest } = part as Record<string, unknown>;
  if (kind !== 'blob' || Object.keys(rest).length > 0) return null;
  if (!isBytes(id, 32) || !isBytes(key, 32) || !isCount(size, MAX_BLOB_BYTES)) return null;
  if (!isText(mediaType, MAX_MEDIA_TYPE_CHARS)) return null;
  if (name === undefined) return { kind, id, key, size, mediaType };
  return isText(name, MAX_BLOB_NAME_CHARS) ? { kind, id, key, size, mediaType, name } : null;
}

function isText(value: unknown, maxChars: number): value is string {
  return typeof value === 'string' && value.length <= maxChars;
}

function malformed(): Result<never> {
  return fail(
    'malformed',
    'This is not the manifest of a blob.',
    'Nothing was changed. Make sure that both sides run a current version of Commonplace.',
  );
}
