// Texts written together, their copies and what is agreed, on real nodes that meet now and then.
import { expect, test } from 'vitest';
import { openTexts, textsTookIn, type TextDesk } from '../../../lib/node/texts/open-texts.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import {
  meet,
  shareSpace,
  startStewardNode,
  type StewardNode,
} from '../../support/steward-node.ts';

interface Writer extends TextDesk {
  readonly node: StewardNode;
}

async function writer(name: string): Promise<Writer> {
  const node = await startStewardNode(name);
  return { node, ...openTexts({ ...node, profile: () => node.profile }) };
}

/** Ada manages the space; she and Bob have a text in it. */
async function twoWriters(text: string) {
  const [ada, bob] = await Promise.all([writer('Ada'), writer('Bob')]);
  const spaceId = await shareSpace([ada.node, bob.node], 1);
  for (const one of [ada, bob]) {
    const held = one.node.held(spaceId);
    held.space.onEntries((entries) => textsTookIn(one, held, entries));
  }
  const artifact = unwrap(await ada.texts.create(spaceId, 'Tides', 'prose'));
  const place = { spaceId, artifact, branch: null };
  unwrap(await ada.texts.write(place, '', text));
  const together = () => meet([ada.node, bob.node], spaceId);
  await together();
  return { ada, bob, place, together };
}

async function view(one: Writer, place: Parameters<Writer['texts']['write']>[0]) {
  return unwrap(await one.textViews.read(one.node.held(place.spaceId), place));
}

test('what two people write at once is all there', async () => {
  const { ada, bob, place, together } = await twoWriters('High water comes daily.');
  unwrap(await ada.texts.write(place, 'High water comes daily.', 'High water comes twice daily.'));
  unwrap(await bob.texts.write(place, 'High water comes daily.', 'The high water comes daily.'));
  await together();
  for (const one of [ada, bob]) {
    expect((await view(one, place)).text).toBe('The high water comes twice daily.');
  }
});

test('a write from an older text brings in only what its writer changed', async () => {
  const { ada, place } = await twoWriters('one two three');
  unwrap(await ada.texts.write(place, 'one two three', 'one two three four'));
  unwrap(await ada.texts.write(place, 'one two three', 'zero one two three'));
  expect((await view(ada, place)).text).toBe('zero one two three four');
});

test('a text of a hundred thousand letters is written, copied and brought together', async () => {
  const { ada, place } = await twoWriters('');
  const long = Array.from({ length: 10_000 }, (_, i) => `word${i % 997} `).join('');
  unwrap(await ada.texts.write(place, '', long));
  const branch = unwrap(await ada.texts.branch(place, 'Try', 'private'));
  unwrap(await ada.texts.write({ ...place, branch }, long, `First. ${long}`));
  expect(unwrap(await ada.texts.merge({ ...place, branch }, null))).toEqual({
    merged: true,
    conflicts: 0,
  });
  expect((await view(ada, place)).text).toBe(`First. ${long}`);
});

test('a private copy is seen by nobody else until it is shared', async () => {
  const { ada, bob, place, together } = await twoWriters('one two');
  const branch = unwrap(await ada.texts.branch(place, 'Try', 'private'));
  unwrap(await ada.texts.write({ ...place, branch }, 'one two', 'one secret two'));
  await together();
  expect((await view(ada, place)).copies).toMatchObject([{ name: 'Try', where: 'private' }]);
  expect((await view(bob, place)).copies).toEqual([]);
  unwrap(await ada.texts.share({ ...place, branch }));
  await together();
  const [shared] = (await view(bob, place)).copies;
  expect(shared).toMatchObject({ name: 'Try', where: 'shared', by: 'Ada' });
  const seen = await view(bob, { ...place, branch: shared?.id ?? '' });
  expect(seen.copy?.changes).toEqual([
    { kind: 'same', text: 'one ' },
    { kind: 'new', text: 'secret ' },
    { kind: 'same', text: 'two' },
  ]);
});

test('where copy and text changed the same word nothing happens before someone has chosen', async () => {
  const { ada, place } = await twoWriters('the old bay');
  const branch = unwrap(await ada.texts.branch(place, 'Try', 'shared'));
  unwrap(await ada.texts.write({ ...place, branch }, 'the old bay', 'the wide bay'));
  unwrap(await ada.texts.write(place, 'the old bay', 'the deep bay'));
  const at = { ...place, branch };
  expect(unwrap(await ada.texts.merge(at, null))).toEqual({ merged: false, conflicts: 1 });
  expect((await view(ada, place)).text).toBe('the deep bay');
  unwrap(await ada.texts.merge(at, 'ours'));
  expect((await view(ada, place)).text).toBe('the wide bay');
  expect((await view(ada, at)).copy).toMatchObject({ behind: 0 });
});

test('a copy follows the text and keeps its own changes', async () => {
  const { ada, place } = await twoWriters('one two three');
  const branch = unwrap(await ada.texts.branch(place, 'Try', 'private'));
  const at = { ...place, branch };
  unwrap(await ada.texts.write(at, 'one two three', 'one two THREE'));
  unwrap(await ada.texts.write(place, 'one two three', 'ONE two three'));
  expect((await view(ada, at)).copy?.behind).toBe(1);
  unwrap(await ada.texts.refresh(at));
  const seen = await view(ada, at);
  expect(seen.text).toBe('ONE two THREE');
  expect(seen.copy?.behind).toBe(0);
});

test('a version is agreed once as many approve as the space asks for, and changes make it a draft again', async () => {
  const { ada, bob, place, together } = await twoWriters('one two');
  unwrap(await ada.node.stewardship.setPolicy(ada.node.held(place.spaceId), { promotion: 2 }));
  await together();
  const branch = unwrap(await bob.texts.branch(place, 'Final', 'shared'));
  unwrap(await bob.proposals.ask(bob.node.held(place.spaceId), place.artifact, branch));
  await together();
  const asked = await view(ada, place);
  expect(asked.standing).toBe('draft');
  expect(asked.proposals).toMatchObject([
    { name: 'Final', by: 'Bob', approvedBy: ['Bob'], needed: 2, mayApprove: true },
  ]);
  unwrap(await ada.proposals.approve(ada.node.held(place.spaceId), place.artifact, branch));
  await expect
    .poll(async () => {
      await together();
      return (await view(bob, place)).standing;
    })
    .toBe('agreed');
  expect((await view(bob, place)).proposals).toEqual([]);
  unwrap(await bob.texts.write(place, 'one two', 'one two three'));
  expect(await view(bob, place)).toMatchObject({ standing: 'changed', agreed: 'one two' });
});

test('an approval counts once for a person, and not for who may only read', async () => {
  const { ada, bob, place, together } = await twoWriters('one two');
  const held = ada.node.held(place.spaceId);
  unwrap(await ada.node.stewardship.setPolicy(held, { promotion: 2 }));
  await together();
  const branch = unwrap(await bob.texts.branch(place, 'Final', 'shared'));
  const bobs = bob.node.held(place.spaceId);
  unwrap(await bob.proposals.ask(bobs, place.artifact, branch));
  unwrap(await bob.proposals.approve(bobs, place.artifact, branch));
  await together();
  expect((await view(ada, place)).proposals).toMatchObject([{ approvedBy: ['Bob'] }]);
  unwrap(await ada.node.stewardship.setRole(held, bob.node.profile.person, 'reader'));
  await together();
  expect((await view(ada, place)).proposals).toEqual([]);
  expect((await view(ada, place)).standing).toBe('draft');
});

test('what was changed after it was proposed is not what is agreed', async () => {
  const { ada, place } = await twoWriters('one two');
  const held = ada.node.held(place.spaceId);
  const branch = unwrap(await ada.texts.branch(place, 'Final', 'shared'));
  unwrap(await ada.proposals.ask(held, place.artifact, branch));
  unwrap(await ada.texts.write({ ...place, branch }, 'one two', 'one two and more'));
  await expect.poll(async () => (await view(ada, place)).agreed).toBe('one two');
  expect((await view(ada, { ...place, branch })).copy?.isAgreed).toBe(false);
});

test('a copy that was put away is in no list, and what was agreed of it stays', async () => {
  const { ada, place } = await twoWriters('one two');
  const branch = unwrap(await ada.texts.branch(place, 'Final', 'shared'));
  unwrap(await ada.proposals.ask(ada.node.held(place.spaceId), place.artifact, branch));
  await expect.poll(async () => (await view(ada, place)).standing).toBe('agreed');
  unwrap(await ada.texts.close({ ...place, branch }));
  expect(await view(ada, place)).toMatchObject({ copies: [], standing: 'agreed' });
});

test('a list says how each text stands, also after others have changed one', async () => {
  const { ada, bob, place, together } = await twoWriters('one two');
  const { spaceId } = place;
  unwrap(await ada.texts.create(spaceId, 'A second one', 'code'));
  const list = (one: Writer) => one.textViews.list(one.node.held(spaceId));
  await together();
  expect(await list(bob)).toMatchObject([
    { title: 'A second one', standing: 'draft', copies: 0 },
    { title: 'Tides', standing: 'draft', copies: 0 },
  ]);
  const branch = unwrap(await ada.texts.branch(place, 'Final', 'shared'));
  unwrap(await ada.proposals.ask(ada.node.held(spaceId), place.artifact, branch));
  await expect.poll(async () => (await list(ada))[1]?.standing).toBe('agreed');
  await together();
  expect((await list(bob))[1]).toMatchObject({ standing: 'agreed', copies: 1 });
  unwrap(await ada.texts.rename(place, 'Ebb and flow'));
  unwrap(await ada.texts.write(place, 'one two', 'one'));
  await together();
  expect((await list(bob))[1]).toMatchObject({ title: 'Ebb and flow', standing: 'changed' });
});

test('a text that is too long is refused and stays as it was', async () => {
  const { ada, place } = await twoWriters('one two');
  const long = 'x '.repeat(99_999);
  const written = await ada.texts.write(place, 'one two', `one two ${long}`);
  expect(written).toMatchObject({ failure: { code: 'too_large' } });
  expect((await view(ada, place)).text).toBe('one two');
});
