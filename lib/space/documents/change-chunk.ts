// The first look at the bytes of an Automerge change: magic, checksum, type and length, before anything parses them.
// Format: automerge.org/automerge-binary-format-spec, sections 2 and 3.
import { sha256 } from '../../identity/hash.ts';
import { equalBytes } from '../../wire/bytes.ts';
import { fail, ok, type Result } from '../../wire/failure.ts';

const MAGIC = Uint8Array.of(0x85, 0x6f, 0x4a, 0x83);
const CHANGE = 1;
const COMPRESSED_CHANGE = 2;
export const MAX_CHANGE_BYTES = 192 * 1024;

/** Failures: `too_large`, `malformed`. */
export function checkChunk(bytes: Uint8Array): Result<void> {
  if (bytes.length > MAX_CHANGE_BYTES) {
    return fail(
      'too_large',
      `A change of ${bytes.length} bytes is larger than ${MAX_CHANGE_BYTES}.`,
      'It is not applied. Its author should make smaller changes.',
    );
  }
  if (!equalBytes(bytes.subarray(0, 4), MAGIC)) return malformed('it does not begin like one');
  const type = bytes[8];
  if (type !== CHANGE && type !== COMPRESSED_CHANGE) return malformed('it is of another type');
  const length = readLeb128(bytes, 9);
  if (length === null || length.end + length.value !== bytes.length) {
    return malformed('its length is wrong');
  }
  if (
    type === CHANGE &&
    !equalBytes(sha256(bytes.subarray(8)).subarray(0, 4), bytes.subarray(4, 8))
  ) {
    return malformed('its checksum is wrong');
  }
  return ok(undefined);
}

/** Unsigned LEB128 of at most 4 bytes in its shortest form; `end` is the offset after it. */
function readLeb128(bytes: Uint8Array, at: number): { value: number; end: number } | null {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if ((byte & 0x80) === 0) return i > 0 && byte === 0 ? null : { value, end: at + i + 1 };
  }
  return null;
}

function malformed(why: string): Result<never> {
  return fail(
    'malformed',
    `This is not an Automerge change: ${why}.`,
    'It is not applied. Its author should update Commonplace.',
  );
}
