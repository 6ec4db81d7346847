// What stewards' devices are told by liars, strangers and echoes of other decisions: passed over, or proved.
import { expect, test } from 'vitest';
import { BallotBox } from '../../../lib/group/ballot-box.ts';
import { seatAfter } from '../../../lib/group/certificate.ts';
import { composeControl } from '../../../lib/group/compose.ts';
import { culpritsOf } from '../../../lib/group/culprits.ts';
import { controlHash, pledgeMessage, voteMessage } from '../../../lib/group/statements.ts';
import { nextBallot, signDraft } from '../../../lib/group/voting.ts';
import { randomBytes } from '../../../lib/identity/hash.ts';
import type { BallotMessage } from '../../../lib/wire/ballot.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { decodeControlEntry, type Proposal, type Vote } from '../../../lib/wire/control.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { forge, startGroup, type TestGroup } from '../../support/group.ts';
import { admit, AT, createDevice, type GroupDevice } from '../../support/group-people.ts';

interface Scene {
  readonly group: TestGroup;
  /** Whose turn it is in ballot 0, and the other steward. */
  readonly leader: GroupDevice;
  readonly other: GroupDevice;
  readonly member: GroupDevice;
  readonly box: BallotBox;
  readonly hear: (from: GroupDevice, message: BallotMessage) => Promise<void>;
}

async function scene(): Promise<Scene> {
  const group = await startGroup();
  const [second, member] = [await createDevice(), await createDevice()];
  await group.act(admit(second, 'steward'), admit(member, 'editor'));
  const isFirst = nextBallot(group.state(), group.founder.person.id, 0) === 0;
  const [leader, other] = isFirst ? [group.founder, second] : [second, group.founder];
  const box = new BallotBox(group.log);
  await box.follow();
  const hear = (from: GroupDevice, message: BallotMessage) =>
    box.hear(toHex(randomBytes(32)), from.id, message);
  return { group, leader, other, member, box, hear };
}

async function proposal({ group }: Scene, by: GroupDevice): Promise<Proposal> {
  const secret = await group.runningSecret();
  const acts = [admit(await createDevice())];
  const change = { acts, at: AT, proposer: by.key, secret };
  return signDraft(by, unwrap(await composeControl(group.state(), change)));
}

async function vote(by: GroupDevice, { entryBytes }: Proposal, ballot = 0): Promise<Vote> {
  const signature = await by.signer.sign(voteMessage(controlHash(entryBytes), ballot));
  return { certificate: by.certificate, signature };
}

async function called(all: Scene): Promise<Proposal> {
  const { leader, hear } = all;
  const made = await proposal(all, leader);
  const own = await vote(leader, made);
  await hear(leader, { kind: 'call', ballot: 0, proposal: made, pledges: [], vote: own });
  return made;
}

function placeOf({ group }: Scene) {
  const { height, prev } = seatAfter(group.state());
  return { height, prev };
}

test('the votes of both make it decided, in whichever order they are heard', async () => {
  const all = await scene();
  const { leader, other, box, hear } = all;
  const made = await proposal(all, leader);
  const hash = controlHash(made.entryBytes);
  const place = { ...placeOf(all), ballot: 0 };
  await hear(other, { kind: 'vote', ...place, hash, vote: await vote(other, made) });
  expect(box.table().certified()).toBeNull();
  const own = await vote(leader, made);
  await hear(leader, { kind: 'call', ballot: 0, proposal: made, pledges: [], vote: own });
  expect(box.table().certified()?.votes).toHaveLength(2);
});

test('a vote that is forged, of another ballot, or of no steward counts for nothing', async () => {
  const all = await scene();
  const { leader, other, member, box, hear } = all;
  const made = await called(all);
  const hash = controlHash(made.entryBytes);
  const place = { ...placeOf(all), ballot: 0 };
  const stranger = await createDevice();
  const { signature } = await vote(stranger, made);
  for (const bad of [
    { certificate: other.certificate, signature },
    await vote(other, made, 1),
    await vote(stranger, made),
    await vote(member, made),
    await vote(leader, made),
  ]) {
    await hear(other, { kind: 'vote', ...place, hash, vote: bad });
    await hear(stranger, { kind: 'vote', ...place, hash, vote: bad });
  }
  expect(box.table().certified()).toBeNull();
  expect(box.doubleVote()).toBeNull();
});

test('a call out of turn, or by whom the pledges do not allow it, is none', async () => {
  const all = await scene();
  const { other, box, hear } = all;
  const made = await proposal(all, other);
  for (const ballot of [0, 1]) {
    const own = await vote(other, made, ballot);
    await hear(other, { kind: 'call', ballot, proposal: made, pledges: [], vote: own });
  }
  expect(box.table().highestCall()).toBeNull();
  await hear(other, { kind: 'ask', ...placeOf(all), ballot: 0 });
  await hear(other, { kind: 'ask', ...placeOf(all), ballot: 1_000_000 });
  expect(box.table().highestAsk()).toBeNull();
});

test('what was said about another decision, or in another space, is not heard again here', async () => {
  const all = await scene();
  const { group, leader, other, box, hear } = all;
  const elsewhere = await scene();
  const foreign = await proposal(elsewhere, elsewhere.leader);
  const theirs = await vote(elsewhere.leader, foreign);
  const call = { kind: 'call', ballot: 0, pledges: [] } as const;
  await hear(leader, { ...call, proposal: foreign, vote: theirs });
  await hear(leader, { kind: 'draft', proposal: foreign });
  const made = await called(all);
  const place = { ...placeOf(all), ballot: 1 };
  const message = pledgeMessage(seatAfter(group.state()), 1, null);
  const signature = await other.signer.sign(message);
  const pledge = { certificate: other.certificate, voted: null, signature };
  unwrap(await group.decide({ acts: [admit(await createDevice())] }, [leader, other]));
  await box.follow();
  await hear(leader, { ...call, proposal: made, vote: await vote(leader, made) });
  await hear(other, { kind: 'pledge', ...placeOf(all), ballot: 1, pledge, proposal: null });
  await hear(other, { kind: 'pledge', ...place, pledge, proposal: null });
  expect(box.table().highestCall()).toBeNull();
  expect(box.table().given(1).size).toBe(0);
  const open = await box.motions.open(group.state());
  expect(open.map(({ draft }) => draft.proposal)).toEqual([made]);
});

test('a steward who votes twice in one ballot is proved to everyone, whatever they heard first', async () => {
  const all = await scene();
  const { group, leader, member, box, hear } = all;
  const [one, two] = [await proposal(all, leader), await proposal(all, leader)];
  for (const made of [one, two]) {
    const own = await vote(leader, made);
    await hear(leader, { kind: 'call', ballot: 0, proposal: made, pledges: [], vote: own });
  }
  const proof = box.doubleVote();
  expect(proof?.person).toBe(leader.person.id);
  if (proof === null) throw new Error('expected a proof');
  const told = new BallotBox(group.log);
  await told.hear('1', member.id, proof.message);
  expect(told.doubleVote()).toEqual(proof);
});

test('what proves nothing accuses nobody', async () => {
  const all = await scene();
  const { group, leader, other, box } = all;
  const [one, two] = [await proposal(all, leader), await proposal(all, leader)];
  const first = { entryBytes: one.entryBytes, vote: await vote(leader, one) };
  const second = { entryBytes: two.entryBytes, vote: await vote(leader, two) };
  const later = { entryBytes: two.entryBytes, vote: await vote(leader, two, 1) };
  const others = { entryBytes: two.entryBytes, vote: await vote(other, two) };
  const elsewhere = await scene();
  const foreign = await proposal(elsewhere, elsewhere.leader);
  const away = { entryBytes: foreign.entryBytes, vote: await vote(leader, foreign) };
  const junk = { entryBytes: randomBytes(40), vote: first.vote };
  let id = 0;
  for (const pair of [
    [first, first],
    [first, later],
    [first, others],
    [first, away],
    [away, away],
    [first, junk],
  ] as const) {
    const [a, b] = pair;
    await box.hear(`${(id += 1)}`, other.id, {
      kind: 'double_vote',
      ballot: 0,
      first: a,
      second: b,
    });
  }
  expect(box.doubleVote()).toBeNull();
  await box.hear('last', other.id, { kind: 'double_vote', ballot: 0, first, second });
  expect(box.doubleVote()?.person).toBe(leader.person.id);
  expect(group.log.frozen()).toBeNull();
});

test('two decisions at one point name those who signed both', async () => {
  const all = await scene();
  const { group, leader, other } = all;
  const entryOf = async () => unwrap(decodeControlEntry((await proposal(all, leader)).entryBytes));
  const [first, second] = [
    await forge(await entryOf(), [leader, other]),
    await forge(await entryOf(), [leader, other]),
  ];
  unwrap(await group.log.take(first));
  unwrap(await group.log.take(second));
  const proof = group.log.frozen();
  if (proof === null) throw new Error('expected the log to freeze');
  const culprits = await culpritsOf(proof);
  expect(culprits.toSorted()).toEqual([leader.person.id, other.person.id].toSorted());
});
