// Reads the primitive forms of Automerge's binary format, each in its one canonical spelling and nothing else.
// Format: automerge.org/automerge-binary-format-spec, section "Primitive types".

/** Why bytes are not a change that may be applied. Thrown inside the gate only, caught where a change is read. */
export class Refusal extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Refusal';
  }
}

export function refuse(reason: string): never {
  throw new Refusal(reason);
}

/** Counters, lengths and indices are smaller than this, so that they fit 31 bits. */
export const MAX_COUNT = 0x7fff_ffff;

const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Numbers take at most eight bytes: anything longer is past what a number holds exactly. */
const MAX_NUMBER_BYTES = 8;

export class ByteReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  byte(): number {
    if (this.at >= this.end) refuse('it ends too early');
    return this.bytes[this.at++] ?? 0;
  }

  /** Unsigned LEB128 in its shortest form, at most `max`. */
  unsigned(max = MAX_COUNT): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < MAX_NUMBER_BYTES; i++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) {
        if (byte === 0 && i > 0) refuse('a number is not in its shortest form');
        return value <= max ? value : refuse('a number is too large');
      }
    }
    return refuse('a number is too large');
  }

  /** Signed LEB128 in its shortest form, within the safe integers. */
  signed(): number {
    let value = 0;
    let scale = 1;
    let previous = 0;
    for (let i = 0; i < MAX_NUMBER_BYTES; i++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) {
        const extended = (previous & 0x40) === 0 ? byte === 0 : byte === 0x7f;
        if (extended && i > 0) refuse('a number is not in its shortest form');
        const signed = (byte & 0x40) === 0 ? value : value - scale;
        return Number.isSafeInteger(signed) ? signed : refuse('a number is too large');
      }
      previous = byte;
    }
    return refuse('a number is too large');
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Uint8Array {
    if (length > this.end - this.at) refuse('it ends too early');
    return this.bytes.subarray(this.at, (this.at += length));
  }

  /** The next `length` bytes as UTF-8, which must be valid. */
  text(length: number): string {
    const bytes = this.take(length);
    if (length > 64) return decoded(bytes);
    let text = '';
    for (const byte of bytes) {
      if (byte >= 0x80) return decoded(bytes);
      text += String.fromCharCode(byte);
    }
    return text;
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return STRICT_UTF8.decode(bytes);
  } catch {
    return refuse('a text is not valid UTF-8');
  }
}
