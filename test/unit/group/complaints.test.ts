// Keys that are no good: who notices, what they say, and whose complaints count.
import { describe, expect, test } from 'vitest';
import { complain, readComplaint } from '../../../lib/group/complaints.ts';
import { createControlLog } from '../../../lib/group/control-log.ts';
import { deriveAccessSigner } from '../../../lib/group/epoch-keys.ts';
import { commitmentTo, createEpochSecret, sealPrevious } from '../../../lib/group/epoch-secrets.ts';
import { wrapSecret } from '../../../lib/group/wraps.ts';
import { randomBytes } from '../../../lib/identity/hash.ts';
import { decodeComplaint, encodeComplaint } from '../../../lib/wire/complaint.ts';
import type { WrapEpoch } from '../../../lib/wire/control-epoch.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import {
  draftEntry,
  followedKeys,
  forge,
  lastControl,
  startGroup,
  wrapsIn,
  type TestGroup,
} from '../../support/group.ts';
import { admit, createDevice, type GroupDevice } from '../../support/group-people.ts';

/** A group of two and an entry that starts an epoch, with the part that the steward bent for the second. */
async function badKey(
  bend: (part: WrapEpoch, to: GroupDevice, space: Uint8Array) => Promise<WrapEpoch>,
): Promise<[TestGroup, GroupDevice]> {
  const group = await startGroup();
  const ada = await createDevice();
  await group.act(admit(ada, 'reader'));
  const entry = await draftEntry(group, { acts: [], renew: true });
  const epoch = await bend(wrapsIn(entry), ada, entry.space);
  const bytes = await forge({ ...entry, epoch }, [group.founder]);
  expect(unwrap(await group.log.take(bytes)).taken).toHaveLength(1);
  group.entries.push(bytes);
  return [group, ada];
}

function replaceWrap(part: WrapEpoch, wrap: WrapEpoch['wraps'][number]): WrapEpoch {
  const same = (device: Uint8Array) => Buffer.compare(device, wrap.device) === 0;
  return { ...part, wraps: part.wraps.map((each) => (same(each.device) ? wrap : each)) };
}

const garbled = () =>
  badKey(async (part, ada) =>
    replaceWrap(part, { device: ada.key, enc: randomBytes(32), ciphertext: randomBytes(48) }),
  );

describe('a member notices', () => {
  test('garbage', async () => {
    const [group, ada] = await garbled();
    const { keys, complaints } = await followedKeys(group, ada);
    expect(complaints).toEqual(['does_not_open']);
    expect(await keys.accessSigner(1)).toMatchObject({ failure: { code: 'permission_denied' } });
    expect((await keys.accessSigner(0)).ok).toBe(true);
  });

  test('another secret than the one certified', async () => {
    const [group, ada] = await badKey(async (part, to, space) => {
      const { number: epoch, commitment } = part;
      const context = { space, epoch, commitment, device: to.key };
      const other = createEpochSecret();
      return replaceWrap(part, unwrap(await wrapSecret(other, to.wrapKey.publicKey, context)));
    });
    expect((await followedKeys(group, ada)).complaints).toEqual(['wrong_secret']);
  });

  test('an access key that does not come from the secret', async () => {
    const [group, ada] = await badKey(async (part) => ({
      ...part,
      access: (await createDevice()).key,
    }));
    expect((await followedKeys(group, ada)).complaints).toEqual(['wrong_secret']);
  });

  test('a chain that does not lead back, or leads to another secret', async () => {
    const broken = await badKey(async (part) => ({
      ...part,
      previous: { nonce: randomBytes(12), ciphertext: randomBytes(48) },
    }));
    const misled = await badKey(async (part, to, space) => {
      const secret = createEpochSecret();
      const { number: epoch } = part;
      const commitment = commitmentTo(space, secret);
      const context = { space, epoch, commitment, device: to.key };
      const previous = await sealPrevious({ space, number: epoch }, secret, createEpochSecret());
      const wrap = unwrap(await wrapSecret(secret, to.wrapKey.publicKey, context));
      const access = (await deriveAccessSigner(secret, epoch)).publicKey;
      return replaceWrap({ ...part, commitment, access, previous }, wrap);
    });
    for (const [group, ada] of [broken, misled]) {
      expect((await followedKeys(group, ada)).complaints).toEqual(['wrong_previous']);
    }
  });
});

test('a good key out of turn mends a bad one', async () => {
  const [group, ada] = await garbled();
  const entry = await draftEntry(group, { acts: [], renew: true, secret: createEpochSecret() });
  const bytes = await forge(entry, [group.founder]);
  await group.log.take(bytes);
  group.entries.push(bytes);
  const { keys, complaints } = await followedKeys(group, ada);
  expect((await keys.accessSigner(2)).ok).toBe(true);
  expect(complaints).toEqual(['does_not_open', 'wrong_previous']);
});

async function made() {
  const [group, ada] = await garbled();
  const bytes = unwrap(await complain(ada.signer, lastControl(group), 'does_not_open'));
  return { group, ada, bytes };
}

describe('a complaint', () => {
  test('names the steward and the epoch, and counts when a member signed it', async () => {
    const { group, ada, bytes } = await made();
    const complaint = unwrap(await readComplaint(group.log, bytes));
    expect(complaint).toMatchObject({ epoch: 1, reason: 'does_not_open' });
    expect(complaint.steward).toEqual(group.founder.key);
    expect(complaint.device).toEqual(ada.key);
  });

  test('does not count when anything in it was changed', async () => {
    const { group, bytes } = await made();
    const complaint = unwrap(decodeComplaint(bytes));
    const other = await createDevice();
    const bent = [
      { ...complaint, epoch: 2 },
      { ...complaint, steward: other.key },
      { ...complaint, device: group.founder.key },
      { ...complaint, device: other.key },
      { ...complaint, reason: 'wrong_secret' as const },
      { ...complaint, space: randomBytes(32) },
      { ...complaint, signature: randomBytes(64) },
    ];
    for (const each of bent) {
      const read = await readComplaint(group.log, encodeComplaint(each));
      expect(read).toMatchObject({ ok: false, failure: { code: 'bad_signature' } });
    }
  });

  test('does not count from a stranger, against another steward or about another epoch', async () => {
    const { group, ada } = await made();
    const control = lastControl(group);
    const { entry } = control;
    const stranger = await createDevice();
    const epoch = entry.epoch && { ...entry.epoch, number: 2 };
    const signed = [
      await complain(stranger.signer, control, 'does_not_open'),
      await complain(
        ada.signer,
        { ...control, entry: { ...entry, proposer: ada.key } },
        'does_not_open',
      ),
      await complain(ada.signer, { ...control, entry: { ...entry, epoch } }, 'does_not_open'),
    ];
    for (const each of signed) {
      const read = await readComplaint(group.log, unwrap(each));
      expect(read).toMatchObject({ ok: false, failure: { code: 'bad_signature' } });
    }
  });

  test('waits for the entry that it is about', async () => {
    const { group, bytes } = await made();
    const log = unwrap(createControlLog(group.genesis));
    expect(await readComplaint(log, bytes)).toMatchObject({ failure: { code: 'not_found' } });
  });

  test('is not made about an entry without a key', async () => {
    const group = await startGroup();
    await group.act({
      kind: 'policy',
      policy: { admit: 'by_invite', history: 'full', promotion: 0 },
    });
    const complaint = await complain(group.founder.signer, lastControl(group), 'does_not_open');
    expect(complaint.ok).toBe(false);
  });
});
