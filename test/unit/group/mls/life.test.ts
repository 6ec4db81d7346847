// The life of a space with MLS keys, through our own layer: control entries carry it, and every device follows its own log.
import { expect, test } from 'vitest';
import { unwrap } from '../../../../lib/wire/failure.ts';
import { admit, expel } from '../../../support/group-people.ts';
import {
  catchUp,
  createMlsDevice,
  decide,
  draft,
  nodeOf,
  restart,
  runningSecret,
  startMlsSpace,
} from '../../../support/mls.ts';

test('members come and go, and everyone who is in holds the same secret', async () => {
  const space = await startMlsSpace();
  const [ada, bob] = [await createMlsDevice(), await createMlsDevice()];
  unwrap(await decide(space, { acts: [admit(ada)] }));
  const adas = await nodeOf(space, ada);
  await catchUp(space, adas);
  expect(runningSecret(adas)).toBe(runningSecret(space.founder));
  expect(adas.complaints).toEqual([]);
  expect(new Set(adas.keys.secrets().keys())).toEqual(new Set([0, 1, 2]));

  unwrap(await decide(space, { acts: [admit(bob)] }));
  const bobs = await nodeOf(space, bob);
  for (const node of [adas, bobs]) await catchUp(space, node);
  expect(runningSecret(bobs)).toBe(runningSecret(space.founder));
  expect(runningSecret(adas)).toBe(runningSecret(space.founder));

  const before = runningSecret(adas);
  unwrap(await decide(space, { acts: [expel(ada)] }));
  for (const node of [adas, bobs]) await catchUp(space, node);
  expect(runningSecret(bobs)).toBe(runningSecret(space.founder));
  expect(runningSecret(adas)).toBeNull();
  expect(runningSecret(bobs)).not.toBe(before);
  expect(adas.complaints).toEqual([]);

  const again = await restart(space, bobs);
  expect(runningSecret(again)).toBe(runningSecret(space.founder));
  unwrap(await decide(space, { acts: [], renew: true }));
  await catchUp(space, again);
  expect(runningSecret(again)).toBe(runningSecret(space.founder));
});

test('a steward renews its own place by a new key, and cannot draw up its own going', async () => {
  const space = await startMlsSpace();
  const ada = await createMlsDevice();
  unwrap(await decide(space, { acts: [admit(ada, 'steward')] }));
  const adas = await nodeOf(space, ada);
  await catchUp(space, adas);
  const both = [space.founder, adas];
  unwrap(await decide(space, { acts: [], rewrap: [space.founder.device.key] }, both));
  expect(runningSecret(adas)).toBe(runningSecret(space.founder));
  const going = await draft(adas, { acts: [expel(ada)] });
  expect(going).toMatchObject({ ok: false, failure: { code: 'permission_denied' } });
  unwrap(await decide(space, { acts: [expel(ada)] }, both));
  expect(runningSecret(space.founder)).not.toBeNull();
  expect(runningSecret(adas)).toBeNull();
});
