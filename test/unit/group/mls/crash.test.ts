// A browser may end between any two writes. Where a device stands in the MLS group is written in one piece, and before the
// entry that rests on it is sent; the control log leads on from whatever was written.
import { expect, test } from 'vitest';
import { unwrap } from '../../../../lib/wire/failure.ts';
import { admit, expel, nothingOf } from '../../../support/group-people.ts';
import {
  catchUp,
  createMlsDevice,
  decide,
  draft,
  nodeOf,
  restart,
  runningSecret,
  startMlsSpace,
  vote,
  type MlsNode,
  type MlsSpace,
} from '../../../support/mls.ts';

async function two(): Promise<{ space: MlsSpace; adas: MlsNode }> {
  const space = await startMlsSpace();
  const ada = await createMlsDevice();
  unwrap(await decide(space, { acts: [admit(ada)] }));
  const adas = await nodeOf(space, ada);
  await catchUp(space, adas);
  return { space, adas };
}

test('a steward that ends after it drafted and before anything was sent drafts again', async () => {
  const { space, adas } = await two();
  unwrap(await draft(space.founder, { acts: [], renew: true }));
  const founder = await restart(space, space.founder);
  unwrap(await decide({ ...space, founder }, { acts: [], renew: true }));
  await catchUp(space, adas);
  expect(runningSecret(adas)).toBe(runningSecret(founder));
  expect(adas.complaints).toEqual([]);
});

test('a steward that ends after the vote goes on by what it had stored', async () => {
  const { space, adas } = await two();
  const drafted = unwrap(await draft(space.founder, { acts: [], renew: true }));
  const certified = unwrap(await vote(space.founder, drafted, [space.founder]));
  const restarted = await restart(space, space.founder);
  space.entries.push(certified);
  for (const node of [restarted, adas]) await catchUp(space, node);
  expect(runningSecret(restarted)).not.toBeNull();
  expect(runningSecret(adas)).toBe(runningSecret(restarted));
  expect(restarted.complaints).toEqual([]);
  expect(restarted.memory.record?.pending).toEqual([]);
});

test('a device that ends before it stored where an entry led comes there again', async () => {
  const { space, adas } = await two();
  adas.memory.isFull = true;
  for (let epochs = 0; epochs < 3; epochs += 1) {
    unwrap(await decide(space, { acts: [], renew: true }));
    await catchUp(space, adas);
  }
  expect(runningSecret(adas)).toBe(runningSecret(space.founder));
  const stored = adas.memory.record?.height;
  adas.memory.isFull = false;
  const again = await restart(space, adas);
  expect(stored).toBe(2);
  expect(again.memory.record?.height).toBe(5);
  expect(runningSecret(again)).toBe(runningSecret(space.founder));
  expect(again.complaints).toEqual([]);
});

test('nothing is drafted that could not be stored first', async () => {
  const { space } = await two();
  space.founder.memory.isFull = true;
  const drafted = await draft(space.founder, { acts: [], renew: true });
  expect(drafted).toMatchObject({ ok: false, failure: { code: 'storage_full' } });
});

test('of two drafts of one moment one is decided, and the other steward goes on with it', async () => {
  const { space, adas } = await two();
  const person = adas.device.person.signer.publicKey;
  unwrap(await decide(space, { acts: [{ kind: 'role', person, role: 'steward' }] }));
  await catchUp(space, adas);
  const [bob, chi] = [await createMlsDevice(), await createMlsDevice()];
  const losing = unwrap(await draft(adas, { acts: [admit(bob)] }));
  unwrap(await decide(space, { acts: [admit(chi)] }, [space.founder, adas]));
  const late = await vote(adas, losing, [adas, space.founder]);
  expect(late).toMatchObject({ ok: false, failure: { code: 'conflict' } });
  unwrap(await decide(space, { acts: [admit(bob)] }, [adas, space.founder]));
  const bobs = await nodeOf(space, bob);
  await catchUp(space, bobs);
  for (const node of [adas, bobs]) expect(runningSecret(node)).toBe(runningSecret(space.founder));
});

test('a member who lost everything comes by its KeyPackage to where it was', async () => {
  const { space, adas } = await two();
  adas.memory.record = null;
  const back = await restart(space, adas);
  expect(back.complaints).toEqual([]);
  unwrap(await decide(space, { acts: [], renew: true }));
  await catchUp(space, back);
  expect(runningSecret(back)).toBe(runningSecret(space.founder));
});

test('a steward who lost everything begins the group anew for all', async () => {
  const { space, adas } = await two();
  const before = space.founder.keys.secrets();
  space.founder.memory.record = null;
  const founder = await restart(space, space.founder);
  const running = founder.keys.current();
  unwrap(await founder.keys.learn(running, before.get(running) ?? new Uint8Array()));
  const bob = await createMlsDevice();
  unwrap(await decide({ ...space, founder }, { acts: [admit(bob)] }));
  const bobs = await nodeOf(space, bob);
  for (const node of [adas, bobs]) await catchUp(space, node);
  for (const node of [adas, bobs]) expect(runningSecret(node)).toBe(runningSecret(founder));
  unwrap(await decide({ ...space, founder }, { acts: [expel(bob)] }));
  for (const node of [adas, bobs]) await catchUp(space, node);
  expect(runningSecret(adas)).toBe(runningSecret(founder));
  expect(runningSecret(bobs)).toBeNull();
});

test('a steward who made Commits and lost everything is let in again by another', async () => {
  const { space, adas } = await two();
  const person = adas.device.person.signer.publicKey;
  unwrap(await decide(space, { acts: [{ kind: 'role', person, role: 'steward' }] }));
  await catchUp(space, adas);
  unwrap(await decide(space, { acts: [], renew: true }, [adas, space.founder]));
  adas.memory.record = null;
  const back = await restart(space, adas);
  expect(back.complaints).toEqual(['does_not_open']);
  expect(runningSecret(back)).toBeNull();
  unwrap(await decide(space, { acts: [], rewrap: [back.device.key] }, [space.founder, back]));
  expect(runningSecret(back)).toBe(runningSecret(space.founder));
  expect(new Set(back.keys.secrets().keys())).toEqual(new Set([0, 1, 2, 3, 4]));
});

test('a steward with nothing left but the phrase begins the group anew, without what was before', async () => {
  const { space, adas } = await two();
  const lost = space.founder.device;
  const fresh = await createMlsDevice(lost.person);
  const founder = await nodeOf(space, fresh);
  await catchUp(space, founder);
  expect(runningSecret(founder)).toBeNull();
  const acts = [
    { kind: 'add_device', device: fresh.enrolment },
    { kind: 'revoke_device', frontier: nothingOf(lost) },
  ] as const;
  unwrap(await decide(space, { acts }, [founder]));
  await catchUp(space, adas);
  expect(runningSecret(founder)).not.toBeNull();
  expect(runningSecret(adas)).toBe(runningSecret(founder));
  expect(founder.keys.secrets().size).toBe(1);
  expect(adas.keys.secrets().size).toBe(4);
  await catchUp(space, space.founder);
  expect(runningSecret(space.founder)).toBeNull();
});
