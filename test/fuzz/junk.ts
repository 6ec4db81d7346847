// What breaks parsers: numbers at the edges, names that objects have of their own, text that is not what it seems.
import { encodeCbor } from '../../lib/wire/cbor.ts';
import type { Random } from '../simulation/random.ts';

const NUMBERS = [
  0,
  1,
  23,
  24,
  255,
  256,
  65_535,
  65_536,
  1_000_000,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  -1,
  -24,
  1.5,
];
/** What no canonical CBOR and no JSON has, but a page or a library may hand over. */
const ODD = [2 ** 53, 2 ** 64, -0, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 5e-324];
const NAMES = [
  'toString',
  'valueOf',
  'constructor',
  'hasOwnProperty',
  'length',
  'then',
  'toJSON',
  'kind',
  '',
];
const TEXTS = [
  '\0',
  '\ud800',
  '\udfff',
  '\u202e',
  '\u200d\u200d',
  'é'.normalize('NFD'),
  '\u{1f468}\u200d\u{1f469}',
  '%00',
  '%',
  '#',
  'http://',
  '[::1]',
  '../',
  'utm_a=1&',
  'AAAA',
  '----',
];

export function junk(random: Random, depth = 0): unknown {
  const below = depth > 3 ? 5 : 8;
  switch (random.int(below)) {
    case 0:
      return random.pick(NUMBERS);
    case 1:
      return random.pick([null, true, false, '', new Uint8Array()]);
    case 2:
      return random.pick(NAMES);
    case 3:
      return random.bytes(random.pick([0, 1, 12, 16, 31, 32, 33, 48, 64, 65]));
    case 4:
      return random.chance(0.2) ? random.pick(ODD) : randomText(random);
    case 5:
      return Array.from({ length: random.int(5) }, () => junk(random, depth + 1));
    default:
      return junkObject(random, depth);
  }
}

/** Own properties under names that every object inherits. */
function junkObject(random: Random, depth: number): object {
  const names = Array.from({ length: random.int(4) }, () => random.pick(NAMES));
  return Object.fromEntries(names.map((name) => [name, junk(random, depth + 1)]));
}

export function randomText(random: Random): string {
  const text = random.pick(TEXTS).repeat(1 + random.int(random.chance(0.05) ? 400 : 4));
  return random.chance(0.5) ? text + String.fromCharCode(random.int(0x1_00_00)) : text;
}

/** `depth` lists inside one another, around nothing. */
export function nested(depth: number): unknown {
  let value: unknown = [];
  for (let i = 1; i < depth; i++) value = [value];
  return value;
}

/** CBOR that promises more than there is, or spells what could be shorter, or nests without end. */
export function junkCbor(random: Random): Uint8Array {
  const major = random.int(8) << 5;
  switch (random.int(6)) {
    case 0:
      return random.bytes(random.int(200));
    case 1:
      return Uint8Array.of(major | 27, 0, 0, 0, random.int(2), ...random.bytes(4));
    case 2:
      return Uint8Array.of(major | 26, ...random.bytes(4 + random.int(40)));
    case 3:
      return Uint8Array.of(major | 31, ...random.bytes(random.int(10)), 0xff);
    case 4: {
      const depth = random.pick([10, 100, 1_000, 10_000, random.int(200_000)]);
      const opening = random.pick([[0x81], [0xa1, 0x00], [0xd8, 0x20], [0x82, 0x00]]);
      return Uint8Array.from({ length: depth }, (_, i) => opening[i % opening.length] ?? 0);
    }
    default:
      return encodeCbor(random.int(1_000));
  }
}
