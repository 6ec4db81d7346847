// Randomness that a seed decides: every choice of a simulation comes from here, so that a seed replays exactly.
import { createHash } from 'node:crypto';

export interface Random {
  /** From 0 up to, but not, 1. */
  next(): number;
  /** A whole number from 0 up to, but not, `below`. */
  int(below: number): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  /** Throws when there is nothing to pick from. */
  pick<T>(items: readonly T[]): T;
  weighted<T extends { readonly weight: number }>(items: readonly T[]): T;
  shuffled<T>(items: readonly T[]): T[];
  bytes(length: number): Uint8Array<ArrayBuffer>;
  /** A stream of its own, so that drawing more here changes nothing there. */
  branch(label: string): Random;
}

export function createRandom(seed: string): Random {
  const next = generatorOf(seed);
  const int = (below: number): number => Math.floor(next() * below);
  const pick = <T>(items: readonly T[]): T => {
    const [picked] = items.slice(int(items.length));
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  };
  return {
    next,
    int,
    pick,
    between: (least, most) => least + int(most - least + 1),
    chance: (probability) => next() < probability,
    weighted: (items) => {
      let rest = next() * items.reduce((total, { weight }) => total + weight, 0);
      return items.find(({ weight }) => (rest -= weight) < 0) ?? pick(items);
    },
    shuffled: (items) =>
      items
        .map((item) => ({ item, at: next() }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ item }) => item),
    bytes: (length) => Uint8Array.from({ length }, () => int(256)),
    branch: (label) => createRandom(`${seed}/${label}`),
  };
}

/** sfc32 (Chris Doty-Humphrey, PractRand), started from a hash of the seed. */
function generatorOf(seed: string): () => number {
  const digest = createHash('sha256').update(seed).digest();
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => digest.readInt32LE(at)) as [
    number,
    number,
    number,
    number,
  ];
  return () => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
}
