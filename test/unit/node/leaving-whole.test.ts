// Leaving and coming back, and devices where several stewards decide: as whole nodes over a real relay.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PanelState } from '../../../lib/messaging/panel-state.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { addDevice, shareBetween } from '../../support/own-devices.ts';
import { startTestRelay, type TestRelay } from '../../support/relay.ts';
import { startPerson } from '../../support/whole-node.ts';

let relay: TestRelay;
let at: { relay: string };

beforeEach(async () => {
  relay = await startTestRelay();
  at = { relay: relay.http };
});

afterEach(async () => {
  await relay.close();
});

function namesIn({ spaces }: PanelState): string[] {
  return (
    spaces[0]?.people.filter(({ role }) => role !== null).map(({ name }) => name) ?? []
  ).toSorted();
}

test('who left is off the list for everyone, and a new invite is refused at once', async () => {
  const [ada, bob] = [await startPerson('Ada', at), await startPerson('Bob', at)];
  const spaceId = await shareBetween(ada, bob);
  await ada.until((state) => namesIn(state).length === 2);
  unwrap(await bob.ask('leaveGroup', { spaceId, anyway: false }));
  expect((await bob.state()).spaces).toEqual([]);
  await ada.until((state) => namesIn(state).join() === 'Ada');
  const { link } = unwrap(await ada.ask('invite', { spaceId }));
  expect(await bob.ask('joinSpace', { link })).toMatchObject({ failure: { code: 'conflict' } });
});

test('who was removed and asks by a new invite hears no instead of waiting', async () => {
  const [ada, bob] = [await startPerson('Ada', at), await startPerson('Bob', at)];
  const spaceId = await shareBetween(ada, bob);
  const { spaces } = await ada.until((state) => namesIn(state).length === 2);
  const person = spaces[0]?.people.find(({ me }) => !me)?.did ?? '';
  unwrap(await ada.ask('removePerson', { spaceId, person }));
  await bob.until((state) => state.spaces[0]?.problem?.code === 'permission_denied');
  unwrap(await bob.ask('leaveSpace', { spaceId }));
  const { link } = unwrap(await ada.ask('invite', { spaceId }));
  const declined = {
    code: 'permission_denied',
    remedy: expect.stringContaining('cannot come back'),
  };
  for (const again of [link, link])
    expect(await bob.ask('joinSpace', { link: again })).toMatchObject({ failure: declined });
  expect((await bob.state()).spaces[0]?.problem).toMatchObject(declined);
  expect((await ada.state()).spaces[0]?.requests).toEqual([]);
});

test('a device of one of two stewards comes and goes by the nodes of both, and nobody is asked', async () => {
  const [ada, bob] = [await startPerson('Ada', at), await startPerson('Bob', at)];
  const spaceId = await shareBetween(ada, bob);
  const { spaces } = await ada.until((state) => namesIn(state).length === 2);
  const person = spaces[0]?.people.find(({ me }) => !me)?.did ?? '';
  unwrap(await ada.ask('setRole', { spaceId, person, role: 'steward' }));
  await bob.until((state) => state.spaces[0]?.group.stewards === 2);
  const phone = await addDevice(ada, { ...at, label: 'Phone' });
  await phone.until((state) => state.spaces[0]?.waitingFor === null);
  const { devices } = await ada.until((state) => state.devices?.list.length === 2);
  const device = devices?.list.find(({ label }) => label === 'Phone')?.id ?? '';
  unwrap(await ada.ask('removeDevice', { device, phrase: null }));
  await phone.until((state) => state.spaces[0]?.problem?.code === 'permission_denied');
});
