// Columns of Automerge changes, coded as an honest encoder does and a piece at a time.
import { concatBytes, utf8 } from '../../lib/wire/bytes.ts';

const none = new Uint8Array();

/** Nothing at all for a column of nulls. */
export function optional<T>(
  values: readonly (T | null)[],
  code: (values: readonly (T | null)[]) => Uint8Array,
) {
  return values.every((value) => value === null) ? none : code(values);
}

export function runs(values: readonly (number | null)[]): Uint8Array {
  return runsOf(values, unsigned);
}

export function deltas(values: readonly (number | null)[]): Uint8Array {
  let last = 0;
  const steps = values.map((value) => {
    if (value === null) return null;
    const step = value - last;
    last = value;
    return step;
  });
  return runsOf(steps, signed);
}

export function texts(values: readonly (string | null)[]): Uint8Array {
  return runsOf(values, (text) => prefixed(utf8(text)));
}

export function booleans(values: readonly boolean[]): Uint8Array {
  const lengths: number[] = [];
  let current = false;
  let length = 0;
  for (const value of values) {
    if (value !== current) {
      lengths.push(length);
      length = 0;
      current = value;
    }
    length += 1;
  }
  return concatBytes(...[...lengths, length].map(unsigned));
}

function runsOf<T>(values: readonly (T | null)[], code: (value: T) => Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let literal: T[] = [];
  const flush = () => {
    if (literal.length > 0) parts.push(signed(-literal.length), ...literal.map(code));
    literal = [];
  };
  for (let i = 0; i < values.length;) {
    const value = values[i] ?? null;
    let end = i + 1;
    while (end < values.length && (values[end] ?? null) === value) end += 1;
    if (value === null) {
      flush();
      parts.push(signed(0), unsigned(end - i));
    } else if (end - i === 1) literal.push(value);
    else {
      flush();
      parts.push(signed(end - i), code(value));
    }
    i = end;
  }
  flush();
  return concatBytes(...parts);
}

export function unsigned(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  do {
    bytes.push((left % 128) + (left >= 128 ? 128 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return Uint8Array.from(bytes);
}

export function signed(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let left = value; ;) {
    const byte = ((left % 128) + 128) % 128;
    left = (left - byte) / 128;
    const last = (left === 0 && byte < 64) || (left === -1 && byte >= 64);
    bytes.push(last ? byte : byte + 128);
    if (last) return Uint8Array.from(bytes);
  }
}

export function prefixed(bytes: Uint8Array): Uint8Array {
  return concatBytes(unsigned(bytes.length), bytes);
}
