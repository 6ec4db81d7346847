// A short fuzz run with a fixed seed; `npm run fuzz` is the long one. And that a run finds what is wrong.
import { beforeAll, describe, expect, it } from 'vitest';
import { fail, ok } from '../../lib/wire/failure.ts';
import { readTree, treeOf } from '../house/tree.ts';
import { readersOf } from './coverage.ts';
import type { Decoder } from './decoder.ts';
import { allDecoders } from './registry.ts';
import { fuzz } from './run.ts';

const INPUTS = 100;
const TIMEOUT_MS = 120_000;
const run = { seed: 'short', from: 0, inputs: INPUTS, untilMs: Number.POSITIVE_INFINITY };

let decoders: readonly Decoder[] = [];
beforeAll(async () => {
  decoders = await allDecoders();
});

describe('every decoder', () => {
  it('that lib/wire exports is in the registry', () => {
    const covered = new Set(decoders.flatMap(({ covers }) => covers));
    expect(readersOf(readTree()).filter((name) => !covered.has(name))).toEqual([]);
  });

  it(
    'answers what is nearly right, soon, in bounded memory and in one spelling',
    async () => {
      const { tallies, violations } = await fuzz(decoders, run);
      expect(violations).toEqual([]);
      for (const { name, inputs, accepted } of tallies) {
        expect(inputs, name).toBe(INPUTS);
        // Any text can be made printable.
        if (name !== 'printable') expect(accepted, name).toBeLessThan(inputs);
      }
    },
    TIMEOUT_MS,
  );

  it('is tried with what it accepts, too', async () => {
    const signed = ['verifyEntry'];
    const { tallies } = await fuzz(decoders, { ...run, inputs: 50 });
    const never = tallies.filter(({ accepted }) => accepted === 0).map(({ name }) => name);
    expect(never.filter((name) => !signed.includes(name))).toEqual([]);
  });
});

describe('a fuzz run', () => {
  const base: Decoder = {
    name: 'planted',
    covers: [],
    draw: (random) => random.bytes(4),
    decode: (input) => ok(input),
    spell: (value) => value,
    settles: true,
  };
  const held: unknown[] = [];
  const faultsOf = async (planted: Partial<Decoder>): Promise<string[]> => {
    const outcome = await fuzz([{ ...base, ...planted }], { ...run, inputs: 3 });
    return outcome.violations.map(({ fault }) => fault);
  };

  it('has nothing to say about a decoder that does as it should', async () => {
    expect(await faultsOf({})).toEqual([]);
    expect(await faultsOf({ decode: () => fail('malformed', 'Not this.', 'Send that.') })).toEqual(
      [],
    );
  });

  it.for<[string, Partial<Decoder>, RegExp]>([
    ['throws', { decode: () => JSON.parse('{') as unknown }, /^threw SyntaxError/],
    [
      'rejects',
      { decode: () => Promise.reject(new RangeError('too deep')) },
      /^threw RangeError: too deep/,
    ],
    ['takes two spellings', { spell: () => Uint8Array.of(1) }, /^spells it another way/],
    [
      'reads its own value another way',
      { decode: () => ok({ at: performance.now() }), spell: null },
      /^reads its own/,
    ],
    [
      'refuses at length',
      { decode: () => fail('malformed', 'x'.repeat(1_001), '') },
      /^refused with 1001 characters/,
    ],
    [
      'holds too much',
      { decode: () => ok(held.push(new Uint8Array(2 ** 28))), spell: null },
      /bytes of memory/,
    ],
  ])('finds a decoder that %s', async ([, planted, fault]) => {
    const faults = await faultsOf(planted);
    expect(faults).toHaveLength(3);
    expect(faults[0]).toMatch(fault);
  });

  it('draws the same inputs from the same seed', async () => {
    const drawn: unknown[] = [];
    const decode = (input: unknown) => ok(drawn.push(input));
    for (let i = 0; i < 2; i++) await fuzz([{ ...base, decode, spell: null, settles: false }], run);
    expect(drawn.slice(0, INPUTS)).toEqual(drawn.slice(INPUTS));
    expect(new Set(drawn.map(String)).size).toBe(INPUTS);
  });
});

describe('the list of what must be in the registry', () => {
  it('has readers and shapes, and leaves out the rest', () => {
    const text = [
      'export function decodeThing() {}',
      'export async function readThing() {}',
      'export const shape =\n  z.object({});',
      'export function encodeThing() {}',
      'function parseInside() {}',
    ].join('\n');
    const listed = readersOf(treeOf({ 'lib/wire/thing.ts': text }));
    expect(listed).toEqual(expect.arrayContaining(['decodeThing', 'readThing', 'shape']));
    expect(listed).not.toContain('encodeThing');
    expect(listed).not.toContain('parseInside');
  });
});
