// The framing of native messaging, used on the private socket too: a 4-byte length and that many bytes
// of UTF-8 JSON. Lengths are little-endian, the byte order of every platform that runs these browsers.
import { fail, ok, type Result } from '../lib/wire/failure.ts';

const HEADER_BYTES = 4;

export function encodeFrame(text: string): Buffer {
  const bytes = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + bytes);
  frame.writeUInt32LE(bytes, 0);
  frame.write(text, HEADER_BYTES);
  return frame;
}

/** Takes bytes as they come; gives the texts of the frames they complete, or a Failure for good. */
export type FrameReader = (bytes: Buffer) => Result<string[]>;

/**
 * Nothing of an oversized frame is kept: its header is enough to refuse it. The limit may be raised once
 * the other end has proved itself.
 */
export function createFrameReader(limit: { readonly maxBytes: number }): FrameReader {
  let parts: Buffer[] = [];
  let size = 0;

  function take(bytes: number): Buffer {
    const whole = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
    const rest = whole.subarray(bytes);
    parts = rest.length > 0 ? [rest] : [];
    size = rest.length;
    return whole.subarray(0, bytes);
  }

  let wanted: number | null = null;
  return (bytes) => {
    parts.push(bytes);
    size += bytes.length;
    const texts: string[] = [];
    for (;;) {
      if (wanted === null) {
        if (size < HEADER_BYTES) return ok(texts);
        wanted = take(HEADER_BYTES).readUInt32LE(0);
        if (wanted > limit.maxBytes) return tooLarge(wanted, limit.maxBytes);
      }
      if (size < wanted) return ok(texts);
      texts.push(take(wanted).toString('utf8'));
      wanted = null;
    }
  };
}

function tooLarge(bytes: number, maxBytes: number): Result<never> {
  return fail(
    'too_large',
    `A message of ${bytes} bytes came; at most ${maxBytes} are taken.`,
    'Send less at a time.',
  );
}
