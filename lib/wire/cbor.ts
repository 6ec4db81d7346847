// Canonical CBOR (RFC 8949, section 4.2.1) with a strict decoder: one value has one spelling.
import { decode, encode, rfc8949EncodeOptions } from 'cborg';
import { equalBytes } from './bytes.ts';
import { fail, ok, type Result } from './failure.ts';

/** What this project puts on the wire: no floats that are not needed, no tags, no undefined. */
export type CborValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly CborValue[]
  | { readonly [key: string]: CborValue | undefined };

export function encodeCbor(value: CborValue): Uint8Array {
  return encode(value, ENCODING);
}

/**
 * Decodes one canonical value of at most `maxBytes`.
 * Failures: `too_large`, `malformed` (not CBOR, or nested too deep), `not_canonical` (another spelling of a value).
 */
export function decodeCbor(bytes: Uint8Array, maxBytes: number): Result<unknown> {
  if (bytes.length > maxBytes) {
    return fail(
      'too_large',
      `Got ${bytes.length} bytes where at most ${maxBytes} are allowed.`,
      'Send it in smaller parts.',
    );
  }
  try {
    const value: unknown = decode(bytes, STRICT);
    return equalBytes(encode(value, ENCODING), bytes) ? ok(value) : NOT_CANONICAL;
  } catch {
    // The library throws on anything it cannot read; a stack overflow from deep nesting lands here too.
    return MALFORMED;
  }
}

/** Absent and undefined properties are the same thing, as in JSON. */
const ENCODING = { ...rfc8949EncodeOptions, ignoreUndefinedProperties: true };

const STRICT = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  // Beyond 2^53 a number is not one of ours; the library would hand over a bigint.
  allowBigInt: false,
  allowInfinity: false,
  allowNaN: false,
  rejectDuplicateMapKeys: true,
};

const MALFORMED = fail(
  'malformed',
  'These bytes are not a CBOR value.',
  'Make sure that both sides run a current version of Commonplace.',
);

const NOT_CANONICAL = fail(
  'not_canonical',
  'This value is not in canonical CBOR form.',
  'Encode integers in the shortest form and map keys in order (RFC 8949, section 4.2.1).',
);

export function isBytes(value: unknown, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length;
}

export function isCount(value: unknown, max = Number.MAX_SAFE_INTEGER): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max;
}
