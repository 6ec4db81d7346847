// A space with MLS keys as nodes have it: made, joined, written in, left behind by who was removed, and open after a restart.
import { expect, test } from 'vitest';
import { complain } from '../../../lib/group/complaints.ts';
import { decideAlone } from '../../../lib/node/decide-alone.ts';
import { KeyCare } from '../../../lib/node/key-care.ts';
import { ownEnrolment } from '../../../lib/node/own-enrolment.ts';
import { createVoteMemory } from '../../../lib/node/vote-memory.ts';
import { COMPLAINT } from '../../../lib/space/writing-stand.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { carry } from '../../support/carry.ts';
import {
  meet,
  shareSpace,
  startStewardNode,
  type StewardNode,
} from '../../support/steward-node.ts';

test('members of an MLS space read each other, whoever was removed no longer', async () => {
  const [ada, bob] = [await startStewardNode('Ada'), await startStewardNode('Bob')];
  const id = await shareSpace([ada, bob], 1, 'mls');
  expect(ada.held(id).group?.log.tip().keys).toBe('mls');
  await write(bob, id, 'from Bob');
  await meet([ada, bob], id);
  expect(await notesAt(ada, id)).toEqual(['from Bob']);

  unwrap(await ada.stewardship.remove(ada.held(id), bob.profile.person));
  await write(ada, id, 'without Bob');
  await meet([ada, bob], id);
  expect(await notesAt(ada, id)).toEqual(['from Bob', 'without Bob']);
  expect(await notesAt(bob, id)).toEqual(['from Bob']);
  const said = await bob.held(id).space.record('note', 'still here?');
  expect(said).toMatchObject({ ok: false, failure: { code: 'permission_denied' } });

  const again = await ada.restart();
  expect(await notesAt(again, id)).toEqual(['from Bob', 'without Bob']);
  await write(again, id, 'and on');
  expect(await notesAt(again, id)).toEqual(['and on', 'from Bob', 'without Bob']);
});

test('two stewards of an MLS space decide together, and go on after a restart in between', async () => {
  const [ada, chi] = [await startStewardNode('Ada'), await startStewardNode('Chi')];
  let bob = await startStewardNode('Bob');
  const id = await shareSpace([ada, bob], 2, 'mls');
  await write(ada, id, 'before Chi');
  const newcomer = { person: chi.person, device: toHex(chi.profile.signer.publicKey) };
  unwrap(await bob.stewardship.admit(bob.held(id), await ownEnrolment(chi.profile), newcomer));
  bob = await bob.restart();
  await meet([ada, bob], id);
  for (const node of [ada, bob]) {
    expect(node.held(id).group?.log.tip().devices.has(newcomer.device)).toBe(true);
  }
  await write(bob, id, 'with Chi');
  await meet([ada, bob], id);
  expect(await notesAt(ada, id)).toEqual(['before Chi', 'with Chi']);
  await comeIn(chi, ada, id);
  await meet([ada, bob, chi], id);
  expect(await notesAt(chi, id)).toEqual(['before Chi', 'with Chi']);
  await write(chi, id, 'from Chi');
  await meet([ada, bob, chi], id);
  for (const node of [ada, bob]) expect(await notesAt(node, id)).toContain('from Chi');
});

test('who complains of every key gets a few, and does not keep the group moving for ever', async () => {
  const [ada, bob] = [await startStewardNode('Ada'), await startStewardNode('Bob')];
  const id = await shareSpace([ada, bob], 1, 'mls');
  // One look at a time, by the test's own.
  for (const node of [ada, bob]) node.stewardship.closed(node.held(id));
  const { space, group, keys } = ada.held(id);
  if (group === null) throw new Error('expected a group');
  const { replica, stores, profile, person } = ada;
  const memory = createVoteMemory(stores.records);
  // Not by the stewardship, which would begin to care for the space again beside the test.
  const deciding = { replica, memory, space, group, person, profile: () => profile, now: Date.now };
  const care = new KeyCare({
    space,
    group,
    signer: () => ada.profile.signer,
    person: () => ada.person,
    isHere: () => true,
    propose: (change) => decideAlone(deciding, [], change),
    isProposedFor: () => false,
    onChange: () => {},
  });
  const before = keys.current();
  for (let round = 0; round < 5; round += 1) {
    const { log } = bob.held(id).group ?? {};
    const control = log?.controlAt(log.tip().head);
    if (!control) throw new Error('expected an entry to complain of');
    const complaint = unwrap(await complain(bob.profile.signer, control, 'does_not_open'));
    unwrap(await bob.held(id).space.record(COMPLAINT, complaint));
    await carry(bob.replica, ada.replica, id);
    await care.look();
    await carry(ada.replica, bob.replica, id);
    await bob.held(id).space.events();
  }
  care.close();
  expect(keys.current() - before).toBe(3);
});

/** As the answer in a lobby would bring it. */
async function comeIn(newcomer: StewardNode, member: StewardNode, id: string): Promise<void> {
  const { record, group } = member.held(id);
  const own = { ...record, joinedAt: 3, invitedBy: member.name, secret: null, passes: [] };
  await newcomer.stores.records.put('spaces', id, own);
  await newcomer.replica.accept(id, group?.log.entriesFrom(1, 1000) ?? []);
  unwrap(await newcomer.spaces.add(own));
}

async function write(node: StewardNode, id: string, note: string): Promise<void> {
  unwrap(await node.held(id).space.record('note', note));
}

/** Sorted, since authors have no order among each other. */
async function notesAt(node: StewardNode, id: string): Promise<string[]> {
  const entries = await node.held(id).space.events();
  const notes = entries.flatMap(({ body }) =>
    body.kind === 'event' && typeof body.payload === 'string' ? [body.payload] : [],
  );
  return notes.toSorted();
}
