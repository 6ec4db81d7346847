// Certificates of devices and agents: what holds, and every way in which hostile ones do not.
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  certifyAgent,
  certifyDevice,
  readAgentCertificate,
  readAgentIdentity,
  readCertificate,
} from '../../../lib/identity/certificate.ts';
import { hashOf } from '../../../lib/identity/hash.ts';
import { signerOfSeed, type Signer } from '../../../lib/identity/signer.ts';
import { concatBytes, equalBytes } from '../../../lib/wire/bytes.ts';
import { encodeCbor, type CborValue } from '../../../lib/wire/cbor.ts';
import { unwrap } from '../../../lib/wire/failure.ts';

const seeded = (byte: number) => signerOfSeed(new Uint8Array(32).fill(byte));

let person: Signer;
let device: Signer;
let agent: Signer;
let certificate: Uint8Array;

beforeAll(async () => {
  [person, device, agent] = await Promise.all([seeded(1), seeded(2), seeded(3)]);
  certificate = await certifyDevice(person, device.publicKey, 1_700_000_000_000);
});

async function codeOf(bytes: Uint8Array): Promise<string> {
  const read = await readCertificate(bytes);
  return read.ok ? 'ok' : read.failure.code;
}

/** Any parts, signed as `domain` by `signer` as if they were a statement. */
async function forged(domain: string, signer: Signer, parts: CborValue[]): Promise<Uint8Array> {
  return encodeCbor([...parts, await signer.sign(hashOf(domain, encodeCbor(parts)))]);
}

describe('device certificates', () => {
  test('name the person, the device and when', async () => {
    expect(unwrap(await readCertificate(certificate))).toEqual({
      person: person.did,
      device: device.did,
      personKey: person.publicKey,
      deviceKey: device.publicKey,
      issuedAt: 1_700_000_000_000,
    });
  });

  test('have had this form since the first version', async () => {
    const parts = [1, person.publicKey, device.publicKey, 1_700_000_000_000];
    expect(await forged('device-certificate', person, parts)).toEqual(certificate);
  });

  test('are refused when cut anywhere or longer', async () => {
    for (let length = 0; length < certificate.length; length++) {
      expect(await codeOf(certificate.slice(0, length))).toBe('malformed');
    }
    expect(await codeOf(concatBytes(certificate, Uint8Array.of(0)))).toBe('malformed');
    expect(await codeOf(new Uint8Array(513))).toBe('too_large');
  });

  test('are refused with any bit turned', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(certificate.length * 8 - 1), async (bit) => {
        const turned = certificate.map((byte, i) =>
          i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte,
        );
        expect(await codeOf(turned)).not.toBe('ok');
      }),
      { numRuns: 300 },
    );
  });

  test('are refused in another spelling of the same values', async () => {
    // The version 1 written in two bytes.
    const spelled = concatBytes(
      certificate.slice(0, 1),
      Uint8Array.of(0x18, 1),
      certificate.slice(2),
    );
    expect(['not_canonical', 'malformed']).toContain(await codeOf(spelled));
  });

  test.for([
    ['a newer version', 2, 'unsupported_version'],
    ['version zero', 0, 'malformed'],
    ['a version in words', 'one', 'malformed'],
  ] as const)('%s is refused', async ([, version, code]) => {
    const parts = [version, person.publicKey, device.publicKey, 1];
    expect(await codeOf(await forged('device-certificate', person, parts))).toBe(code);
  });

  test('are refused with keys swapped, even when each signs for itself', async () => {
    const swapped = [1, device.publicKey, person.publicKey, 1];
    expect(await codeOf(await forged('device-certificate', person, swapped))).toBe('bad_signature');
    expect(await codeOf(await forged('device-certificate', device, swapped))).toBe('ok');
    const read = unwrap(await readCertificate(await forged('device-certificate', device, swapped)));
    expect(read.person).toBe(device.did);
  });

  test.for([
    ['a person key that is also the device key', (p: Signer) => [1, p.publicKey, p.publicKey, 1]],
    ['a short key', (p: Signer, d: Signer) => [1, p.publicKey, d.publicKey.slice(1), 1]],
    ['a key that is text', (p: Signer) => [1, p.publicKey, 'key', 1]],
    ['a negative time', (p: Signer, d: Signer) => [1, p.publicKey, d.publicKey, -1]],
    ['a broken time', (p: Signer, d: Signer) => [1, p.publicKey, d.publicKey, 1.5]],
    ['one part too many', (p: Signer, d: Signer) => [1, p.publicKey, d.publicKey, 1, 1]],
    ['one part too few', (p: Signer, d: Signer) => [1, p.publicKey, d.publicKey]],
  ] as const)('%s is refused', async ([, parts]) => {
    const bytes = await forged('device-certificate', person, parts(person, device));
    expect(await codeOf(bytes)).toBe('malformed');
  });

  test('are refused when another signed, or signed for another purpose', async () => {
    const parts = [1, person.publicKey, device.publicKey, 1];
    expect(await codeOf(await forged('device-certificate', device, parts))).toBe('bad_signature');
    expect(await codeOf(await forged('agent-certificate', person, parts))).toBe('bad_signature');
    expect(await codeOf(await forged('entry-header', person, parts))).toBe('bad_signature');
  });

  test('no bytes make the reader throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (bytes) => {
        expect(await codeOf(bytes)).not.toBe('ok');
      }),
    );
  });
});

describe('agent certificates', () => {
  test('lead from the agent to the device to the person', async () => {
    const ofAgent = await certifyAgent(device, agent.publicKey, 5);
    expect(unwrap(await readAgentIdentity(ofAgent, certificate))).toEqual({
      agent: agent.did,
      device: device.did,
      person: person.did,
      agentKey: agent.publicKey,
      deviceKey: device.publicKey,
      issuedAt: 5,
    });
  });

  test('do not pass for device certificates, nor the other way about', async () => {
    const ofAgent = await certifyAgent(device, agent.publicKey, 5);
    expect(await codeOf(ofAgent)).toBe('bad_signature');
    expect(await readAgentCertificate(certificate)).toMatchObject({
      failure: { code: 'bad_signature' },
    });
  });

  test('do not hold under the certificate of another device', async () => {
    const ofAgent = await certifyAgent(device, agent.publicKey, 5);
    const other = await certifyDevice(person, (await seeded(9)).publicKey, 1);
    expect(await readAgentIdentity(ofAgent, other)).toMatchObject({
      failure: { code: 'bad_signature' },
    });
    expect(await readAgentIdentity(certificate, ofAgent)).toMatchObject({ ok: false });
  });

  test('say different things of different agents', async () => {
    const one = await certifyAgent(device, agent.publicKey, 5);
    const two = await certifyAgent(device, person.publicKey, 5);
    expect(equalBytes(one, two)).toBe(false);
  });
});
