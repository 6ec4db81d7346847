// What a role lets a device write, and which entries count for nothing.
import { describe, expect, test } from 'vitest';
import { anchorsOf, isInert, mayWrite, type WriteTarget } from '../../../lib/group/permissions.ts';
import { randomBytes } from '../../../lib/identity/hash.ts';
import type { Act, Role } from '../../../lib/wire/control-act.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { admit, createDevice, expel, upTo, type GroupDevice } from '../../support/group-people.ts';

const TARGETS = ['board', `page/${'0'.repeat(64)}`, 'artifact/a1', 'thread/t1'].map(
  (document): WriteTarget => ({ kind: 'change', document }),
);
const EVENTS = ['announce', 'complaint', 'leave', 'grant', 'receipt', 'award'].map(
  (event): WriteTarget => ({ kind: 'event', event }),
);

function names(targets: readonly WriteTarget[]): string[] {
  return targets.map((target) => (target.kind === 'change' ? target.document : target.event));
}

const REMARKS = [`page/${'0'.repeat(64)}`, 'thread/t1'];
const OF_EVERYONE = ['announce', 'complaint', 'leave'];
const ALL = names([...TARGETS, ...EVENTS]);

test.for<[Role, string[]]>([
  ['steward', ALL],
  ['editor', ALL],
  ['commenter', [...REMARKS, ...OF_EVERYONE]],
  ['reader', OF_EVERYONE],
])('a %s may write just this', async ([role, allowed]) => {
  const group = await startGroup();
  const ada = await createDevice();
  const state = await group.act(admit(ada, role));
  const may = [...TARGETS, ...EVENTS].filter((target) => mayWrite(state, ada.key, target));
  expect(names(may).toSorted()).toEqual(allowed.toSorted());
});

test('a stranger and a removed device may write nothing, a member only from its admission on', async () => {
  const group = await startGroup();
  const ada = await createDevice();
  const announce: WriteTarget = { kind: 'event', event: 'announce' };
  const before = group.state();
  const during = await group.act(admit(ada));
  const after = await group.act(expel(ada));
  const answers = [before, during, after].map((state) => mayWrite(state, ada.key, announce));
  expect(answers).toEqual([false, true, false]);
  expect(mayWrite(during, (await createDevice()).key, announce)).toBe(false);
});

async function removedAt(seq: number): Promise<[TestGroup, GroupDevice, Uint8Array]> {
  const group = await startGroup();
  const ada = await createDevice();
  await group.act(admit(ada));
  const hash = randomBytes(32);
  const frontier = upTo(ada, seq, hash);
  const person = ada.person.signer.publicKey;
  await group.act({ kind: 'remove', person, frontiers: [frontier] });
  return [group, ada, hash];
}

const CARRIER = {
  blob: new Uint8Array(32),
  size: 1,
  epoch: 0,
  key: { nonce: new Uint8Array(12), ciphertext: new Uint8Array(48) },
};

describe('a removal', () => {
  test('keeps entries up to its frontier and no other, whatever they say of themselves', async () => {
    const [group, ada, hash] = await removedAt(7);
    const segment = randomBytes(16);
    const at = (seq: number, of: Uint8Array = randomBytes(32)) =>
      isInert(group.state(), { device: ada.key, segment, seq, hash: of });
    expect([at(1), at(6), at(7, hash)]).toEqual([false, false, false]);
    expect([at(7), at(8), at(1_000_000)]).toEqual([true, true, true]);
    expect(anchorsOf(group.state(), ada.key)).toEqual([{ device: ada.key, seq: 7, hash }]);
  });

  test('lets late work in again when its frontier is moved', async () => {
    const [group, ada] = await removedAt(7);
    const late = upTo(ada, 9);
    await group.act({ kind: 'extend_frontier', frontier: late });
    const segment = randomBytes(16);
    const place = { device: ada.key, segment, seq: 9, hash: late.hash ?? randomBytes(32) };
    expect(isInert(group.state(), place)).toBe(false);
    expect(isInert(group.state(), { ...place, seq: 10 })).toBe(true);
  });
});

describe('a settled fork', () => {
  const segment = randomBytes(16);
  const cut = (device: GroupDevice, seq: number, hash: Uint8Array, of = segment): Act => ({
    kind: 'fork_cut',
    segment: of,
    keep: upTo(device, seq, hash),
  });

  test('ends the segment, keeps one side of it, and lets another segment go on', async () => {
    const group = await startGroup();
    const hash = randomBytes(32);
    const { founder } = group;
    const state = await group.act(cut(founder, 5, hash));
    const at = (seq: number, of: Uint8Array, in_: Uint8Array) =>
      isInert(state, { device: founder.key, segment: in_, seq, hash: of });
    expect(at(5, hash, segment)).toBe(false);
    expect(at(5, randomBytes(32), segment)).toBe(true);
    expect(at(6, randomBytes(32), segment)).toBe(true);
    expect(at(6, randomBytes(32), randomBytes(16))).toBe(false);
    expect(anchorsOf(state, founder.key)).toEqual([{ device: founder.key, seq: 5, hash }]);
    expect(state.epochs).toHaveLength(1);
  });

  test('is settled for good', async () => {
    const group = await startGroup();
    const hash = randomBytes(32);
    const { founder } = group;
    await group.act(cut(founder, 5, hash));
    const refused = [
      cut(founder, 4, randomBytes(32)),
      cut(founder, 5, randomBytes(32), randomBytes(16)),
      cut(founder, 5, hash),
    ];
    for (const act of refused) expect((await group.decide({ acts: [act] })).ok).toBe(false);
    await group.act(cut(founder, 5, hash, randomBytes(16)));
    const state = await group.act(cut(founder, 9, randomBytes(32)));
    expect(anchorsOf(state, founder.key).map(({ seq }) => seq)).toEqual([5, 5, 9]);
  });

  test('and a checkpoint do not reach beyond a removal', async () => {
    const [group, ada, hash] = await removedAt(7);
    const refused: Act[] = [
      cut(ada, 8, randomBytes(32)),
      cut(ada, 7, randomBytes(32)),
      { kind: 'checkpoint', snapshot: randomBytes(32), heads: [upTo(ada, 8)], carrier: CARRIER },
    ];
    for (const act of refused) expect((await group.decide({ acts: [act] })).ok).toBe(false);
    await group.act(cut(ada, 7, hash));
  });
});
