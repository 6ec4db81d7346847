// The code of a pairing: how it is written, and for how long and how often it is good.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createPairingOffer,
  meetingOf,
  PAIRING_LIFETIME_MS,
  pairingText,
  parsePairingText,
} from '../../../lib/identity/pairing-code.ts';
import { unwrap } from '../../../lib/wire/failure.ts';

const secrets = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe('a pairing code', () => {
  test('is seven groups of four that give the secret back', () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const text = pairingText(secret);
        expect(text).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
        expect(unwrap(parsePairingText(text))).toEqual(secret);
      }),
    );
  });

  test('is read however it was typed', () => {
    const secret = Uint8Array.from({ length: 16 }, (_, i) => i);
    const text = pairingText(secret);
    for (const typed of [
      text.toLowerCase(),
      text.replaceAll('-', ' '),
      `\n ${text.replaceAll('-', '')} `,
      text.replaceAll('0', 'o').replaceAll('1', 'l'),
      text.replaceAll('1', 'I'),
    ]) {
      expect(unwrap(parsePairingText(typed))).toEqual(secret);
    }
  });

  test('with one letter wrong is nearly always found out', () => {
    let passed = 0;
    fc.assert(
      fc.property(secrets, fc.nat(27), fc.nat(30), (secret, at, shift) => {
        const bare = pairingText(secret).replaceAll('-', '');
        const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
        const wrong = alphabet[(alphabet.indexOf(bare[at] ?? '') + 1 + shift) % 32] ?? '';
        const read = parsePairingText(bare.slice(0, at) + wrong + bare.slice(at + 1));
        if (read.ok) passed += 1;
      }),
      { numRuns: 2_000 },
    );
    // One in 4,096 slips through the checksum, and then fails at the other device.
    expect(passed).toBeLessThan(10);
  });

  test.for([
    ['nothing', ''],
    ['half a code', 'ABCD-EFGH-JKMN'],
    ['a recovery phrase', 'legal winner thank year wave sausage worth useful legal winner'],
    ['a letter that is none', `U${pairingText(new Uint8Array(16)).slice(1)}`],
    ['a megabyte', '0'.repeat(1_000_000)],
  ] as const)('%s is refused', ([, text]) => {
    expect(parsePairingText(text)).toMatchObject({ ok: false, failure: { code: 'malformed' } });
  });

  test('gives a meeting place that does not give it away', () => {
    const secret = new Uint8Array(16).fill(3);
    expect(meetingOf(secret)).toHaveLength(32);
    expect(meetingOf(secret)).toEqual(meetingOf(secret.slice()));
    expect(meetingOf(secret)).not.toEqual(meetingOf(new Uint8Array(16).fill(4)));
  });
});

describe('an offer to pair', () => {
  test('has another code each time', () => {
    const texts = Array.from({ length: 50 }, () => createPairingOffer(0).text);
    expect(new Set(texts).size).toBe(50);
  });

  test('is good once', () => {
    const offer = createPairingOffer(1_000);
    expect(offer.begin(1_000).ok).toBe(true);
    expect(offer.claim(1_001).ok).toBe(true);
    expect(offer.claim(1_002)).toMatchObject({ failure: { code: 'conflict' } });
    expect(offer.begin(1_002)).toMatchObject({ failure: { code: 'conflict' } });
  });

  test('runs out after five minutes, also when the clock is set back', () => {
    const offer = createPairingOffer(1_000);
    expect(offer.expiresAt).toBe(1_000 + PAIRING_LIFETIME_MS);
    expect(offer.claim(offer.expiresAt)).toMatchObject({ failure: { code: 'timeout' } });
    expect(offer.claim(0)).toMatchObject({ failure: { code: 'timeout' } });
  });

  test('bounds how many conversations are begun over it', () => {
    const offer = createPairingOffer(0);
    const begun = Array.from({ length: 100 }, () => offer.begin(1)).filter(({ ok }) => ok);
    expect(begun).toHaveLength(20);
    expect(offer.begin(1)).toMatchObject({ failure: { code: 'rate_limited' } });
  });
});
