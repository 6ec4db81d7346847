// Commits that hostile stewards, removed members and strangers may send. A certified entry stands by its form, so that nodes
// and relays agree on it; what is in it leads nobody astray, and whoever got nothing from it complains.
import { describe, expect, test } from 'vitest';
import { randomBytes } from '../../../../lib/identity/hash.ts';
import { decodeControlEntry } from '../../../../lib/wire/control.ts';
import { unwrap } from '../../../../lib/wire/failure.ts';
import type { Change } from '../../../support/group.ts';
import { expel } from '../../../support/group-people.ts';
import { catchUp, decide, draft, runningSecret } from '../../../support/mls.ts';
import {
  bent,
  commitOf,
  GARBAGE,
  heardBy,
  messagesIn,
  threeOfThem,
} from '../../../support/mls-hostile.ts';

const RENEW: Change = { acts: [], renew: true };

describe('a Commit that is', () => {
  test.for(GARBAGE)('%s leads nowhere, and nobody breaks', async ([, make]) => {
    const { space, adas } = await threeOfThem();
    const entry = await bent(space, { acts: [], renew: true }, () => ({ commit: make() }));
    expect(await heardBy(space, adas, entry)).toEqual(['does_not_open']);
    expect(runningSecret(adas)).toBeNull();
  });

  test('of an epoch before', async () => {
    const { space, adas, bobs } = await threeOfThem();
    unwrap(await decide(space, { acts: [], renew: true }));
    for (const node of [adas, bobs]) await catchUp(space, node);
    const commit = messagesIn(space).at(-1)?.commit ?? null;
    const entry = await bent(space, { acts: [], renew: true }, () => ({ commit }));
    expect(await heardBy(space, adas, entry)).toEqual(['does_not_open']);
  });

  test('of an epoch to come', async () => {
    const { space, adas } = await threeOfThem();
    const first = unwrap(await draft(space.founder, { acts: [], renew: true }));
    unwrap(await decide(space, { acts: [], renew: true }));
    const later = await bent(space, { acts: [], renew: true }, () => ({}));
    const held = unwrap(decodeControlEntry(first));
    if (held.epoch?.scheme !== 'mls' || later.epoch?.scheme !== 'mls') throw new Error('no epoch');
    const entry = { ...held, epoch: { ...held.epoch, commit: later.epoch.commit } };
    expect(await heardBy(space, adas, entry)).toEqual(['does_not_open']);
  });

  test('by a member who was removed', async () => {
    const { space, adas, bobs } = await threeOfThem();
    const byBob = await commitOf(bobs, [...space.founder.log.tip().devices.values()]);
    unwrap(await decide(space, { acts: [expel(bobs.device)] }));
    await catchUp(space, adas);
    const entry = await bent(space, { acts: [], renew: true }, () => byBob);
    expect(await heardBy(space, adas, entry)).toEqual(['does_not_open']);
  });

  test('by another member than the one who drafted the entry', async () => {
    const { space, adas, bobs } = await threeOfThem();
    const byBob = await commitOf(bobs, [...space.founder.log.tip().devices.values()]);
    const entry = await bent(space, { acts: [], renew: true }, () => byBob);
    expect(await heardBy(space, adas, entry)).toEqual(['does_not_open']);
  });

  test('by who keeps someone in whom the entry puts out', async () => {
    const { space, adas, bobs } = await threeOfThem();
    const all = [...space.founder.log.tip().devices.values()];
    const keeping = await commitOf(space.founder, all);
    const entry = await bent(space, { acts: [expel(bobs.device)] }, () => keeping);
    expect(await heardBy(space, adas, entry)).toEqual(['does_not_open']);
  });

  test('by who puts someone out whom the entry keeps in', async () => {
    const { space, adas, bobs } = await threeOfThem();
    const all = [...space.founder.log.tip().devices.values()];
    const others = all.filter(({ key }) => Buffer.compare(key, bobs.device.key) !== 0);
    const entry = await bent(
      space,
      { acts: [], renew: true },
      await commitOf(space.founder, others).then((step) => () => step),
    );
    expect(await heardBy(space, adas, entry)).toEqual(['does_not_open']);
    expect(await heardBy(space, bobs, entry)).toEqual(['does_not_open']);
  });

  test('in order, for a secret that is not the one promised', async () => {
    const { space, adas } = await threeOfThem();
    const commitment = randomBytes(32);
    const entry = await bent(space, { acts: [], renew: true }, () => ({ commitment }));
    expect(await heardBy(space, adas, entry)).toEqual(['wrong_secret']);
    expect(runningSecret(adas)).toBeNull();
  });
});

test('a steward does not vote for what leads it nowhere', async () => {
  const { space, adas } = await threeOfThem();
  const person = adas.device.person.signer.publicKey;
  unwrap(await decide(space, { acts: [{ kind: 'role', person, role: 'steward' }] }));
  await catchUp(space, adas);
  const entry = await bent(space, { acts: [], renew: true }, () => ({ commit: randomBytes(300) }));
  const good = unwrap(decodeControlEntry(unwrap(await draft(space.founder, RENEW))));
  const next = adas.log.tip();
  expect(await adas.keys.mls?.accepts(entry, next)).toBe(false);
  expect(await adas.keys.mls?.accepts(good, next)).toBe(true);
  expect(runningSecret(adas)).toBe(runningSecret(space.founder));
});
