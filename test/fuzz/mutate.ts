// Inputs that are nearly right: a valid one with one or a few of its parts, bytes or letters changed.
import { decodeCbor, encodeCbor, type CborValue } from '../../lib/wire/cbor.ts';
import { concatBytes } from '../../lib/wire/bytes.ts';
import type { Random } from '../simulation/random.ts';
import { junk, junkCbor, nested, randomText } from './junk.ts';

const MAX_BYTES = 2 * 1024 * 1024;

/** Lengths just past the bounds on lists; of items that are large themselves, fewer, or drawing takes longer than reading. */
const LONG = [33, 257, 1_025, 10_001];
const SHORT = [2, 33, 65];

/** Bytes from the valid `sample`; `other` is what parts are borrowed from. */
export function mutateBytes(sample: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const kind = random.int(20);
  if (kind === 0) return sample;
  if (kind === 1) return junkCbor(random);
  if (kind <= 6) return damage(sample, other, random);
  const value = decodeCbor(sample, MAX_BYTES);
  const borrowed = decodeCbor(other, MAX_BYTES);
  if (!value.ok || !borrowed.ok) return damage(sample, other, random);
  return encoded(mutateValue(value.value, borrowed.value, random)) ?? damage(sample, other, random);
}

/** One to four parts of a tree of lists, objects and leaves changed; the tree itself is left as it is. */
export function mutateValue(value: unknown, other: unknown, random: Random): unknown {
  let mutant = value;
  for (let edits = random.pick([1, 1, 1, 2, 4]); edits > 0; edits--) {
    mutant = editSomewhere(mutant, other, random);
  }
  return mutant;
}

/** Walks down at random and edits where it stops, so that parts near the top and deep down all have their turn. */
function editSomewhere(value: unknown, other: unknown, random: Random): unknown {
  const goOn = random.chance(0.75);
  if (Array.isArray(value) && value.length > 0 && goOn) {
    const at = random.int(value.length);
    const below: unknown = Array.isArray(other) ? other[at % (other.length || 1)] : other;
    return value.with(at, editSomewhere(value[at], below, random));
  }
  if (isPlain(value) && goOn) return editProperty(value, other, random);
  if (value instanceof Uint8Array && random.chance(0.4)) return editInside(value, random);
  return edit(value, other, random);
}

function editProperty(value: object, other: unknown, random: Random): object {
  const entries = Object.entries(value);
  if (entries.length === 0 || random.chance(0.1)) return withJunkName(value, random);
  const [name, part] = random.pick(entries);
  if (random.chance(0.1)) return Object.fromEntries(entries.filter(([known]) => known !== name));
  const below: unknown = isPlain(other) ? Reflect.get(other, name) : other;
  return { ...value, [name]: editSomewhere(part, below, random) };
}

function withJunkName(value: object, random: Random): object {
  // As JSON.parse makes it: a property of its own, however it is called.
  const text = JSON.stringify(random.pick(['__proto__', 'extra', 'x'.repeat(random.int(3_000))]));
  return { ...value, ...(JSON.parse(`{${text}:${random.int(9)}}`) as object) };
}

/** CBOR inside a byte string is taken apart too: headers in entries, entries in messages. */
function editInside(bytes: Uint8Array, random: Random): Uint8Array {
  const inner = decodeCbor(bytes, MAX_BYTES);
  if (!inner.ok || !Array.isArray(inner.value)) return damage(bytes, bytes, random);
  return encoded(editSomewhere(inner.value, inner.value, random)) ?? bytes;
}

function edit(value: unknown, other: unknown, random: Random): unknown {
  if (random.chance(0.15)) return other;
  if (random.chance(0.25)) return junk(random);
  if (random.chance(0.02)) return nested(random.pick([10, 100, 1_000]));
  if (Array.isArray(value)) return editList(value, random);
  if (typeof value === 'number') return value + random.pick([1, -1, 0.5, 2 ** 32, -value, value]);
  if (typeof value === 'string') return mutateText(value, random);
  if (value instanceof Uint8Array) return damage(value, value, random);
  return typeof value === 'boolean' ? !value : junk(random);
}

function editList(list: readonly unknown[], random: Random): unknown[] {
  const at = random.int(list.length);
  const [item] = list.slice(at);
  switch (random.int(6)) {
    case 0:
      return list.toSpliced(at, 0, item);
    case 1:
      return list.toSpliced(at, 1);
    case 2:
      return list.toReversed();
    case 3:
      return random.shuffled(list);
    case 4:
      return [...list, junk(random)];
    default:
      return Array.from({ length: random.pick(isLeaf(item) ? LONG : SHORT) }, () => item);
  }
}

export function mutateText(text: string, random: Random): string {
  const at = random.int(text.length + 1);
  const length = random.int(1 + Math.min(8, text.length));
  switch (random.int(6)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + randomText(random) + text.slice(at);
    case 2:
      return text.slice(0, at) + text.slice(at + length);
    case 3:
      return text.slice(0, at) + String.fromCharCode(random.int(128)) + text.slice(at + 1);
    case 4:
      return text + text.slice(at);
    default:
      return random.chance(0.1)
        ? text.slice(at, at + 6).repeat(random.int(100_000))
        : randomText(random);
  }
}

function damage(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const at = random.int(bytes.length + 1);
  switch (random.int(7)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return bytes.map((byte, i) => (i === at ? byte ^ (1 << random.int(8)) : byte));
    case 2:
      return bytes.map((byte, i) => (i === at ? random.pick([0, 0x1f, 0x5b, 0x9f, 0xff]) : byte));
    case 3:
      return concatBytes(bytes.slice(0, at), random.bytes(random.int(9)), bytes.slice(at));
    case 4:
      return concatBytes(bytes.slice(0, at), other.slice(random.int(other.length + 1)));
    case 5:
      return concatBytes(bytes, random.chance(0.1) ? new Uint8Array(random.int(MAX_BYTES)) : bytes);
    default:
      return concatBytes(bytes.slice(0, at), bytes.slice(at + random.int(9)));
  }
}

/** Null where a mutation made what CBOR does not have, or nests deeper than can be written. */
function encoded(value: unknown): Uint8Array | null {
  try {
    return encodeCbor(value as CborValue);
  } catch {
    return null;
  }
}

function isLeaf(value: unknown): boolean {
  return typeof value !== 'object' || (value instanceof Uint8Array && value.length < 200);
}

function isPlain(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
