// Several devices of one person, as whole nodes over a real relay: how one is added, what it then is, how one is removed.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unwrap } from '../../../lib/wire/failure.ts';
import { eventually } from '../../support/eventually.ts';
import { addDevice, meetByCode, notesOf, shareBetween, URL } from '../../support/own-devices.ts';
import { startTestRelay, type TestRelay } from '../../support/relay.ts';
import { startPerson, startWholeNode } from '../../support/whole-node.ts';

let relay: TestRelay;
let at: { relay: string };

beforeEach(async () => {
  relay = await startTestRelay();
  at = { relay: relay.http };
});

afterEach(async () => {
  await relay.close();
});

describe('adding a device', () => {
  test('makes it the same person, with the spaces and what is in them', async () => {
    const ada = await startPerson('Ada', { ...at, label: 'Laptop' });
    const bob = await startPerson('Bob', at);
    const spaceId = await shareBetween(ada, bob);
    unwrap(await ada.annotate(URL, spaceId, 'from the laptop'));
    const phone = await addDevice(ada, { ...at, label: 'Phone' });
    const [mine, hers] = [await phone.state(), await ada.state()];
    expect(mine.me).toEqual(hers.me);
    await eventually(async () => (await notesOf(phone)).includes('from the laptop'));
    await phone.until(({ spaces }) => spaces[0]?.waitingFor === null);
    unwrap(await phone.annotate(URL, spaceId, 'from the phone'));
    await eventually(async () => (await notesOf(bob)).length === 2);
    const { spaces } = await bob.until(
      ({ page }) => page?.annotations.every(({ by }) => by.did === hers.me?.did) === true,
      URL,
    );
    expect(spaces[0]?.people.map(({ name }) => name)).toEqual(['Bob', 'Ada']);
    const { devices } = await phone.until((state) => state.devices?.list.length === 2);
    expect(devices?.list.map(({ label, isThisBrowser }) => [label, isThisBrowser])).toEqual([
      ['Phone', true],
      ['Laptop', false],
    ]);
  });

  test('shows the same digits on both, and gives nothing to who is sent away', async () => {
    const ada = await startPerson('Ada', at);
    const phone = startWholeNode(at);
    const digits = await meetByCode(ada, phone);
    expect((await ada.state()).devices?.offer?.digits).toBe(digits);
    unwrap(await ada.ask('cancelOffer', {}));
    const { joining, me } = await phone.until((state) => state.joining?.step === 'failed');
    expect(joining?.failure?.code).toBe('closed');
    expect(me).toBeNull();
    expect((await ada.state()).devices?.list).toHaveLength(1);
  });
});
