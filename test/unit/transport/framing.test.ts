// Our framing: what goes in comes out, and nothing else does.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_MESSAGE_BYTES } from '../../../lib/transport/channel.ts';
import {
  createUnframer,
  creditFrame,
  FRAGMENT_BYTES,
  fragmentsOf,
  type Unframed,
} from '../../../lib/transport/framing.ts';

const HEADER_BYTES = 13;

function unframeAll(frames: Iterable<Uint8Array>): Unframed[] {
  const unframe = createUnframer();
  return Array.from(frames, (frame) => unframe(frame));
}

function framesOf(messages: readonly Uint8Array[]): Uint8Array[] {
  return messages.flatMap((message, id) => [...fragmentsOf(id, message)]);
}

function wholesOf(unframed: readonly Unframed[]): Uint8Array[] {
  return unframed.flatMap((one) => (one.kind === 'message' ? [one.message] : []));
}

/** A message whose length is often near a multiple of the fragment size. */
const message = fc
  .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: -2, max: 2 }), fc.nat(255))
  .map(([fragments, off, fill]) =>
    new Uint8Array(Math.max(0, fragments * FRAGMENT_BYTES + off)).map((_, i) => (i + fill) & 0xff),
  );

describe('framing', () => {
  test('gives back any messages, whole and in order, with credit frames in between', () => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 5 }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        (messages, credit) => {
          const frames = framesOf(messages).flatMap((frame) => [frame, creditFrame(credit)]);
          const unframed = unframeAll(frames);
          expect(wholesOf(unframed)).toEqual(messages);
          expect(unframed.filter((one) => one.kind === 'credit')).toEqual(
            framesOf(messages).map(() => ({ kind: 'credit', bytes: credit })),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test('keeps every frame under what a browser sends whole', () => {
    const frames = framesOf([new Uint8Array(MAX_MESSAGE_BYTES)]);
    expect(Math.max(...frames.map((frame) => frame.length))).toBeLessThan(65_536);
  });

  test('counts ids round at 2^32', () => {
    const last = [...fragmentsOf(2 ** 32 - 1, Uint8Array.of(1))];
    expect(new DataView(last[0]?.buffer ?? new ArrayBuffer(9)).getUint32(1)).toBe(2 ** 32 - 1);
  });

  test('never throws, and never delivers, on random bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }), (frames) => {
        for (const one of unframeAll(frames)) {
          if (one.kind === 'message') expect(one.message.length).toBeLessThanOrEqual(64);
        }
      }),
    );
  });

  test('refuses a flow with any one frame left out, doubled or swapped', () => {
    const messages = [new Uint8Array(3 * FRAGMENT_BYTES + 5).fill(7), new Uint8Array(10).fill(9)];
    const frames = framesOf(messages);
    fc.assert(
      fc.property(
        fc.nat(frames.length - 2),
        fc.constantFrom('left out', 'doubled', 'swapped'),
        (at, fault) => {
          const [one, two] = [frames[at], frames[at + 1]];
          if (!one || !two) throw new Error('expected two frames');
          const middle = { 'left out': [two], doubled: [one, one, two], swapped: [two, one] }[
            fault
          ];
          const unframed = unframeAll([...frames.slice(0, at), ...middle]);
          expect(unframed.map(({ kind }) => kind)).toContain('malformed');
        },
      ),
    );
  });

  const tampered: [string, (frame: Uint8Array) => Uint8Array, Unframed['kind']][] = [
    ['an unknown kind', (frame) => frame.with(0, 7), 'malformed'],
    ['an empty frame', () => new Uint8Array(0), 'malformed'],
    ['a cut header', (frame) => frame.slice(0, HEADER_BYTES - 1), 'malformed'],
    ['a wrong id', (frame) => frame.with(4, 1), 'malformed'],
    ['a wrong offset', (frame) => frame.with(12, 1), 'malformed'],
    ['a length over the limit', (frame) => frame.with(5, 1), 'too_large'],
    ['a length of 4 GiB', (frame) => frame.with(5, 255), 'too_large'],
    ['a payload shorter than announced', (frame) => frame.slice(0, -1), 'malformed'],
    ['a payload longer than announced', (frame) => Uint8Array.of(...frame, 0), 'malformed'],
    ['a cut credit', () => creditFrame(1).slice(0, 4), 'malformed'],
    ['a long credit', () => Uint8Array.of(...creditFrame(1), 0), 'malformed'],
  ];
  for (const [name, tamper, kind] of tampered) {
    test(`refuses ${name}`, () => {
      const [frame] = fragmentsOf(0, new Uint8Array(100));
      expect(unframeAll([tamper(frame ?? new Uint8Array(0))])[0]?.kind).toBe(kind);
    });
  }

  test('refuses a message that changes its length on the way', () => {
    const [first] = fragmentsOf(0, new Uint8Array(2 * FRAGMENT_BYTES));
    const [, second] = fragmentsOf(0, new Uint8Array(3 * FRAGMENT_BYTES));
    if (!first || !second) throw new Error('expected two frames');
    expect(unframeAll([first, second]).map(({ kind }) => kind)).toEqual(['partial', 'malformed']);
  });

  test('refuses a message that dribbles in small pieces', () => {
    const [frame] = fragmentsOf(0, new Uint8Array(2 * FRAGMENT_BYTES));
    expect(unframeAll([frame?.slice(0, HEADER_BYTES + 1) ?? new Uint8Array(0)])[0]?.kind).toBe(
      'malformed',
    );
  });
});
