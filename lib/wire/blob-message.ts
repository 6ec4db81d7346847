// The words of sync that move blobs: who has one whole offers it, who wants it asks for its chunks.
import { BLOB_CHUNK_BYTES, CHUNK_SEAL_BYTES, MAX_BLOB_CHUNKS, MAX_MANIFEST_BYTES } from './blob.ts';
import { isBytes, isCount, type CborValue } from './cbor.ts';
import { failureFrom, type Failure } from './failure.ts';

/** Chunks `from..to`, inclusive. */
export interface ChunkRange {
  readonly from: number;
  readonly to: number;
}

/** Ranges of one `blob_want`. */
export const MAX_CHUNK_RANGES = 16;

export type BlobMessage =
  /** The manifest of a blob of which the sender holds something: an answer to `blob_want`, or word to a relay. */
  | { readonly type: 'blob_offer'; readonly space: Uint8Array; readonly manifest: Uint8Array }
  /** Without ranges it asks for the manifest. */
  | {
      readonly type: 'blob_want';
      readonly space: Uint8Array;
      readonly blob: Uint8Array;
      readonly ranges: readonly ChunkRange[];
    }
  | {
      readonly type: 'blob_chunk';
      readonly space: Uint8Array;
      readonly blob: Uint8Array;
      readonly index: number;
      /** Sealed. */
      readonly bytes: Uint8Array;
    }
  /** The sender holds all of it, durably. */
  | { readonly type: 'blob_held'; readonly space: Uint8Array; readonly blob: Uint8Array }
  /** The sender does not give, or does not take it. */
  | {
      readonly type: 'blob_refuse';
      readonly space: Uint8Array;
      readonly blob: Uint8Array;
      readonly failure: Failure;
    }
  /** Who brought it to a relay needs it kept no longer. */
  | { readonly type: 'blob_forget'; readonly space: Uint8Array; readonly blob: Uint8Array };

export const BLOB_TYPES = [
  'blob_offer',
  'blob_want',
  'blob_chunk',
  'blob_held',
  'blob_refuse',
  'blob_forget',
] as const satisfies readonly BlobMessage['type'][];

export function isBlobMessage(message: { readonly type: string }): message is BlobMessage {
  return BLOB_TYPES.some((type) => type === message.type);
}

export function blobFields(message: BlobMessage): CborValue[] {
  const { space } = message;
  if (message.type === 'blob_offer') return [space, message.manifest];
  const { blob } = message;
  switch (message.type) {
    case 'blob_want':
      return [space, blob, message.ranges.map(({ from, to }) => [from, to])];
    case 'blob_chunk':
      return [space, blob, message.index, message.bytes];
    case 'blob_refuse': {
      const { code, message: words, remedy } = message.failure;
      return [space, blob, code, words, remedy];
    }
    default:
      return [space, blob];
  }
}

/** How many fields each has. */
export const BLOB_FIELDS: Readonly<Record<BlobMessage['type'], number>> = {
  blob_offer: 2,
  blob_want: 3,
  blob_chunk: 4,
  blob_held: 2,
  blob_refuse: 5,
  blob_forget: 2,
};

type Parser = (fields: readonly unknown[]) => BlobMessage | null;

export const BLOB_PARSERS: Readonly<Record<BlobMessage['type'], Parser>> = {
  blob_offer: ([space, manifest]) =>
    isBytes(space, 32) && isShort(manifest, MAX_MANIFEST_BYTES)
      ? { type: 'blob_offer', space, manifest }
      : null,
  blob_want: ([space, blob, ranges]) => {
    const parsed = parseRanges(ranges);
    return isBytes(space, 32) && isBytes(blob, 32) && parsed !== null
      ? { type: 'blob_want', space, blob, ranges: parsed }
      : null;
  },
  blob_chunk: ([space, blob, index, bytes]) =>
    isBytes(space, 32) &&
    isBytes(blob, 32) &&
    isCount(index, MAX_BLOB_CHUNKS - 1) &&
    isShort(bytes, BLOB_CHUNK_BYTES + CHUNK_SEAL_BYTES)
      ? { type: 'blob_chunk', space, blob, index, bytes }
      : null,
  blob_held: ([space, blob]) =>
    isBytes(space, 32) && isBytes(blob, 32) ? { type: 'blob_held', space, blob } : null,
  blob_refuse: ([space, blob, ...words]) => {
    const failure = failureFrom(words);
    return isBytes(space, 32) && isBytes(blob, 32) && failure !== null
      ? { type: 'blob_refuse', space, blob, failure }
      : null;
  },
  blob_forget: ([space, blob]) =>
    isBytes(space, 32) && isBytes(blob, 32) ? { type: 'blob_forget', space, blob } : null,
};

function parseRanges(value: unknown): ChunkRange[] | null {
  if (!Array.isArray(value) || value.length > MAX_CHUNK_RANGES) return null;
  const ranges = value.flatMap((item: unknown) => {
    if (!Array.isArray(item) || item.length !== 2) return [];
    const [from, to]: unknown[] = item;
    const isRange = isCount(from) && isCount(to, MAX_BLOB_CHUNKS - 1) && from <= to;
    return isRange ? [{ from, to }] : [];
  });
  return ranges.length === value.length ? ranges : null;
}

function isShort(value: unknown, maxBytes: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length <= maxBytes;
}
