// Who can derive which epoch's keys: what wraps, the chain of epochs and the history policy give, and what they withhold.
import { expect, test } from 'vitest';
import { readControl } from '../../../lib/group/control-entry.ts';
import { createEpochSecret, isSecretOf, openPrevious } from '../../../lib/group/epoch-secrets.ts';
import { createWrapKey } from '../../../lib/group/wrap-key.ts';
import { openWrap, wrapSecret, wrapSuite } from '../../../lib/group/wraps.ts';
import { randomBytes } from '../../../lib/identity/hash.ts';
import { fromHex, toHex } from '../../../lib/wire/bytes.ts';
import type { WrapEpoch } from '../../../lib/wire/control-epoch.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { followedKeys, lastControl, startGroup, type TestGroup } from '../../support/group.ts';
import { admit, createDevice, expel, type GroupDevice } from '../../support/group-people.ts';

const FROM_JOINING = { admit: 'by_hand', history: 'from_joining', promotion: 0 } as const;

async function epochsOf(group: TestGroup, device: GroupDevice): Promise<number[]> {
  const { keys } = await followedKeys(group, device);
  return [...keys.secrets().keys()].toSorted((a, b) => a - b);
}

test('every member derives the same keys for every author and epoch', async () => {
  const group = await startGroup();
  const [ada, bob] = [await createDevice(), await createDevice()];
  await group.act(admit(ada));
  await group.act(admit(bob));
  await group.act(expel(bob));
  const [{ keys: founders }, { keys: adas }] = [
    await followedKeys(group, group.founder),
    await followedKeys(group, ada),
  ];
  expect(adas.current()).toBe(1);
  for (const epoch of [0, 1]) {
    const one = unwrap(await founders.authorKey(epoch, bob.key));
    const other = unwrap(await adas.authorKey(epoch, bob.key));
    expect(toHex(one.commitment)).toBe(toHex(other.commitment));
    const [a, b] = [await founders.accessSigner(epoch), await adas.accessSigner(epoch)];
    expect(unwrap(a).did).toBe(unwrap(b).did);
    expect(unwrap(a).publicKey).toEqual(group.state().epochs[epoch]?.access);
    expect((await adas.presenceKey(epoch)).ok).toBe(true);
  }
  expect(await adas.authorKey(2, bob.key)).toMatchObject({
    failure: { code: 'permission_denied' },
  });
});

test('a newcomer reads all of the history where the policy says so', async () => {
  const group = await startGroup();
  const [ada, bob, cleo] = [await createDevice(), await createDevice(), await createDevice()];
  await group.act(admit(ada));
  await group.act(expel(ada));
  await group.act(admit(bob));
  await group.act(expel(bob));
  await group.act(admit(cleo));
  expect(await epochsOf(group, cleo)).toEqual([0, 1, 2]);
});

test('a newcomer reads nothing from before where history begins at joining', async () => {
  const group = await startGroup();
  await group.act({ kind: 'policy', policy: FROM_JOINING });
  const [ada, bob] = [await createDevice(), await createDevice()];
  await group.act(admit(ada));
  await group.act(admit(bob));
  await group.act(expel(bob));
  expect(await epochsOf(group, ada)).toEqual([1, 2, 3]);
  expect(await epochsOf(group, bob)).toEqual([2]);
  expect(await epochsOf(group, group.founder)).toEqual([0, 1, 2, 3]);
});

test('a second device gets older secrets from the first, and only the right ones', async () => {
  const group = await startGroup();
  await group.act({ kind: 'policy', policy: FROM_JOINING });
  const laptop = await createDevice();
  await group.act(admit(laptop));
  await group.act(admit(await createDevice()));
  const phone = await createDevice(laptop.person);
  await group.act({ kind: 'add_device', device: phone.enrolment });
  const { keys } = await followedKeys(group, phone);
  expect([...keys.secrets().keys()]).toEqual([2]);
  const { keys: laptops } = await followedKeys(group, laptop);
  const older = laptops.secrets().get(1) ?? new Uint8Array();
  expect(await keys.learn(1, randomBytes(32))).toMatchObject({
    failure: { code: 'bad_signature' },
  });
  expect(await keys.learn(9, older)).toMatchObject({ failure: { code: 'not_found' } });
  expect((await keys.learn(1, older)).ok).toBe(true);
  expect(toHex(keys.secrets().get(1) ?? new Uint8Array())).toBe(toHex(older));
});

test('a removed device gets no later secret out of anything that it ever had or sees', async () => {
  const group = await startGroup();
  const [ada, mallory] = [await createDevice(), await createDevice()];
  await group.act(admit(ada));
  await group.act(admit(mallory));
  await group.act(expel(mallory));
  await group.act(admit(await createDevice()));
  await group.decide({ acts: [], renew: true });
  const { keys, complaints } = await followedKeys(group, mallory);
  const { keys: adas } = await followedKeys(group, ada);
  expect([...keys.secrets().keys()]).toEqual([0]);
  expect(complaints).toEqual([]);
  expect(new Set(adas.secrets().keys())).toEqual(new Set([0, 1, 2]));
  const had = [...keys.secrets().values()];
  const { space, epochs } = group.state();
  for (const bytes of group.entries) {
    for (const secret of had) {
      for (const { number, previous, wraps, commitment } of epochPartsIn(bytes)) {
        if (number === 0) continue;
        const below = previous && (await openPrevious({ space, number }, secret, previous));
        expect(below).toBeNull();
        for (const wrap of wraps) {
          for (const device of [mallory.key, wrap.device]) {
            const context = { space, epoch: number, commitment, device };
            expect((await openWrap(wrap, mallory.wrapKey, context)).ok).toBe(false);
          }
        }
      }
      for (const epoch of epochs.slice(1)) {
        expect(await isSecretOf(epoch, space, secret)).toBe(false);
      }
    }
  }
});

test('a wrap opens only for its device, in its space and epoch', async () => {
  const [own, other] = [await createWrapKey(), await createWrapKey()];
  const secret = createEpochSecret();
  const [space, commitment, device] = [randomBytes(32), randomBytes(32), randomBytes(32)];
  const context = { space, epoch: 3, commitment, device };
  const wrap = unwrap(await wrapSecret(secret, own.publicKey, context));
  expect(toHex(unwrap(await openWrap(wrap, own, context)))).toBe(toHex(secret));
  const elsewhere = [
    { ...context, space: randomBytes(32) },
    { ...context, epoch: 4 },
    { ...context, device: randomBytes(32) },
    { ...context, commitment: randomBytes(32) },
  ];
  for (const wrong of elsewhere) expect((await openWrap(wrap, own, wrong)).ok).toBe(false);
  expect((await openWrap(wrap, other, context)).ok).toBe(false);
  const zero = await wrapSecret(secret, new Uint8Array(32), context);
  expect(zero).toMatchObject({ ok: false, failure: { code: 'malformed' } });
});

test('the private half of a wrap key cannot be exported', async () => {
  const { pair } = await createWrapKey();
  await expect(crypto.subtle.exportKey('pkcs8', pair.privateKey)).rejects.toThrow();
});

test('members keep their secrets when another steward draws a key out of turn', async () => {
  const group = await startGroup();
  const ada = await createDevice();
  await group.act(admit(ada));
  await group.decide({ acts: [], renew: true });
  expect(lastControl(group).entry.epoch?.number).toBe(1);
  expect(await epochsOf(group, ada)).toEqual([0, 1]);
});

// RFC 9180, appendix A.1.1: DHKEM(X25519, HKDF-SHA256); the encapsulated key of the published ephemeral pair.
test('the encapsulation agrees with the published vector', async () => {
  const suite = wrapSuite();
  const skEm = '52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736';
  const pkEm = '37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431';
  const pkRm = '3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d';
  const shared = 'fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc';
  const recipientPublicKey = await suite.kem.deserializePublicKey(bytesOf(pkRm));
  const ekm = {
    privateKey: await suite.kem.deserializePrivateKey(bytesOf(skEm)),
    publicKey: await suite.kem.deserializePublicKey(bytesOf(pkEm)),
  };
  const { enc, sharedSecret } = await suite.kem.encap({ recipientPublicKey, ekm });
  expect(toHex(new Uint8Array(enc))).toBe(pkEm);
  expect(toHex(new Uint8Array(sharedSecret))).toBe(shared);
});

function epochPartsIn(bytes: Uint8Array): WrapEpoch[] {
  const { epoch } = unwrap(readControl(bytes)).entry;
  return epoch?.scheme === 'wrap' ? [epoch] : [];
}

function bytesOf(hex: string): ArrayBuffer {
  const bytes = fromHex(hex);
  if (bytes === null) throw new Error('expected hex');
  return new Uint8Array(bytes).buffer;
}
