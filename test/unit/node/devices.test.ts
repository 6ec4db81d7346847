// Several devices of one person, as whole nodes over a real relay: how one is added, what it then is, how one is removed.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unwrap } from '../../../lib/wire/failure.ts';
import { eventually } from '../../support/eventually.ts';
import { addDevice, meetByCode, notesOf, shareBetween, URL } from '../../support/own-devices.ts';
import { startTestRelay, type TestRelay } from '../../support/relay.ts';
import { startPerson, startWholeNode, type WholeNode } from '../../support/whole-node.ts';

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

describe('a device that was added', () => {
  test('is let into spaces that others manage, and reads along until then', async () => {
    const bob = await startPerson('Bob', at);
    const ada = await startPerson('Ada', at);
    const spaceId = await shareBetween(bob, ada);
    unwrap(await bob.annotate(URL, spaceId, 'before'));
    await eventually(async () => (await notesOf(ada)).length === 1);
    bob.kill();
    const phone = await addDevice(ada, { ...at, label: 'Phone' });
    await eventually(async () => (await notesOf(phone)).includes('before'));
    const waiting = await phone.state();
    expect(waiting.spaces[0]?.waitingFor).toContain('let this one in');
    expect(await phone.annotate(URL, spaceId, 'too early')).toMatchObject({
      failure: { code: 'permission_denied', message: expect.stringContaining('not been let') },
    });
    const again = startWholeNode({ ...at, store: bob.store });
    await phone.until(({ spaces }) => spaces[0]?.waitingFor === null);
    await eventually(async () => (await phone.annotate(URL, spaceId, 'after')).ok);
    await eventually(async () => (await notesOf(again)).includes('after'));
  });

  test('hears of spaces that are made later, on whichever device', async () => {
    const ada = await startPerson('Ada', at);
    const phone = await addDevice(ada, { ...at, label: 'Phone' });
    unwrap(await phone.ask('createSpace', { name: 'By phone' }));
    await ada.until(
      ({ spaces }) => spaces[0]?.waitingFor === null && spaces[0].name === 'By phone',
    );
    unwrap(await ada.ask('createSpace', { name: 'By laptop' }));
    await phone.until(
      ({ spaces }) => spaces.length === 2 && spaces.every(({ waitingFor }) => waitingFor === null),
    );
  });

  test('that was left in one browser stays in the other', async () => {
    const ada = await startPerson('Ada', at);
    const { spaceId } = unwrap(await ada.ask('createSpace', { name: 'Tides' }));
    const phone = await addDevice(ada, { ...at, label: 'Phone' });
    await phone.until(({ spaces }) => spaces.length === 1);
    unwrap(await phone.ask('leaveSpace', { spaceId }));
    unwrap(await ada.ask('createSpace', { name: 'Another' }));
    await phone.until(({ spaces }) => spaces[0]?.name === 'Another');
    expect((await phone.state()).spaces).toHaveLength(1);
    expect((await ada.state()).spaces).toHaveLength(2);
  });
});

describe('removing a device', () => {
  test('shuts it out of home and spaces, and it says so', async () => {
    const ada = await startPerson('Ada', at);
    const bob = await startPerson('Bob', at);
    const spaceId = await shareBetween(ada, bob);
    const phone = await addDevice(ada, { ...at, label: 'Phone' });
    await phone.until(({ spaces }) => spaces[0]?.waitingFor === null);
    await remove(ada, 'Phone');
    await phone.until(({ devices }) => devices?.isRemoved === true);
    const state = await phone.until(({ spaces }) => spaces[0]?.problem !== null);
    expect(state.spaces[0]?.problem?.message).toContain('no longer');
    unwrap(await ada.annotate(URL, spaceId, 'after'));
    await eventually(async () => (await notesOf(bob)).includes('after'));
    expect(await notesOf(phone)).toEqual([]);
    expect(await phone.annotate(URL, spaceId, 'still here')).toMatchObject({ ok: false });
    const { devices, spaces } = await ada.state();
    expect(devices?.list.map(({ label, removedAt }) => [label, removedAt === null])).toEqual([
      ['Node', true],
      ['Phone', false],
    ]);
    expect(spaces[0]?.people.map(({ name }) => name)).toEqual(['Ada', 'Bob']);
  });

  test('of the one that decided passes that on, also in spaces of others', async () => {
    const bob = await startPerson('Bob', at);
    const ada = await startPerson('Ada', { ...at, label: 'Laptop' });
    const phrase = unwrap(await ada.ask('showPhrase', {})).phrase ?? '';
    const hers = unwrap(await ada.ask('createSpace', { name: 'Hers' }));
    const his = await shareBetween(bob, ada);
    const phone = await addDevice(ada, { ...at, label: 'Phone' });
    await phone.until(
      ({ spaces }) => spaces.length === 2 && spaces.every(({ waitingFor }) => waitingFor === null),
    );
    expect(await phone.ask('offerDevice', {})).toMatchObject({ ok: false });
    ada.kill();
    await remove(phone, 'Laptop', phrase);
    await eventually(async () => {
      const view = (await phone.state()).devices?.list.find(({ label }) => label === 'Laptop');
      return view !== undefined && view.removedAt !== null && view.waitingIn.length === 0;
    });
    unwrap(await phone.ask('renameSpace', { spaceId: hers.spaceId, name: 'Still hers' }));
    expect(await phone.ask('setAdmission', { spaceId: hers.spaceId, admit: 'by_hand' })).toEqual({
      ok: true,
      value: null,
    });
    unwrap(await phone.ask('offerDevice', {}));
    const again = startWholeNode({ ...at, store: ada.store });
    await again.until(({ devices }) => devices?.isRemoved === true);
    unwrap(await bob.annotate(URL, his, 'after'));
    for (const node of [phone, again]) unwrap(await node.ask('openSpace', { spaceId: his }));
    await eventually(async () => (await notesOf(phone)).includes('after'));
    expect(await notesOf(again)).toEqual([]);
  });

  test('needs the words of the very person', async () => {
    const ada = await startPerson('Ada', at);
    await addDevice(ada, { ...at, label: 'Phone' });
    const { devices } = await ada.until((state) => state.devices?.list.length === 2);
    const device = devices?.list[1]?.id ?? '';
    const words = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
    const codes = [];
    for (const phrase of [words, 'not words at all']) {
      const removed = await ada.ask('removeDevice', { device, phrase });
      codes.push(removed.ok ? 'ok' : removed.failure.code);
    }
    expect(codes).toEqual(['unauthenticated', 'malformed']);
  });
});

async function remove(node: WholeNode, label: string, phrase: string | null = null): Promise<void> {
  const { devices } = await node.until(
    (state) => state.devices?.list.some((device) => device.label === label) === true,
  );
  const device = devices?.list.find((one) => one.label === label)?.id ?? '';
  unwrap(await node.ask('removeDevice', { device, phrase }));
}
