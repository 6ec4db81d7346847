// The envelope of an Automerge change: magic, checksum, type and length, before anything reads what is inside.
// Format: automerge.org/automerge-binary-format-spec, section "Chunks".
import { sha256 } from '../../../identity/hash.ts';
import { toHex } from '../../../wire/bytes.ts';
import { ByteReader, refuse } from './byte-reader.ts';

export const MAX_CHANGE_BYTES = 192 * 1024;

const MAGIC = [0x85, 0x6f, 0x4a, 0x83] as const;
const CHECKSUM_AT = 4;
/** The hash of a change covers everything from its type on. */
const TYPE_AT = 8;
const CHANGE = 1;
const COMPRESSED_CHANGE = 2;

export interface ChangeChunk {
  /** Automerge's name for the change, hex. */
  readonly hash: string;
  /** Stands at the first byte of the contents. */
  readonly body: ByteReader;
}

/** Throws a `Refusal`. */
export function openChunk(bytes: Uint8Array): ChangeChunk {
  if (bytes.length > MAX_CHANGE_BYTES) refuse(`it is larger than ${MAX_CHANGE_BYTES} bytes`);
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) refuse('it does not begin like a change');
  const type = bytes[TYPE_AT];
  if (type === COMPRESSED_CHANGE) refuse('it is compressed, which changes in a log never are');
  if (type !== CHANGE) refuse('it is not a change');
  const body = new ByteReader(bytes, TYPE_AT + 1);
  if (body.unsigned() !== bytes.length - body.at) refuse('its length is wrong');
  const hash = sha256(bytes.subarray(TYPE_AT));
  for (let i = 0; i < 4; i++) {
    if (hash[i] !== bytes[CHECKSUM_AT + i]) refuse('its checksum is wrong');
  }
  return { hash: toHex(hash), body };
}

/** The hash that a change has, or would have if its envelope were right. */
export function hashOfChange(bytes: Uint8Array): string {
  return toHex(sha256(bytes.subarray(TYPE_AT)));
}
