// A space with MLS keys in whole nodes over a real relay: what people do in it is what they do in any other.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unwrap } from '../../../lib/wire/failure.ts';
import { eventually } from '../../support/eventually.ts';
import { addDevice, notesOf, shareBetween, URL } from '../../support/own-devices.ts';
import { startTestRelay, type TestRelay } from '../../support/relay.ts';
import { startPerson, type WholeNode } from '../../support/whole-node.ts';

let relay: TestRelay;
let at: { relay: string };

beforeEach(async () => {
  relay = await startTestRelay();
  at = { relay: relay.http };
});

afterEach(async () => {
  await relay.close();
});

test('people share and edit, a second device joins, and who is removed reads no further', async () => {
  const ada = await startPerson('Ada', { ...at, label: 'Laptop' });
  const bob = await startPerson('Bob', at);
  const spaceId = await shareBetween(ada, bob, 'mls');
  unwrap(await bob.annotate(URL, spaceId, 'from Bob'));
  await eventually(async () => (await notesOf(ada)).includes('from Bob'));

  const phone = await addDevice(ada, { ...at, label: 'Phone' });
  await phone.until(({ spaces }) => spaces[0]?.waitingFor === null);
  await eventually(async () => (await notesOf(phone)).includes('from Bob'));
  await eventually(async () => (await phone.annotate(URL, spaceId, 'from the phone')).ok);
  for (const node of [ada, bob]) {
    await eventually(async () => (await notesOf(node)).includes('from the phone'));
  }

  const person = await personOf(ada, 'Bob');
  unwrap(await ada.ask('removePerson', { spaceId, person }));
  await bob.until(({ spaces }) => spaces[0]?.problem?.code === 'permission_denied');
  unwrap(await ada.annotate(URL, spaceId, 'without Bob'));
  await eventually(async () => (await notesOf(phone)).includes('without Bob'));
  expect(await notesOf(bob)).toEqual(['from Bob', 'from the phone']);
});

async function personOf(node: WholeNode, wanted: string): Promise<string> {
  const { spaces } = await node.until(
    (state) => state.spaces[0]?.people.some(({ name }) => name === wanted) === true,
  );
  return spaces[0]?.people.find(({ name }) => name === wanted)?.did ?? '';
}
