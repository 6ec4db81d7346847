// How several stewards come to one decision at each height, with some away, some restarted and some at cross purposes.
import { expect, test } from 'vitest';
import { composeControl } from '../../../lib/group/compose.ts';
import { roleOf } from '../../../lib/group/control-state.ts';
import { applyControl } from '../../../lib/group/control-entry.ts';
import {
  assemble,
  castVote,
  givePledge,
  nextBallot,
  proposalFor,
  signDraft,
} from '../../../lib/group/voting.ts';
import type { Act } from '../../../lib/wire/control-act.ts';
import { fail, unwrap } from '../../../lib/wire/failure.ts';
import {
  certify,
  draftEntry,
  forge,
  startGroup,
  stewardOf,
  type TestGroup,
} from '../../support/group.ts';
import { admit, createDevice, expel, type GroupDevice } from '../../support/group-people.ts';

const AT = 1_700_000_000_000;

async function stewards(count: number): Promise<[TestGroup, GroupDevice[]]> {
  const group = await startGroup();
  const others = await Promise.all(Array.from({ length: count - 1 }, () => createDevice()));
  await group.act(...others.map((device) => admit(device, 'steward')));
  return [group, [group.founder, ...others]];
}

/** In the order in which it is their turn at the present height. */
function inTurn(group: TestGroup, devices: readonly GroupDevice[]): GroupDevice[] {
  const turn = (device: GroupDevice) => nextBallot(group.state(), device.person.id, 0) ?? 0;
  return devices.toSorted((a, b) => turn(a) - turn(b));
}

async function draftBy(group: TestGroup, device: GroupDevice, ...acts: Act[]) {
  const secret = await group.runningSecret();
  const change = { acts, at: AT, proposer: device.key, secret };
  return signDraft(device, unwrap(await composeControl(group.state(), change)));
}

test('two stewards decide together and neither alone', async () => {
  const [group, both] = await stewards(2);
  const ada = await createDevice();
  for (const one of both) {
    const alone = await group.decide({ acts: [admit(ada)], by: one }, [one]);
    expect(alone).toMatchObject({ ok: false, failure: { code: 'bad_signature' } });
  }
});

test('two of three decide while the third is away, whoever it is', async () => {
  for (const away of [0, 1, 2]) {
    const [group, all] = await stewards(3);
    const ada = await createDevice();
    const present = inTurn(group, all).filter((_, index) => index !== away);
    const [first] = present;
    if (first === undefined) throw new Error('expected someone');
    unwrap(await group.decide({ acts: [admit(ada)], by: first }, present));
    expect(roleOf(group.state(), ada.key)).toBe('editor');
  }
});

test('one of three decides nothing', async () => {
  const [group, all] = await stewards(3);
  for (const one of all) {
    const alone = await group.decide({ acts: [admit(await createDevice())], by: one }, [one]);
    expect(alone.ok).toBe(false);
  }
});

test('a steward votes for one entry only in a ballot, also after a restart', async () => {
  const [group, all] = await stewards(2);
  const [leader] = inTurn(group, all);
  if (leader === undefined) throw new Error('expected a leader');
  const [one, other] = [
    await draftBy(group, leader, admit(await createDevice())),
    await draftBy(group, leader, admit(await createDevice())),
  ];
  const call = { ballot: 0, pledges: [], leaderVote: null };
  const first = unwrap(await castVote(stewardOf(leader, group.log), { ...call, proposal: one }));
  const again = unwrap(await castVote(stewardOf(leader, group.log), { ...call, proposal: one }));
  expect(again).toEqual(first);
  const second = await castVote(stewardOf(leader, group.log), { ...call, proposal: other });
  expect(second).toMatchObject({ ok: false, failure: { code: 'conflict' } });
  expect(leader.memory.records.get(3)?.voted?.proposal).toEqual(one);
});

test('nothing is signed that could not be remembered', async () => {
  const group = await startGroup();
  const alone = group.founder;
  const full = fail('storage_full', 'No room.', 'Make some.');
  const steward = { ...stewardOf(alone, group.log), memory: { change: async () => full } };
  const proposal = await draftBy(group, alone, admit(await createDevice()));
  expect(await castVote(steward, { proposal, ballot: 0, pledges: [], leaderVote: null })).toBe(
    full,
  );
  expect(await givePledge(steward, 1)).toBe(full);
});

test('two who propose at once do not block each other', async () => {
  const [group, all] = await stewards(2);
  const [leader, other] = inTurn(group, all);
  if (leader === undefined || other === undefined) throw new Error('expected two');
  const [ada, bob] = [await createDevice(), await createDevice()];
  const first = await draftBy(group, leader, admit(ada));
  const call = { ballot: 0, pledges: [], leaderVote: null };
  unwrap(await castVote(stewardOf(leader, group.log), { ...call, proposal: first }));
  const late = await draftBy(group, other, admit(bob));
  const outOfTurn = await castVote(stewardOf(other, group.log), { ...call, proposal: late });
  expect(outOfTurn).toMatchObject({ ok: false, failure: { code: 'bad_signature' } });
  // The other takes the next ballot. Nobody else voted for the leader's entry, nor ever will, so it binds no one.
  const bytes = unwrap(await certify(group.log, late.entryBytes, other, [leader, other], 1));
  const state = unwrap(await applyControl(group.state(), bytes));
  expect(roleOf(state, ada.key)).toBeNull();
  expect(roleOf(state, bob.key)).toBe('editor');
});

test('a pledge frees what a steward would not vote for, and the lone vote comes to nothing', async () => {
  const [group, all] = await stewards(2);
  const [leader, other] = inTurn(group, all);
  if (leader === undefined || other === undefined) throw new Error('expected two');
  const unwanted = await draftBy(group, leader, admit(await createDevice()));
  const call = { proposal: unwanted, ballot: 0, pledges: [] };
  const led = unwrap(await castVote(stewardOf(leader, group.log), { ...call, leaderVote: null }));
  unwrap(await givePledge(stewardOf(other, group.log), 1));
  const late = await castVote(stewardOf(other, group.log), { ...call, leaderVote: led });
  expect(late).toMatchObject({ ok: false, failure: { code: 'conflict' } });
});

test('what may have been decided is decided again, never otherwise', async () => {
  const [group, all] = await stewards(3);
  const [one, two, three] = inTurn(group, all);
  if (one === undefined || two === undefined || three === undefined) throw new Error('expected 3');
  const [ada, bob] = [await createDevice(), await createDevice()];
  const early = await draftBy(group, one, admit(ada));
  const call = { proposal: early, ballot: 0, pledges: [] };
  const led = unwrap(await castVote(stewardOf(one, group.log), { ...call, leaderVote: null }));
  const seconded = unwrap(await castVote(stewardOf(two, group.log), { ...call, leaderVote: led }));
  // Decided, but the third knows nothing of it, and the first is away.
  const late = await draftBy(group, three, admit(bob));
  const bytes = unwrap(await certify(group.log, late.entryBytes, three, [two, three], 1));
  const decided = { ...early, ballot: 0, votes: [led, seconded], pledges: [] };
  const first = unwrap(await assemble(group.state(), decided));
  await group.log.take(first);
  await group.log.take(bytes);
  expect(group.log.frozen()).toBeNull();
  expect(roleOf(group.state(), ada.key)).toBe('editor');
});

test('after a pledge a steward votes in no earlier ballot, and pledges to none', async () => {
  const [group, all] = await stewards(2);
  const [leader, other] = inTurn(group, all);
  if (leader === undefined || other === undefined) throw new Error('expected two');
  const proposal = await draftBy(group, leader, admit(await createDevice()));
  const call = { proposal, ballot: 0, pledges: [] };
  unwrap(await givePledge(stewardOf(other, group.log), 3));
  const led = unwrap(await castVote(stewardOf(leader, group.log), { ...call, leaderVote: null }));
  const vote = await castVote(stewardOf(other, group.log), { ...call, leaderVote: led });
  expect(vote).toMatchObject({ ok: false, failure: { code: 'conflict' } });
  expect(await givePledge(stewardOf(other, group.log), 2)).toMatchObject({ ok: false });
  expect(await givePledge(stewardOf(other, group.log), 3)).toMatchObject({ ok: true });
});

test('pledges that tell of a vote bind even a leader who would rather not know', async () => {
  const [group, all] = await stewards(3);
  const [leader, other, away] = inTurn(group, all);
  if (leader === undefined || other === undefined || away === undefined) throw new Error('three');
  const early = await draftBy(group, leader, admit(await createDevice()));
  const call = { ballot: 0, pledges: [], leaderVote: null };
  unwrap(await castVote(stewardOf(leader, group.log), { ...call, proposal: early }));
  const given = [
    unwrap(await givePledge(stewardOf(leader, group.log), 1)),
    unwrap(await givePledge(stewardOf(other, group.log), 1)),
  ];
  // The third may have voted with the leader.
  const late = await draftBy(group, other, admit(await createDevice()));
  expect(proposalFor(group.state(), given, late)).toEqual(early);
  const pledges = given.map(({ pledge }) => pledge);
  const stubborn = { proposal: late, ballot: 1, pledges, leaderVote: null };
  expect((await castVote(stewardOf(other, group.log), stubborn)).ok).toBe(false);
  const entry = await draftEntry(group, { acts: [], renew: true, by: other });
  const forged = await forge(entry, [other, leader], { ballot: 1, pledges });
  const refused = await applyControl(group.state(), forged);
  expect(refused).toMatchObject({ ok: false, failure: { code: 'bad_signature' } });
  // It has not, and says so.
  given.push(unwrap(await givePledge(stewardOf(away, group.log), 1)));
  expect(proposalFor(group.state(), given, late)).toEqual(late);
});

test('a steward does not vote for a key that it cannot open itself', async () => {
  const [group, all] = await stewards(2);
  const [leader, other] = inTurn(group, all);
  if (leader === undefined || other === undefined) throw new Error('expected two');
  const member = await createDevice();
  unwrap(await group.decide({ acts: [admit(member)], by: leader }, all));
  const [turn, next] = inTurn(group, all);
  if (turn === undefined || next === undefined) throw new Error('expected two');
  const secret = await group.runningSecret();
  const change = { acts: [expel(member)], at: AT, proposer: turn.key, secret };
  const proposal = await signDraft(turn, unwrap(await composeControl(group.state(), change)));
  const call = { proposal, ballot: 0, pledges: [] };
  const stranger = await createDevice();
  const led = unwrap(await castVote(stewardOf(turn, group.log), { ...call, leaderVote: null }));
  const deaf = { ...stewardOf(next, group.log), wrapKey: stranger.wrapKey };
  const refused = await castVote(deaf, { ...call, leaderVote: led });
  expect(refused).toMatchObject({ ok: false, failure: { code: 'bad_signature' } });
  const voted = await castVote(stewardOf(next, group.log), { ...call, leaderVote: led });
  expect(voted.ok).toBe(true);
});
