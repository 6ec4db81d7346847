// KeyPackages that strangers may give: only a device's own, whole and signed, lets it in.
import { describe, expect, test } from 'vitest';
import { createKeyPackage } from '../../../../lib/group/mls-key-package.ts';
import { enrol } from '../../../../lib/group/statements.ts';
import { randomBytes } from '../../../../lib/identity/hash.ts';
import { unwrap } from '../../../../lib/wire/failure.ts';
import { admit, expel } from '../../../support/group-people.ts';
import {
  catchUp,
  createMlsDevice,
  decide,
  draft,
  runningSecret,
  startMlsSpace,
} from '../../../support/mls.ts';
import { threeOfThem } from '../../../support/mls-hostile.ts';

describe('a KeyPackage that is', () => {
  test('garbage, another’s or bent lets nobody in', async () => {
    const space = await startMlsSpace();
    const [ada, bob] = [await createMlsDevice(), await createMlsDevice()];
    const flipped = ada.stored.bytes.slice();
    flipped.set([(flipped.at(-1) ?? 0) ^ 1], flipped.length - 1);
    const longer = Uint8Array.of(...ada.stored.bytes, 0);
    for (const bytes of [randomBytes(300), bob.stored.bytes, flipped, longer]) {
      const { signer, certificate, wrapKey } = ada;
      const enrolment = await enrol(signer, certificate, wrapKey.publicKey, bytes);
      const drafted = await draft(space.founder, { acts: [admit({ ...ada, enrolment })] });
      expect(drafted).toMatchObject({ ok: false, failure: { code: 'malformed' } });
    }
    expect(unwrap(await decide(space, { acts: [admit(ada)] }))).toBeTruthy();
  });

  test('signed by another device for this one lets nobody in', async () => {
    const space = await startMlsSpace();
    const [ada, mallory] = [await createMlsDevice(), await createMlsDevice()];
    const { signer, certificate, wrapKey } = ada;
    const liar = { ...mallory.signer, publicKey: signer.publicKey, did: signer.did };
    const { bytes } = await createKeyPackage(liar);
    const enrolment = await enrol(signer, certificate, wrapKey.publicKey, bytes);
    const drafted = await draft(space.founder, { acts: [admit({ ...ada, enrolment })] });
    expect(drafted).toMatchObject({ ok: false, failure: { code: 'malformed' } });
  });

  test('missing is refused by everyone', async () => {
    const space = await startMlsSpace();
    const ada = await createMlsDevice();
    const enrolment = { ...ada.enrolment, keyPackage: null };
    const drafted = await draft(space.founder, { acts: [admit({ ...ada, enrolment })] });
    expect(drafted).toMatchObject({ ok: false, failure: { code: 'conflict' } });
  });

  test('of a removed device opens nothing any more', async () => {
    const { space, bobs } = await threeOfThem();
    unwrap(await decide(space, { acts: [expel(bobs.device)] }));
    const again = await draft(space.founder, { acts: [admit(bobs.device)] });
    expect(again).toMatchObject({ ok: false, failure: { code: 'conflict' } });
    await catchUp(space, bobs);
    expect(runningSecret(bobs)).toBeNull();
    expect(bobs.memory.record?.group).toBeNull();
  });
});
