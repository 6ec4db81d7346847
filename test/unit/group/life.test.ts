// The life of a group, from founding to the founder's leaving, as its control log tells it.
import { describe, expect, test } from 'vitest';
import { devicesOf, roleOf, stewardsOf } from '../../../lib/group/control-state.ts';
import { approvePromotion, sayLeave } from '../../../lib/group/statements.ts';
import { randomBytes } from '../../../lib/identity/hash.ts';
import { ROLES, type Act } from '../../../lib/wire/control-act.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { foundGroup, startGroup } from '../../support/group.ts';
import {
  admit,
  createDevice,
  nothingOf,
  upTo,
  type GroupDevice,
} from '../../support/group-people.ts';

const CARRIER = {
  blob: new Uint8Array(32),
  size: 1,
  epoch: 0,
  key: { nonce: new Uint8Array(12), ciphertext: new Uint8Array(48) },
};

describe('founding', () => {
  test('at first the creator is the only person and steward, and no device is in', async () => {
    const group = await foundGroup();
    const state = group.state();
    expect(state.height).toBe(0);
    expect(stewardsOf(state)).toEqual([group.founder.person.id]);
    expect(devicesOf(state)).toEqual([]);
  });

  test('the creator enrols the first device with it', async () => {
    const group = await startGroup();
    expect(group.state().height).toBe(1);
    expect(roleOf(group.state(), group.founder.key)).toBe('steward');
    expect(group.state().epochs).toHaveLength(1);
  });
});

describe('people', () => {
  test.for(ROLES)('come in as %s', async (role) => {
    const group = await startGroup();
    const ada = await createDevice();
    const state = await group.act(admit(ada, role));
    expect(roleOf(state, ada.key)).toBe(role);
    expect(state.epochs).toHaveLength(1);
  });

  test('bring more devices, which have their role', async () => {
    const group = await startGroup();
    const laptop = await createDevice();
    const phone = await createDevice(laptop.person);
    await group.act(admit(laptop, 'commenter'));
    const state = await group.act({ kind: 'add_device', device: phone.enrolment });
    expect(roleOf(state, phone.key)).toBe('commenter');
    expect(state.persons.get(laptop.person.id)?.voter).toBe(laptop.id);
  });

  test('are removed with a frontier for each device, and a new epoch begins', async () => {
    const group = await startGroup();
    const ada = await createDevice();
    await group.act(admit(ada));
    const frontier = upTo(ada, 7);
    const person = ada.person.signer.publicKey;
    const state = await group.act({ kind: 'remove', person, frontiers: [frontier] });
    expect(roleOf(state, ada.key)).toBeNull();
    expect(state.gone.get(ada.id)).toMatchObject(frontier);
    expect(state.epochs).toHaveLength(2);
  });

  test('come back with a new key, while the old one stays out', async () => {
    const group = await startGroup();
    const old = await createDevice();
    const fresh = await createDevice(old.person);
    await group.act(admit(old));
    const person = old.person.signer.publicKey;
    await group.act({ kind: 'remove', person, frontiers: [nothingOf(old)] });
    const again = await group.decide({ acts: [admit(old)] });
    expect(again).toMatchObject({ ok: false, failure: { code: 'conflict' } });
    const state = await group.act(admit(fresh));
    expect(roleOf(state, fresh.key)).toBe('editor');
    expect(state.gone.has(old.id)).toBe(true);
  });

  test('change roles, and a role that is held already is no change', async () => {
    const group = await startGroup();
    const ada = await createDevice();
    await group.act(admit(ada, 'reader'));
    const person = ada.person.signer.publicKey;
    const state = await group.act({ kind: 'role', person, role: 'editor' });
    expect(roleOf(state, ada.key)).toBe('editor');
    const again = await group.decide({ acts: [{ kind: 'role', person, role: 'editor' }] });
    expect(again.ok).toBe(false);
  });

  test('leave by their own word', async () => {
    const group = await startGroup();
    const ada = await createDevice();
    await group.act(admit(ada));
    const frontiers = [upTo(ada, 3)];
    const said = await sayLeave(ada.signer, group.state().space, frontiers);
    const person = ada.person.signer.publicKey;
    const state = await group.act({ kind: 'leave', person, frontiers, said });
    expect(state.persons.has(ada.person.id)).toBe(false);
    expect(state.epochs).toHaveLength(2);
  });
});

describe('stewards', () => {
  test('hand over: the founder makes another and goes', async () => {
    const group = await startGroup();
    const ada = await createDevice();
    await group.act(admit(ada, 'steward'));
    const person = group.founder.person.signer.publicKey;
    const frontiers = [nothingOf(group.founder)];
    const both = [group.founder, ada];
    unwrap(await group.decide({ acts: [{ kind: 'remove', person, frontiers }] }, both));
    expect(stewardsOf(group.state())).toEqual([ada.person.id]);
    const policy = { admit: 'by_invite', history: 'full', promotion: 0 } as const;
    const late = await group.decide({ acts: [{ kind: 'policy', policy }] });
    expect(late).toMatchObject({ ok: false, failure: { code: 'bad_signature' } });
  });

  test('the last one can neither go nor step down', async () => {
    const group = await startGroup();
    const person = group.founder.person.signer.publicKey;
    const frontiers = [nothingOf(group.founder)];
    const acts: Act[] = [
      { kind: 'remove', person, frontiers },
      { kind: 'role', person, role: 'editor' },
    ];
    for (const act of acts) {
      const refused = await group.decide({ acts: [act] });
      expect(refused).toMatchObject({ ok: false, failure: { code: 'conflict' } });
    }
  });

  test('one who lost every device comes back by the phrase', async () => {
    const group = await startGroup();
    const found = await createDevice(group.founder.person);
    const acts: Act[] = [
      { kind: 'revoke_device', frontier: upTo(group.founder, 12) },
      { kind: 'add_device', device: found.enrolment },
    ];
    const state = unwrap(await group.decide({ acts, by: found, secret: null }, [found]));
    expect(roleOf(state, found.key)).toBe('steward');
    expect(state.persons.get(found.person.id)?.voter).toBe(found.id);
    expect(state.epochs).toHaveLength(2);
  });

  test('move their vote to another of their devices', async () => {
    const group = await startGroup();
    const phone = await createDevice(group.founder.person);
    await group.act({ kind: 'add_device', device: phone.enrolment });
    const ada = await createDevice();
    const early = await group.decide({ acts: [admit(ada)], by: phone }, [phone]);
    expect(early).toMatchObject({ ok: false, failure: { code: 'bad_signature' } });
    await group.act({ kind: 'voter', device: phone.key });
    unwrap(await group.decide({ acts: [admit(ada)], by: group.founder }, [phone]));
    expect(roleOf(group.state(), ada.key)).toBe('editor');
  });
});

describe('what was written', () => {
  test('a frontier moves forwards to rescue late work, and never back', async () => {
    const group = await startGroup();
    const ada = await createDevice();
    await group.act(admit(ada));
    const person = ada.person.signer.publicKey;
    await group.act({ kind: 'remove', person, frontiers: [upTo(ada, 7)] });
    const state = await group.act({ kind: 'extend_frontier', frontier: upTo(ada, 9) });
    expect(state.gone.get(ada.id)?.seq).toBe(9);
    expect(state.epochs).toHaveLength(2);
    const back = await group.decide({
      acts: [{ kind: 'extend_frontier', frontier: upTo(ada, 8) }],
    });
    expect(back).toMatchObject({ ok: false, failure: { code: 'conflict' } });
  });

  test('a checkpoint never goes below the one before it, nor does a removal', async () => {
    const group = await startGroup();
    const ada = await createDevice();
    await group.act(admit(ada));
    const at5 = upTo(ada, 5);
    const snapshot = randomBytes(32);
    await group.act({ kind: 'checkpoint', snapshot, carrier: CARRIER, heads: [at5] });
    const person = ada.person.signer.publicKey;
    const refused: Act[] = [
      { kind: 'checkpoint', snapshot, carrier: CARRIER, heads: [] },
      { kind: 'checkpoint', snapshot, carrier: CARRIER, heads: [upTo(ada, 4)] },
      { kind: 'checkpoint', snapshot, carrier: CARRIER, heads: [upTo(ada, 5)] },
      {
        kind: 'checkpoint',
        snapshot,
        carrier: CARRIER,
        heads: [at5, upTo(await createDevice(), 1)].toSorted(byDevice),
      },
      { kind: 'remove', person, frontiers: [upTo(ada, 4)] },
      { kind: 'remove', person, frontiers: [upTo(ada, 5)] },
    ];
    for (const act of refused) {
      const result = await group.decide({ acts: [act] });
      expect(result).toMatchObject({ ok: false, failure: { code: 'conflict' } });
    }
    await group.act({ kind: 'remove', person, frontiers: [at5] });
    await group.act({ kind: 'checkpoint', snapshot, carrier: CARRIER, heads: [at5] });
  });

  test('a promotion needs the approvals that the policy asks for, each for what it replaces', async () => {
    const group = await startGroup();
    const [ada, bob] = [await createDevice(), await createDevice()];
    const policy = { admit: 'by_hand', history: 'full', promotion: 2 } as const;
    await group.act(admit(ada), admit(bob, 'commenter'), { kind: 'policy', policy });
    const promotion = { branch: 'b1', artifact: 'a1', heads: [randomBytes(32)] };
    const question = { space: group.state().space, promotion, replaced: null };
    const approve = (device: GroupDevice) => approvePromotion(device.signer, question);
    const promote = async (...by: GroupDevice[]): Promise<Act> => {
      const approvals = (await Promise.all(by.map(approve))).toSorted(byDevice);
      return { kind: 'promote', promotion, approvals };
    };
    const adasPhone = await createDevice(ada.person);
    await group.act({ kind: 'add_device', device: adasPhone.enrolment });
    const few = await group.decide({ acts: [await promote(ada, adasPhone)] });
    const commenter = await group.decide({ acts: [await promote(ada, bob)] });
    expect([few.ok, commenter.ok]).toEqual([false, false]);
    const enough = await promote(ada, group.founder);
    const state = await group.act(enough);
    expect(state.promoted.get('a1')).toEqual(promotion);
    const replayed = await group.decide({ acts: [enough] });
    expect(replayed).toMatchObject({ ok: false, failure: { code: 'bad_signature' } });
  });
});

function byDevice(a: { readonly device: Uint8Array }, b: { readonly device: Uint8Array }): number {
  return Buffer.compare(a.device, b.device);
}
