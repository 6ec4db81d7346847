// Decoders of blobs: manifests, references, and the words of sync that move chunks.
import {
  blobRefPart,
  BLOB_CHUNK_BYTES,
  decodeManifest,
  encodeManifest,
  readBlobRef,
  type BlobRef,
} from '../../../lib/wire/blob.ts';
import type { BlobMessage } from '../../../lib/wire/blob-message.ts';
import { failureFrom, type Failure } from '../../../lib/wire/failure.ts';
import type { Random } from '../../simulation/random.ts';
import type { Decoder } from '../decoder.ts';
import { bytesDecoder, partDecoder } from './byte-decoder.ts';

export function blobDecoders(): Decoder[] {
  return [
    bytesDecoder('decodeManifest', manifest, decodeManifest, encodeManifest),
    partDecoder('readBlobRef', reference, blobRefPart, readBlobRef),
    partDecoder(
      'failureFrom',
      failure,
      ({ code, message, remedy }) => [code, message, remedy],
      (part) => (Array.isArray(part) && part.length === 3 ? failureFrom(part) : null),
    ),
  ];
}

export function blobMessages(random: Random): BlobMessage[] {
  const [space, blob] = [random.bytes(32), random.bytes(32)];
  const range = () => ({ from: random.int(5), to: 5 + random.int(9) });
  const ranges = Array.from({ length: random.int(4) }, range);
  return [
    { type: 'blob_offer', space, manifest: manifest(random) },
    { type: 'blob_want', space, blob, ranges },
    { type: 'blob_chunk', space, blob, index: random.int(800), bytes: random.bytes(90) },
    { type: 'blob_held', space, blob },
    { type: 'blob_refuse', space, blob, failure: failure() },
    { type: 'blob_forget', space, blob },
  ];
}

function manifest(random: Random): Uint8Array {
  const chunks = 1 + random.int(3);
  const size = (chunks - 1) * BLOB_CHUNK_BYTES + 1 + random.int(500);
  const hashes = Array.from({ length: chunks }, () => random.bytes(32));
  return encodeManifest({ size, commitment: random.bytes(32), hashes });
}

function reference(random: Random): BlobRef {
  const [id, key, size] = [random.bytes(32), random.bytes(32), random.int(1000)];
  const ref = { kind: 'blob', id, key, size, mediaType: 'image/png' } as const;
  return random.chance(0.5) ? ref : { ...ref, name: 'chart.png' };
}

function failure(): Failure {
  return { code: 'not_found', message: 'Not here.', remedy: 'Look elsewhere.' } as const;
}
