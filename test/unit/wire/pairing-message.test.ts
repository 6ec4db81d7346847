// The messages of a pairing: each has one spelling, and nothing else passes for it.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeCbor } from '../../../lib/wire/cbor.ts';
import { unwrap, type Result } from '../../../lib/wire/failure.ts';
import {
  decodePairingAnswer,
  decodePairingEnvelope,
  decodePairingGrant,
  decodePairingReveal,
  encodePairingAnswer,
  encodePairingEnvelope,
  encodePairingGrant,
  encodePairingReveal,
  MAX_PAIRING_BYTES,
} from '../../../lib/wire/pairing-message.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const some = (maxLength: number) => fc.uint8Array({ maxLength });

const envelopes = fc.record({
  step: fc.constantFrom('hello', 'answer', 'reveal', 'grant', 'receipt'),
  nonce: bytes(12),
  sealed: some(300),
});
const answers = fc.record({ exchangeKey: bytes(65), certificate: some(512) });
const reveals = fc.record({
  exchangeKey: bytes(65),
  blind: bytes(32),
  deviceKey: bytes(32),
  wrapKey: bytes(32),
  wrapSignature: bytes(64),
  label: fc.string({ maxLength: 80 }),
  certificate: fc.option(some(512)),
  signature: bytes(64),
});
const homes = fc.record({
  genesis: some(512),
  relay: fc.webUrl(),
  control: fc.array(some(600), { maxLength: 4 }),
});
const grants = fc.record({
  certificate: some(512),
  name: fc.string({ maxLength: 80 }),
  statements: fc.array(some(700), { maxLength: 4 }),
  home: homes,
  signature: bytes(64),
});

/** Node's CBOR gives Buffers where browsers give plain arrays. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

function roundTrip<T>(
  values: fc.Arbitrary<T>,
  encode: (value: T) => Uint8Array,
  decode: (encoded: Uint8Array) => Result<T>,
): void {
  fc.assert(
    fc.property(values, (value) => {
      const encoded = encode(value);
      expect(plain(unwrap(decode(encoded)))).toEqual(plain(value));
      for (let length = 0; length < encoded.length; length += 7) {
        expect(decode(encoded.slice(0, length)).ok).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
}

describe('messages of a pairing', () => {
  test('an envelope comes back as it was', () => {
    roundTrip(envelopes, encodePairingEnvelope, decodePairingEnvelope);
  });

  test('an answer comes back as it was', () => {
    roundTrip(answers, encodePairingAnswer, decodePairingAnswer);
  });

  test('a reveal comes back as it was', () => {
    roundTrip(reveals, encodePairingReveal, decodePairingReveal);
  });

  test('a grant comes back as it was', () => {
    roundTrip(grants, encodePairingGrant, decodePairingGrant);
  });

  test('no bytes and no CBOR make a decoder throw', () => {
    const shapes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .array(fc.oneof(fc.nat(), fc.string(), bytes(32), bytes(64), bytes(65), fc.constant([])), {
          maxLength: 7,
        })
        .map((parts) => encodeCbor(parts)),
    );
    fc.assert(
      fc.property(shapes, (input) => {
        for (const decode of [
          decodePairingEnvelope,
          decodePairingAnswer,
          decodePairingReveal,
          decodePairingGrant,
        ]) {
          expect(typeof decode(input).ok).toBe('boolean');
        }
      }),
    );
  });

  test('are bounded, all but the grant to a few kilobytes', () => {
    const nonce = new Uint8Array(12);
    const sealed = new Uint8Array(10_000);
    expect(decodePairingEnvelope(encodePairingEnvelope({ step: 'grant', nonce, sealed })).ok).toBe(
      true,
    );
    expect(
      decodePairingEnvelope(encodePairingEnvelope({ step: 'reveal', nonce, sealed })),
    ).toMatchObject({
      failure: { code: 'malformed' },
    });
    expect(decodePairingEnvelope(new Uint8Array(MAX_PAIRING_BYTES + 1))).toMatchObject({
      failure: { code: 'too_large' },
    });
    expect(decodePairingReveal(new Uint8Array(5_000))).toMatchObject({
      failure: { code: 'too_large' },
    });
  });

  test('of a newer version say so', () => {
    const newer = encodeCbor([2, 0, new Uint8Array(12), new Uint8Array(40)]);
    expect(decodePairingEnvelope(newer)).toMatchObject({
      failure: { code: 'unsupported_version' },
    });
  });

  test.for([
    ['a step that is none', [1, 5, new Uint8Array(12), new Uint8Array(40)]],
    ['a short nonce', [1, 0, new Uint8Array(11), new Uint8Array(40)]],
    ['text where bytes belong', [1, 0, new Uint8Array(12), 'sealed']],
    ['a part too many', [1, 0, new Uint8Array(12), new Uint8Array(40), 0]],
  ] as const)('%s is refused', ([, parts]) => {
    expect(decodePairingEnvelope(encodeCbor(parts))).toMatchObject({
      failure: { code: 'malformed' },
    });
  });
});
