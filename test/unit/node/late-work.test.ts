// Honest work that a removal cut off is taken in again when the stewards want it.
import { expect, test } from 'vitest';
import { answerLateWork, lateWorkIn } from '../../../lib/node/late-work.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { carry } from '../../support/carry.ts';
import {
  meet,
  shareSpace,
  startStewardNode,
  type StewardNode,
} from '../../support/steward-node.ts';

async function notesAt(node: StewardNode, space: string): Promise<unknown[]> {
  const events = await node.held(space).space.events();
  return events.flatMap(({ body }) =>
    body.kind === 'event' && body.event === 'note' ? [body.payload] : [],
  );
}

test('what a removed member had written unseen can be taken in by both stewards, or left out', async () => {
  const ada = await startStewardNode('Ada');
  const bob = await startStewardNode('Bob');
  const chi = await startStewardNode('Chi');
  const space = await shareSpace([ada, bob, chi], 2);
  unwrap(await chi.held(space).space.record('note', 'first'));
  unwrap(await ada.stewardship.remove(ada.held(space), chi.profile.person));
  unwrap(await chi.held(space).space.record('note', 'second'));
  await meet([ada, bob], space);
  const council = bob.stewardship.council(bob.held(space));
  unwrap((await council?.answer(council.motions()[0]?.id ?? '', true)) ?? fail());
  await meet([ada, bob], space);
  await carry(chi.replica, bob.replica, space);
  await meet([ada, bob], space);
  expect(await notesAt(ada, space)).toEqual([]);
  const [late] = await lateWorkIn(parts(ada), ada.held(space));
  expect(late).toMatchObject({ person: chi.person, count: 2 });
  const device = late?.device ?? '';
  unwrap(await answerLateWork(parts(bob), bob.held(space), { device, take: false }));
  expect(await lateWorkIn(parts(bob), bob.held(space))).toEqual([]);
  unwrap(await answerLateWork(parts(ada), ada.held(space), { device, take: true }));
  await meet([ada, bob], space);
  expect(await lateWorkIn(parts(ada), ada.held(space))).toEqual([]);
  unwrap((await council?.answer(council.motions()[0]?.id ?? '', true)) ?? fail());
  await meet([ada, bob], space);
  for (const node of [ada, bob]) expect(await notesAt(node, space)).toEqual(['first', 'second']);
});

function parts(node: StewardNode) {
  return { ...node, records: node.stores.records };
}

function fail(): never {
  throw new Error('expected a council');
}
