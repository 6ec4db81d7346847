// The control log of several replicas: any order of arrival, two decisions at one height, restarts.
import { describe, expect, test } from 'vitest';
import { readControl } from '../../../lib/group/control-entry.ts';
import { createControlLog, type ControlLog } from '../../../lib/group/control-log.ts';
import { castVote, signDraft } from '../../../lib/group/voting.ts';
import { randomBytes } from '../../../lib/identity/hash.ts';
import { encodeControlEntry } from '../../../lib/wire/control.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import {
  draftEntry,
  foundGroup,
  lastControl,
  startGroup,
  forge,
  stewardOf,
  type TestGroup,
} from '../../support/group.ts';
import { admit, createDevice, createVoteMemory, expel } from '../../support/group-people.ts';

async function replicaOf(group: TestGroup, entries = group.entries): Promise<ControlLog> {
  const log = unwrap(createControlLog(group.genesis));
  for (const bytes of entries) await log.take(bytes);
  return log;
}

/** A group with some history, and two decided entries above its tip, made behind each other's back. */
async function forkedGroup() {
  const group = await startGroup();
  const [ada, bob] = [await createDevice(), await createDevice()];
  await group.act(admit(ada));
  await group.act(admit(bob));
  const [one, other] = await Promise.all(
    [ada, bob].map(async (out) => {
      const entry = await draftEntry(group, { acts: [expel(out)] });
      return forge(entry, [group.founder]);
    }),
  );
  if (one === undefined || other === undefined) throw new Error('expected two entries');
  return { group, ada, bob, one, other };
}

describe('order of arrival', () => {
  test.for([
    [3, 2, 1, 0],
    [1, 3, 0, 2],
    [0, 2, 3, 1],
    [2, 0, 0, 3, 1, 2],
  ])('entries taken in the order %j give the same state', async (order) => {
    const group = await startGroup();
    const ada = await createDevice();
    await group.act(admit(ada));
    await group.act(expel(ada));
    await group.act(admit(await createDevice(), 'reader'));
    const log = await replicaOf(
      group,
      order.flatMap((at) => group.entries[at] ?? []),
    );
    expect(log.tip()).toEqual(group.state());
    expect(log.frozen()).toBeNull();
  });

  test('says from which height on entries are missing', async () => {
    const group = await startGroup();
    await group.act(admit(await createDevice()));
    const log = unwrap(createControlLog(group.genesis));
    const accepted = unwrap(await log.take(lastControl(group).bytes));
    expect(accepted).toEqual({ taken: [], missingFrom: 1 });
    const rest = unwrap(await log.take(group.entries[0] ?? new Uint8Array()));
    expect(rest.taken.map(({ state }) => state.height)).toEqual([1, 2]);
  });

  test('an entry that waited and turns out forged does no harm, and the true one is taken', async () => {
    const group = await startGroup();
    const draft = await draftEntry(group, { acts: [admit(await createDevice())] });
    const forged = await forge(draft, [await createDevice()]);
    const log = unwrap(createControlLog(group.genesis));
    await log.take(forged);
    await log.take(group.entries[0] ?? new Uint8Array());
    expect(log.tip().height).toBe(1);
    const accepted = unwrap(await log.take(await forge(draft, [group.founder])));
    expect(accepted.taken).toHaveLength(1);
  });

  test('a flood of entries from nowhere is not kept', async () => {
    const group = await startGroup();
    const draft = await draftEntry(group, { acts: [admit(await createDevice())] });
    const log = unwrap(createControlLog(group.genesis));
    for (let at = 0; at < 200; at += 1) {
      await log.take(await forge({ ...draft, at, prev: randomBytes(32) }, [group.founder]));
    }
    await group.act(admit(await createDevice()));
    const [first = randomBytes(1), second = randomBytes(1)] = group.entries;
    expect(unwrap(await log.take(second)).missingFrom).toBe(1);
    expect(unwrap(await log.take(first)).taken).toHaveLength(1);
    expect(unwrap(await log.take(second)).taken).toHaveLength(1);
  });

  test('entries of another space are refused', async () => {
    const [group, other] = [await startGroup(), await startGroup()];
    const log = unwrap(createControlLog(group.genesis));
    const refused = await log.take(other.entries[0] ?? new Uint8Array());
    expect(refused).toMatchObject({ ok: false, failure: { code: 'bad_signature' } });
  });
});

describe('heads', () => {
  test('each names a state, and they stand one above the other', async () => {
    const group = await startGroup();
    const ada = await createDevice();
    await group.act(admit(ada));
    const before = group.state();
    await group.act(expel(ada));
    const { log } = group;
    expect(log.stateAt(before.head)?.devices.has(ada.id)).toBe(true);
    expect(log.stateAt(group.state().head)?.devices.has(ada.id)).toBe(false);
    expect(log.stateAt(randomBytes(32))).toBeNull();
    expect(log.isBelow(before.space, before.head)).toBe(true);
    expect(log.isBelow(before.head, group.state().head)).toBe(true);
    expect(log.isBelow(before.head, before.head)).toBe(true);
    expect(log.isBelow(group.state().head, before.head)).toBe(false);
    expect(log.isBelow(randomBytes(32), before.head)).toBe(false);
  });

  test('a replica gives another what it lacks, in order', async () => {
    const group = await startGroup();
    await group.act(admit(await createDevice()));
    await group.act(admit(await createDevice()));
    expect(group.log.entriesFrom(2, 10)).toEqual(group.entries.slice(1));
    expect(group.log.entriesFrom(1, 2)).toEqual(group.entries.slice(0, 2));
    expect(group.log.controlAt(group.state().space)).toBeNull();
  });
});

describe('two decisions at one height', () => {
  test('freeze the log of every replica at the same place with the same proof', async () => {
    const { group, one, other } = await forkedGroup();
    const replicas = await Promise.all([
      replicaOf(group, [...group.entries, one, other]),
      replicaOf(group, [...group.entries, other, one]),
      replicaOf(group, [other, one, ...group.entries.toReversed()]),
    ]);
    const [first] = replicas;
    expect(first?.frozen()?.height).toBe(4);
    for (const replica of replicas) {
      expect(replica.agreed()).toEqual(group.state());
      expect(replica.frozen()).toEqual(first?.frozen());
      expect(replica.tip().height).toBe(4);
    }
  });

  test('leave entries that name either head with the state that they named', async () => {
    const { group, ada, bob, one, other } = await forkedGroup();
    const log = await replicaOf(group, [...group.entries, one, other]);
    const [withoutAda, withoutBob] = [one, other].map(
      (bytes) => log.stateAt(unwrap(readControl(bytes)).hash)?.devices,
    );
    expect([withoutAda?.has(ada.id), withoutAda?.has(bob.id)]).toEqual([false, true]);
    expect([withoutBob?.has(ada.id), withoutBob?.has(bob.id)]).toEqual([true, false]);
    expect(log.tip().devices.has(ada.id)).toBe(false);
    expect(log.agreed().devices.has(ada.id)).toBe(true);
  });

  test('end all voting', async () => {
    const { group, one, other } = await forkedGroup();
    const draft = await draftEntry(group, { acts: [admit(await createDevice())] });
    const log = await replicaOf(group, [...group.entries, one, other]);
    const steward = { ...stewardOf(group.founder, log), memory: createVoteMemory() };
    const proposal = await signDraft(group.founder, unwrap(encodeControlEntry(draft)));
    const vote = await castVote(steward, { proposal, ballot: 0, pledges: [], leaderVote: null });
    expect(vote).toMatchObject({ ok: false, failure: { code: 'forked' } });
  });

  test('are none when one of the two was not decided', async () => {
    const { group, ada, one } = await forkedGroup();
    const log = await replicaOf(group, [...group.entries, one]);
    const entry = await draftEntry(group, { acts: [], renew: true });
    const forged = await log.take(await forge({ ...entry }, [ada]));
    expect(forged).toMatchObject({ ok: false, failure: { code: 'bad_signature' } });
    expect(log.frozen()).toBeNull();
  });

  test('many of them fill no memory', async () => {
    const group = await startGroup();
    const draft = await draftEntry(group, { acts: [], renew: true });
    for (let at = 0; at < 20; at += 1) {
      await group.log.take(await forge({ ...draft, at }, [group.founder]));
    }
    expect(group.log.entriesFrom(2, 100)).toHaveLength(8);
    expect(group.log.frozen()?.height).toBe(2);
  });
});

test('a genesis that is none gives no log', () => {
  expect(createControlLog(randomBytes(40)).ok).toBe(false);
});

test('the same entry with other votes is the same entry', async () => {
  const group = await foundGroup();
  const [ada, bob] = [await createDevice(), await createDevice()];
  const founding = { kind: 'add_device', device: group.founder.enrolment } as const;
  await group.act(founding, admit(ada, 'steward'), admit(bob, 'steward'));
  const draft = await draftEntry(group, { acts: [], renew: true });
  const everyone = [group.founder, ada, bob];
  const log = await replicaOf(group);
  const accepted = await log.take(await forge(draft, everyone));
  expect(unwrap(accepted).taken).toHaveLength(1);
  for (const away of everyone.slice(1)) {
    const voters = everyone.filter((each) => each !== away);
    const again = await log.take(await forge(draft, voters));
    expect(again).toMatchObject({ ok: true, value: { taken: [] } });
  }
  expect(log.frozen()).toBeNull();
});
