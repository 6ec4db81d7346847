// Several stewards decide together, each on a node of their own, some away and some restarted in between.
import { expect, test } from 'vitest';
import { enrol } from '../../../lib/group/statements.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import {
  meet,
  shareSpace,
  startStewardNode,
  type StewardNode,
} from '../../support/steward-node.ts';

async function people(...names: string[]): Promise<StewardNode[]> {
  return Promise.all(names.map((name) => startStewardNode(name)));
}

function roleOf(node: StewardNode, space: string, of: StewardNode): string | undefined {
  return node.held(space).group?.log.tip().persons.get(of.person)?.role;
}

function council(node: StewardNode, space: string) {
  const found = node.stewardship.council(node.held(space));
  if (found === null) throw new Error('expected a space with a group');
  return found;
}

/** The one motion that is open here. */
function motion(node: StewardNode, space: string) {
  const [open, ...more] = council(node, space).motions();
  if (open === undefined || more.length > 0) throw new Error('expected exactly one open motion');
  return open;
}

test('with two stewards a role changes when the other has confirmed, whoever proposed it', async () => {
  const [ada, bob, chi] = await people('Ada', 'Bob', 'Chi');
  if (!ada || !bob || !chi) throw new Error('expected three');
  const space = await shareSpace([ada, bob, chi], 2);
  for (const [proposer, other, role] of [
    [ada, bob, 'reader'],
    [bob, ada, 'editor'],
    [ada, bob, 'commenter'],
  ] as const) {
    const came = await proposer.stewardship.setRole(proposer.held(space), chi.profile.person, role);
    expect(unwrap(came).kind).toBe('waiting');
    await meet([ada, bob, chi], space);
    expect(roleOf(ada, space, chi)).not.toBe(role);
    const seen = motion(other, space);
    expect([...seen.consents]).toEqual([proposer.person]);
    unwrap(await council(other, space).answer(seen.id, true));
    await meet([ada, bob, chi], space);
    for (const node of [ada, bob, chi]) expect(roleOf(node, space, chi)).toBe(role);
    for (const node of [ada, bob]) expect(council(node, space).motions()).toEqual([]);
  }
});

test('each of the two may go away after their word, and comes back to the decision', async () => {
  let [ada, bob] = await people('Ada', 'Bob');
  const chi = await startStewardNode('Chi');
  if (!ada || !bob) throw new Error('expected two');
  const space = await shareSpace([ada, bob, chi], 2);
  unwrap(await ada.stewardship.setRole(ada.held(space), chi.profile.person, 'reader'));
  ada = await ada.restart();
  await meet([ada, chi], space);
  bob = await bob.restart();
  await meet([chi, bob], space);
  await meet([ada, bob], space);
  const { id } = motion(bob, space);
  unwrap(await council(bob, space).answer(id, true));
  bob = await bob.restart();
  await meet([bob, chi], space);
  await meet([ada, chi], space);
  await meet([bob, chi], space);
  for (const node of [ada, bob, chi]) expect(roleOf(node, space, chi)).toBe('reader');
});

test('two of three decide while the third is away, and it follows when it is back', async () => {
  const [ada, bob, chi] = await people('Ada', 'Bob', 'Chi');
  if (!ada || !bob || !chi) throw new Error('expected three');
  const space = await shareSpace([ada, bob, chi], 3);
  for (const [proposer, other, away] of [
    [ada, bob, chi],
    [bob, chi, ada],
    [chi, ada, bob],
  ] as const) {
    const { policy } = proposer.held(space).group?.log.tip() ?? {};
    const admit = policy?.admit === 'by_hand' ? 'by_invite' : 'by_hand';
    unwrap(await proposer.stewardship.setPolicy(proposer.held(space), { admit }));
    await meet([proposer, other], space);
    unwrap(await council(other, space).answer(motion(other, space).id, true));
    await meet([proposer, other], space);
    await meet([ada, bob, chi], space);
    expect(away.held(space).group?.log.tip().policy.admit).toBe(admit);
  }
});

test('nobody is asked about a newcomer where an invite is enough', async () => {
  const [ada, bob, chi] = await people('Ada', 'Bob', 'Chi');
  if (!ada || !bob || !chi) throw new Error('expected three');
  const space = await shareSpace([ada, bob], 2);
  const { signer, certificate, wrapKey } = chi.profile;
  const enrolment = await enrol(signer, certificate, wrapKey.publicKey);
  const newcomer = { person: chi.person, device: toHex(signer.publicKey) };
  const came = await bob.stewardship.admit(bob.held(space), enrolment, newcomer);
  const again = await bob.stewardship.admit(bob.held(space), enrolment, newcomer);
  expect(again).toEqual(came);
  await meet([ada, bob], space);
  for (const node of [ada, bob]) expect(roleOf(node, space, chi)).toBe('editor');
});

test('what the other does not want holds nothing else up, and can be taken back', async () => {
  const [ada, bob, chi] = await people('Ada', 'Bob', 'Chi');
  if (!ada || !bob || !chi) throw new Error('expected three');
  const space = await shareSpace([ada, bob, chi], 2);
  for (const [proposer, other] of [
    [ada, bob],
    [bob, ada],
  ] as const) {
    unwrap(await proposer.stewardship.remove(proposer.held(space), chi.profile.person));
    await meet([ada, bob], space);
    const unwanted = motion(other, space).id;
    unwrap(await council(other, space).answer(unwanted, false));
    await meet([ada, bob], space);
    expect(motion(proposer, space)).toMatchObject({ isDead: true, isReady: false });
    const role = proposer === ada ? 'commenter' : 'editor';
    unwrap(await proposer.stewardship.setRole(proposer.held(space), chi.profile.person, role));
    await meet([ada, bob], space);
    const wanted = council(other, space)
      .motions()
      .find(({ id }) => id !== unwanted);
    unwrap(await council(other, space).answer(wanted?.id ?? '', true));
    await meet([ada, bob], space);
    expect(roleOf(other, space, chi)).toBe(role);
    unwrap(await council(proposer, space).withdraw(unwanted));
    await meet([ada, bob, chi], space);
    expect(council(other, space).motions()).toEqual([]);
  }
});

test('two who propose at once both get what they want in the end', async () => {
  const [ada, bob, chi] = await people('Ada', 'Bob', 'Chi');
  if (!ada || !bob || !chi) throw new Error('expected three');
  const space = await shareSpace([ada, bob, chi], 2);
  unwrap(await ada.stewardship.setRole(ada.held(space), chi.profile.person, 'reader'));
  unwrap(await bob.stewardship.setPolicy(bob.held(space), { admit: 'by_hand' }));
  for (let round = 0; round < 3; round += 1) {
    await meet([ada, bob], space);
    for (const node of [ada, bob]) {
      for (const { id, consents } of council(node, space).motions()) {
        if (!consents.has(node.person)) unwrap(await council(node, space).answer(id, true));
      }
    }
  }
  await meet([ada, bob, chi], space);
  for (const node of [ada, bob, chi]) {
    expect(roleOf(node, space, chi)).toBe('reader');
    expect(node.held(space).group?.log.tip().policy.admit).toBe('by_hand');
  }
});

test('a removal that two decided takes the key away too', async () => {
  const [ada, bob, chi] = await people('Ada', 'Bob', 'Chi');
  if (!ada || !bob || !chi) throw new Error('expected three');
  const space = await shareSpace([ada, bob, chi], 2);
  unwrap(await bob.stewardship.remove(bob.held(space), chi.profile.person));
  await meet([ada, bob, chi], space);
  unwrap(await council(ada, space).answer(motion(ada, space).id, true));
  await meet([ada, bob, chi], space);
  expect(chi.held(space).group?.log.tip().persons.has(chi.person)).toBe(false);
  const epoch = ada.held(space).keys.current();
  const author = ada.profile.signer.publicKey;
  expect((await bob.held(space).keys.authorKey(epoch, author)).ok).toBe(true);
  expect((await chi.held(space).keys.authorKey(epoch, author)).ok).toBe(false);
});
