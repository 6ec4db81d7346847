// Welcomes that hostile stewards may send to who comes in: nobody is led into a group that is not the space's.
import { describe, expect, test } from 'vitest';
import { encodeMlsMessage } from 'ts-mls/message.js';
import { isWelcomed } from '../../../../lib/group/mls-group.ts';
import { mlsDevice } from '../../../../lib/group/mls-key-package.ts';
import { randomBytes } from '../../../../lib/identity/hash.ts';
import { unwrap } from '../../../../lib/wire/failure.ts';
import { forge } from '../../../support/group.ts';
import { admit } from '../../../support/group-people.ts';
import { catchUp, createMlsDevice, decide, nodeOf, startMlsSpace } from '../../../support/mls.ts';
import {
  bent,
  commitOf,
  deviceOf,
  GARBAGE,
  heardBy,
  messagesIn,
  threeOfThem,
  wideWelcome,
} from '../../../support/mls-hostile.ts';

describe('a Welcome that is', () => {
  test.for(GARBAGE)('%s leads nowhere, and nobody breaks', async ([, make]) => {
    const { space, adas } = await threeOfThem();
    const chi = await createMlsDevice();
    const entry = await bent(space, { acts: [admit(chi)] }, () => ({ welcome: make() }));
    const chis = await nodeOf(space, chi);
    await catchUp(space, chis);
    expect(await heardBy(space, chis, entry)).toEqual(['does_not_open']);
    expect(await heardBy(space, adas, entry)).toEqual([]);
  });

  test('for another device', async () => {
    const { space } = await threeOfThem();
    const [chi, dan] = [await createMlsDevice(), await createMlsDevice()];
    const other = await bent(space, { acts: [admit(dan)] }, () => ({}));
    if (other.epoch?.scheme !== 'mls') throw new Error('expected an epoch');
    const { welcome } = other.epoch;
    const entry = await bent(space, { acts: [admit(chi)] }, () => ({ welcome }));
    const chis = await nodeOf(space, chi);
    await catchUp(space, chis);
    expect(await heardBy(space, chis, entry)).toEqual(['does_not_open']);
  });

  test('to another space, by one’s own KeyPackage', async () => {
    const [one, other] = [await startMlsSpace(), await startMlsSpace()];
    const chi = await createMlsDevice();
    unwrap(await decide(other, { acts: [admit(chi)] }));
    const last = messagesIn(other).at(-1);
    const { welcome = null, commitment = randomBytes(32) } = last ?? {};
    const entry = await bent(one, { acts: [admit(chi)] }, () => ({ welcome, commitment }));
    const chis = await nodeOf(one, chi);
    await catchUp(one, chis);
    expect(await heardBy(one, chis, entry)).toEqual(['does_not_open']);
  });

  test('to a group with an outsider in it', async () => {
    const space = await startMlsSpace();
    const [chi, mallory] = [await createMlsDevice(), await createMlsDevice()];
    const all = [...space.founder.log.tip().devices.values()];
    const wide = [...all, deviceOf(chi), deviceOf(mallory)];
    const step = await commitOf(space.founder, wide);
    const entry = await bent(space, { acts: [admit(chi)] }, () => step);
    const chis = await nodeOf(space, chi);
    await catchUp(space, chis);
    expect(await heardBy(space, chis, entry)).toEqual(['does_not_open']);
  });

  test('signed by another member than the one who drafted the entry', async () => {
    const { space, bobs } = await threeOfThem();
    const chi = await createMlsDevice();
    const all = [...space.founder.log.tip().devices.values()];
    const byBob = await commitOf(bobs, [...all, deviceOf(chi)]);
    const entry = await bent(space, { acts: [admit(chi)] }, () => byBob);
    const chis = await nodeOf(space, chi);
    await catchUp(space, chis);
    expect(await heardBy(space, chis, entry)).toEqual(['does_not_open']);
  });

  test('to a tree far wider than a space can be is put away before it costs anything', async () => {
    const { space } = await threeOfThem();
    const chi = await createMlsDevice();
    const own = await mlsDevice(chi.signer, chi.stored);
    const welcome = await wideWelcome(chi, 100_000);
    const bend = () => ({ welcome: encodeMlsMessage(welcome) });
    const entry = await bent(space, { acts: [admit(chi)] }, bend);
    const chis = await nodeOf(space, chi);
    await catchUp(space, chis);
    expect(await isWelcomed(own, encodeMlsMessage(welcome))).toBe(true);
    expect(await heardBy(space, chis, entry)).toEqual(['does_not_open']);
  });

  test('missing, is no entry at all', async () => {
    const { space, adas } = await threeOfThem();
    const chi = await createMlsDevice();
    const entry = await bent(space, { acts: [admit(chi)] }, () => ({ welcome: null }));
    const taken = await adas.log.take(await forge(entry, [space.founder.device]));
    expect(taken).toMatchObject({ ok: false, failure: { code: 'conflict' } });
  });
});
