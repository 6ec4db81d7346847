// One acceptance rule: WebCrypto and the fallback judge every edge case alike, and as the curve's arithmetic says.
import { describe, expect, test } from 'vitest';
import { certifyDevice, readCertificate } from '../../../lib/identity/certificate.ts';
import {
  isPlainPoint,
  isRegistrable,
  verify,
  verifyWithNoble,
} from '../../../lib/identity/signature.ts';
import { signerOfSeed, type Signer } from '../../../lib/identity/signer.ts';
import { utf8 } from '../../../lib/wire/bytes.ts';
import { mixedKey, type SignatureCase } from '../../support/ed25519-cases.ts';
import { edgeCases, smallOrderSpellings, twelveConditions } from '../../support/ed25519-edges.ts';
import { publishedCases, type PublishedCase } from '../../support/published-vectors.ts';
import { unhex } from '../../support/unhex.ts';

const cases = edgeCases();

function bytes({ key, message, signature }: PublishedCase): [Uint8Array, Uint8Array, Uint8Array] {
  return [unhex(key), unhex(message), unhex(signature)];
}

/** The cases that a platform judged otherwise than expected, by name. */
async function misjudged(
  all: readonly PublishedCase[],
  judge: (...args: [Uint8Array, Uint8Array, Uint8Array]) => boolean | Promise<boolean>,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const one of all) if ((await judge(...bytes(one))) !== one.isValid) wrong.push(one.name);
  return wrong;
}

describe('one acceptance rule', () => {
  test('the cases hold both kinds, and valid ones with parts of small order', () => {
    const valid = cases.filter(({ isValid }) => isValid);
    expect(cases.length).toBeGreaterThan(400);
    expect(valid.length).toBeGreaterThan(30);
    expect(valid.some((one) => !one.isRegistrable)).toBe(true);
    expect(
      twelveConditions()
        .map(({ isValid }) => isValid)
        .indexOf(true),
    ).toBe(3);
  });

  test('WebCrypto of this platform judges every case as the arithmetic says', async () => {
    expect(await misjudged(cases, verify)).toEqual([]);
  });

  test('the fallback judges every case as the arithmetic says', async () => {
    expect(await misjudged(cases, verifyWithNoble)).toEqual([]);
  });

  test('only keys of prime order, spelled canonically, may be registered', () => {
    const wrong = cases.filter((one) => isRegistrable(unhex(one.key)) !== one.isRegistrable);
    expect(wrong.map(({ name }: SignatureCase) => name)).toEqual([]);
  });

  test('the published vectors are judged as published, with WebCrypto and without', async () => {
    const published = await publishedCases();
    expect(published).toHaveLength(163);
    expect(await misjudged(published, verify)).toEqual([]);
    expect(await misjudged(published, verifyWithNoble)).toEqual([]);
  });
});

describe('registration of keys', () => {
  test('a key of small order is refused in every spelling', () => {
    for (const key of smallOrderSpellings()) {
      expect(isPlainPoint(key)).toBe(false);
      expect(isRegistrable(key)).toBe(false);
    }
  });

  test('a certificate for a device key with a part of small order is refused', async () => {
    const person = await signerOfSeed(new Uint8Array(32).fill(1));
    const certificate = await certifyDevice(person, mixedKey('device', 4).bytes, 1);
    expect(await readCertificate(certificate)).toMatchObject({
      ok: false,
      failure: { code: 'malformed', message: expect.stringContaining('prime order') },
    });
    const sound = await certifyDevice(person, mixedKey('device', 0).bytes, 1);
    expect(await readCertificate(sound)).toMatchObject({ ok: true });
  });

  test('a certificate by a person whose key has a part of small order is refused', async () => {
    const device = await signerOfSeed(new Uint8Array(32).fill(2));
    const { publicKey } = await signerOfSeed(new Uint8Array(32).fill(1));
    const person: Signer = {
      publicKey: mixedKey('person', 2).bytes,
      did: '',
      sign: () => Promise.resolve(new Uint8Array(64)),
    };
    expect(isRegistrable(publicKey)).toBe(true);
    expect(await readCertificate(await certifyDevice(person, device.publicKey, 1))).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining('prime order') },
    });
  });

  test('verifying never throws, whatever the lengths', async () => {
    for (const length of [0, 1, 31, 33, 63, 65, 1000]) {
      const junk = new Uint8Array(length).fill(7);
      expect(isRegistrable(junk)).toBe(false);
      expect(await verify(junk, utf8('m'), junk)).toBe(false);
      expect(verifyWithNoble(junk, utf8('m'), junk)).toBe(false);
    }
  });
});
