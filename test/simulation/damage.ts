// Bytes as a faulty or hostile sender makes them of good ones.
import type { Random } from './random.ts';

export function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  return random.pick([flipped, cutOff, extended, overwritten])(bytes, random);
}

function flipped(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice();
  const at = random.int(copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << random.int(8));
  return copy;
}

function cutOff(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.slice(0, random.int(bytes.length));
}

function extended(bytes: Uint8Array, random: Random): Uint8Array {
  return Uint8Array.of(...bytes, ...random.bytes(random.between(1, 40)));
}

function overwritten(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice();
  copy.set(random.bytes(Math.min(16, copy.length)), random.int(Math.max(1, copy.length - 16)));
  return copy;
}
