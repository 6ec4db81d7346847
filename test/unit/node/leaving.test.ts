// Leaving a space for good: what the group makes of it, and what this node does before it forgets the space.
import { expect, test } from 'vitest';
import { currentEpoch } from '../../../lib/group/control-state.ts';
import { lateWorkIn } from '../../../lib/node/late-work.ts';
import { Leaving } from '../../../lib/node/leaving.ts';
import { LEAVE, leaveIn, leaveWords } from '../../../lib/node/leave-words.ts';
import { sayLeave } from '../../../lib/group/statements.ts';
import { fromHex, toHex } from '../../../lib/wire/bytes.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { eventually } from '../../support/eventually.ts';
import {
  meet,
  shareSpace,
  startStewardNode,
  type StewardNode,
} from '../../support/steward-node.ts';

async function people(...names: string[]): Promise<StewardNode[]> {
  return Promise.all(names.map((name) => startStewardNode(name)));
}

function stateAt(node: StewardNode, space: string) {
  const state = node.held(space).group?.log.tip();
  if (state === undefined) throw new Error('expected a space with a group');
  return state;
}

function isIn(node: StewardNode, space: string, { person }: StewardNode): boolean {
  return stateAt(node, space).persons.has(person);
}

const network = () => ({ spaceAdded: async () => {}, spaceRemoved: () => {} });

/** As the node's own, for however slow a machine. */
function patient({ stores, replica, profile }: StewardNode): Leaving {
  const { records } = stores;
  return new Leaving({ records, replica, profile: () => profile, network, patienceMs: 60_000 });
}

test('a member who leaves is taken off the list, the keys change, and nothing of theirs waits to be taken in', async () => {
  const [ada, bob] = await people('Ada', 'Bob');
  if (!ada || !bob) throw new Error('expected two');
  const space = await shareSpace([ada, bob], 1);
  unwrap(await bob.held(space).space.record('note', 'stays'));
  const before = currentEpoch(stateAt(ada, space)).number;
  unwrap(await bob.leaving.tell(bob.held(space), false));
  unwrap(await bob.leaving.tell(bob.held(space), false));
  const said = await bob.held(space).space.events();
  expect(said.filter((entry) => leaveIn(entry) !== null)).toHaveLength(1);
  await meet([ada, bob], space);
  await eventually(async () => !isIn(ada, space, bob));
  expect(currentEpoch(stateAt(ada, space)).number).toBe(before + 1);
  const events = await ada.held(space).space.events();
  const notes = events.filter(({ body }) => body.kind === 'event' && body.event === 'note');
  expect(notes).toHaveLength(1);
  expect(await lateWorkIn({ ...ada, records: ada.stores.records }, ada.held(space))).toEqual([]);
  expect(await bob.leaving.mayJoin(space)).toMatchObject({ failure: { code: 'conflict' } });
  expect(await ada.leaving.mayJoin(space)).toEqual({ ok: true, value: null });
  expect(ada.admissions.isGone(space, toHex(bob.profile.signer.publicKey))).toBe(true);
});

test('of three stewards the other two let one leave without asking anyone', async () => {
  const [ada, bob, chi] = await people('Ada', 'Bob', 'Chi');
  if (!ada || !bob || !chi) throw new Error('expected three');
  const space = await shareSpace([ada, bob, chi], 3);
  unwrap(await ada.leaving.tell(ada.held(space), false));
  await meet([ada, bob, chi], space);
  await eventually(async () => {
    await meet([bob, chi], space);
    return !isIn(bob, space, ada) && !isIn(chi, space, ada);
  });
});

test('one of two stewards waits until the other has decided with their vote', async () => {
  const [ada, bob] = await people('Ada', 'Bob');
  if (!ada || !bob) throw new Error('expected two');
  const space = await shareSpace([ada, bob], 2);
  const left = patient(ada).tell(ada.held(space), false);
  await eventually(async () => {
    await meet([ada, bob], space);
    return !isIn(bob, space, ada);
  });
  expect(await left).toEqual({ ok: true, value: null });
});

test('the last steward is told first, and may leave anyway', async () => {
  const [ada, bob] = await people('Ada', 'Bob');
  if (!ada || !bob) throw new Error('expected two');
  const space = await shareSpace([ada, bob], 1);
  const held = ada.held(space);
  expect(await ada.leaving.tell(held, false)).toMatchObject({ failure: { code: 'conflict' } });
  expect(await ada.leaving.mayJoin(space)).toMatchObject({ ok: true });
  expect(await ada.leaving.tell(held, true)).toEqual({ ok: true, value: null });
  await meet([ada, bob], space);
  expect(isIn(bob, space, ada)).toBe(true);
});

test('nobody can say for another that they leave', async () => {
  const [ada, bob, chi] = await people('Ada', 'Bob', 'Chi');
  if (!ada || !bob || !chi) throw new Error('expected three');
  const space = await shareSpace([ada, bob, chi], 1);
  const frontiers = [{ device: bob.profile.signer.publicKey, seq: 0, hash: null }];
  const id = fromHex(space) ?? new Uint8Array();
  const said = await sayLeave(chi.profile.signer, id, frontiers);
  const forged = { device: bob.profile.signer.publicKey, signature: said.signature };
  for (const claim of [said, forged]) {
    unwrap(await chi.held(space).space.record(LEAVE, leaveWords({ frontiers, said: claim })));
  }
  // What is honest and comes later shows that the other words were heard.
  unwrap(await chi.leaving.tell(chi.held(space), false));
  await meet([ada, bob, chi], space);
  await eventually(async () => !isIn(ada, space, chi));
  expect(isIn(ada, space, bob)).toBe(true);
});
