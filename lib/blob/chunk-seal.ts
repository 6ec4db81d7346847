// Sealing a blob chunk by chunk: AES-256-GCM under a key that seals nothing else, with the chunk's number and whether it
// is the last in the nonce (the STREAM construction; Hoang, Reyhanitabar, Rogaway, Vizár 2015), so that chunks cannot
// be put in another order, repeated or cut off.
import { hashOf } from '../identity/hash.ts';

export interface ChunkPlace {
  readonly index: number;
  readonly isLast: boolean;
}

export function importBlobKey(raw: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', new Uint8Array(raw), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]);
}

/** What a manifest says of the key. */
export function blobKeyCommitment(raw: Uint8Array): Uint8Array {
  return hashOf('blob-key', raw);
}

export function blobIdOf(manifest: Uint8Array): Uint8Array {
  return hashOf('blob', manifest);
}

export function chunkHashOf(sealed: Uint8Array): Uint8Array {
  return hashOf('blob-chunk', sealed);
}

export async function sealChunk(
  key: CryptoKey,
  place: ChunkPlace,
  plain: Uint8Array,
): Promise<Uint8Array> {
  const sealed = await crypto.subtle.encrypt(gcm(place), key, new Uint8Array(plain));
  return new Uint8Array(sealed);
}

/** Null when the chunk was not sealed under this key for this place. */
export async function openChunk(
  key: CryptoKey,
  place: ChunkPlace,
  sealed: Uint8Array,
): Promise<Uint8Array | null> {
  try {
    const plain = await crypto.subtle.decrypt(gcm(place), key, new Uint8Array(sealed));
    return new Uint8Array(plain);
  } catch {
    return null;
  }
}

/** Seven zero bytes, the index as u32 big endian, 1 for the last chunk. */
function gcm({ index, isLast }: ChunkPlace): AesGcmParams {
  const iv = new Uint8Array(12);
  new DataView(iv.buffer).setUint32(7, index);
  iv[11] = isLast ? 1 : 0;
  return { name: 'AES-GCM', iv };
}
