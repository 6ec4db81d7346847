// A person's devices: the same whatever order the statements come in, and a revoked device stays out.
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { certifyAgent, certifyDevice } from '../../../lib/identity/certificate.ts';
import {
  decodeDeviceList,
  devicesOf,
  encodeDeviceList,
  readDevices,
  readDeviceStatement,
  readRevocation,
  revokeDevice,
  type DeviceStatement,
  type FrontierMark,
} from '../../../lib/identity/device-list.ts';
import { hashOf } from '../../../lib/identity/hash.ts';
import { signerOfSeed, type Signer } from '../../../lib/identity/signer.ts';
import { concatBytes } from '../../../lib/wire/bytes.ts';
import { encodeCbor, type CborValue } from '../../../lib/wire/cbor.ts';
import { unwrap } from '../../../lib/wire/failure.ts';

const seeded = (byte: number) => signerOfSeed(new Uint8Array(32).fill(byte));
const mark = (space: number, seq: number, hash = seq): FrontierMark => ({
  space: new Uint8Array(32).fill(space),
  seq,
  hash: new Uint8Array(32).fill(hash),
});

let ada: Signer;
let mallory: Signer;
let laptop: Signer;
let phone: Signer;

beforeAll(async () => {
  [ada, mallory, laptop, phone] = (await Promise.all([1, 2, 3, 4].map(seeded))) as [
    Signer,
    Signer,
    Signer,
    Signer,
  ];
});

async function statementOf(bytes: Promise<Uint8Array>): Promise<DeviceStatement> {
  return unwrap(await readDeviceStatement(await bytes));
}

async function namesOf(statements: readonly Uint8Array[], person = ada.did) {
  const { devices } = await readDevices(person, statements);
  return {
    current: devices.current.map(({ device }) => device),
    revoked: devices.revoked.map(({ device }) => device),
  };
}

describe('the devices of a person', () => {
  test('are those that the person certified and did not revoke', async () => {
    const statements = [
      await certifyDevice(ada, laptop.publicKey, 1),
      await certifyDevice(ada, phone.publicKey, 2),
      await revokeDevice(ada, phone.publicKey, 3),
    ];
    expect(await namesOf(statements)).toEqual({ current: [laptop.did], revoked: [phone.did] });
  });

  test('are the same in every order and however often a statement comes', async () => {
    const statements = await Promise.all([
      statementOf(certifyDevice(ada, laptop.publicKey, 5)),
      statementOf(certifyDevice(ada, laptop.publicKey, 2)),
      statementOf(certifyDevice(ada, phone.publicKey, 1)),
      statementOf(revokeDevice(ada, phone.publicKey, 9, [mark(1, 7), mark(2, 4)])),
      statementOf(revokeDevice(ada, phone.publicKey, 8, [mark(1, 3), mark(3, 1)])),
      statementOf(revokeDevice(ada, phone.publicKey, 7, [mark(1, 3, 2)])),
      statementOf(certifyDevice(ada, phone.publicKey, 99)),
      statementOf(certifyDevice(mallory, laptop.publicKey, 0)),
      statementOf(revokeDevice(mallory, laptop.publicKey, 0)),
    ]);
    const expected = devicesOf(ada.did, statements);
    expect(expected.current).toMatchObject([{ device: laptop.did, issuedAt: 2 }]);
    expect(expected.revoked).toMatchObject([
      { device: phone.did, revokedAt: 7, frontier: [mark(1, 3, 2), mark(2, 4), mark(3, 1)] },
    ]);
    const anyOrder = fc.shuffledSubarray([...statements, ...statements], {
      minLength: statements.length * 2,
    });
    fc.assert(
      fc.property(anyOrder, (shuffled) => {
        const found = devicesOf(ada.did, shuffled);
        expect(found.current.map(({ device, issuedAt }) => [device, issuedAt])).toEqual(
          expected.current.map(({ device, issuedAt }) => [device, issuedAt]),
        );
        expect(found.revoked).toEqual(expected.revoked);
      }),
    );
  });

  test('never hold a device again once it was revoked, whatever is signed later', async () => {
    const revoked = await revokeDevice(ada, phone.publicKey, 1);
    const again = await certifyDevice(ada, phone.publicKey, 2_000_000_000_000);
    expect(await namesOf([revoked, again])).toEqual({ current: [], revoked: [phone.did] });
    expect(await namesOf([again, revoked])).toEqual({ current: [], revoked: [phone.did] });
  });

  test('cannot be changed by a stranger, by a device or by an agent', async () => {
    const certified = await certifyDevice(ada, laptop.publicKey, 1);
    const hostile = [
      await revokeDevice(mallory, laptop.publicKey, 2),
      await revokeDevice(laptop, phone.publicKey, 2),
      await certifyDevice(mallory, phone.publicKey, 2),
      await certifyAgent(ada, phone.publicKey, 2),
      await forgedRevocation(mallory, [1, ada.publicKey, laptop.publicKey, 2, []]),
      await forgedRevocation(ada, [1, ada.publicKey, laptop.publicKey, 2]),
      await forgedRevocation(ada, [2, ada.publicKey, laptop.publicKey, 2, []]),
      new Uint8Array(70_000),
      new Uint8Array(),
    ];
    const { devices, held } = await readDevices(ada.did, [...hostile, certified, ...hostile]);
    expect(devices.current.map(({ device }) => device)).toEqual([laptop.did]);
    expect(devices.revoked).toEqual([]);
    expect(held).toEqual([certified]);
  });

  test('a thousand worthless statements do not bury a revocation', async () => {
    const junk = Array.from({ length: 1_000 }, (_, i) => Uint8Array.of(i & 0xff, i >> 8));
    const revoked = await revokeDevice(ada, phone.publicKey, 3);
    expect(await namesOf([...junk, revoked])).toEqual({ current: [], revoked: [phone.did] });
  });
});

/** Any parts, signed as if they were a revocation. */
async function forgedRevocation(signer: Signer, parts: CborValue[]): Promise<Uint8Array> {
  return encodeCbor([...parts, await signer.sign(hashOf('device-revocation', encodeCbor(parts)))]);
}

describe('revocations', () => {
  test('say up to which entry of each space the person stands behind the device', async () => {
    const bytes = await revokeDevice(ada, phone.publicKey, 3, [mark(9, 2), mark(1, 5), mark(4, 0)]);
    expect(unwrap(await readRevocation(bytes))).toEqual({
      person: ada.did,
      device: phone.did,
      personKey: ada.publicKey,
      deviceKey: phone.publicKey,
      revokedAt: 3,
      frontier: [mark(1, 5), mark(4, 0), mark(9, 2)],
    });
  });

  test('are not made with two marks for one space', async () => {
    const twice = [mark(1, 5), mark(1, 6)];
    expect(() => revokeDevice(ada, phone.publicKey, 3, twice)).toThrow('one well-formed mark');
  });

  test.for([
    [
      'marks out of order',
      [
        [2, 1],
        [1, 1],
      ],
    ],
    [
      'two marks for a space',
      [
        [1, 1],
        [1, 2],
      ],
    ],
    ['a hash for no entry', [[1, 0, 9]]],
    ['no hash for an entry', [[1, 4, 0]]],
  ] as const)('%s are refused', async ([, marks]) => {
    const parts = marks.map(([space, seq, hash = seq]) => [
      new Uint8Array(32).fill(space),
      seq,
      new Uint8Array(32).fill(hash),
    ]);
    const bytes = await forgedRevocation(ada, [1, ada.publicKey, phone.publicKey, 3, parts]);
    expect(await readRevocation(bytes)).toMatchObject({ failure: { code: 'malformed' } });
  });

  test('are refused when cut anywhere', async () => {
    const bytes = await revokeDevice(ada, phone.publicKey, 3, [mark(1, 5)]);
    for (let length = 0; length < bytes.length; length++) {
      expect((await readDeviceStatement(bytes.slice(0, length))).ok).toBe(false);
    }
  });
});

describe('a list of statements on the wire', () => {
  test('has one spelling, whatever order it was made in', async () => {
    const one = await certifyDevice(ada, laptop.publicKey, 1);
    const two = await revokeDevice(ada, phone.publicKey, 2);
    const list = encodeDeviceList([one, two, one]);
    expect(encodeDeviceList([two, one])).toEqual(list);
    expect(unwrap(decodeDeviceList(list))).toHaveLength(2);
    expect(unwrap(decodeDeviceList(encodeDeviceList([])))).toEqual([]);
  });

  test.for([
    ['nothing', new Uint8Array()],
    ['no list', encodeCbor({ a: 1 })],
    ['something else in it', encodeCbor([Uint8Array.of(1), 'text'])],
    ['out of order', encodeCbor([Uint8Array.of(2), Uint8Array.of(1)])],
    ['twice the same', encodeCbor([Uint8Array.of(1), Uint8Array.of(1)])],
    ['an empty statement', encodeCbor([new Uint8Array()])],
    ['too many', encodeCbor(Array.from({ length: 257 }, (_, i) => Uint8Array.of(i >> 8, i)))],
    ['trailing bytes', concatBytes(encodeCbor([Uint8Array.of(1)]), Uint8Array.of(0))],
  ] as const)('%s is refused', ([, bytes]) => {
    expect(decodeDeviceList(bytes)).toMatchObject({ failure: { code: 'malformed' } });
  });

  test('is bounded', () => {
    expect(decodeDeviceList(new Uint8Array(600_000))).toMatchObject({
      failure: { code: 'too_large' },
    });
  });
});
