import { expect, it } from 'vitest';
import { singleEpochKeys } from '../../../lib/group/epoch-keys.ts';
import { BOARD_ID } from '../../../lib/space/document-ids.ts';
import { openLookBack, type LookBack } from '../../../lib/space/look-back.ts';
import type { Space } from '../../../lib/space/space.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { carry } from '../../support/carry.ts';
import { createTestNode, createTestSpace, type TestNode } from '../../support/spaces.ts';

const PAGE = `page/${'ab'.repeat(32)}`;
const url = 'https://example.org/tides';

it('shows a space as it was at any step, with who knew of what by then', async () => {
  const { ada, bob, adas, bobs, past } = await twoPeople();
  await note(adas, 'note-one', 'First words.');
  await carry(ada.replica, bob.replica, adas.id);
  unwrap(await bobs.change({ document: PAGE, verb: 'edit', args: edit('note-one', 'Better.') }));
  await carry(bob.replica, ada.replica, adas.id);
  unwrap(await adas.change({ document: PAGE, verb: 'remove', args: { id: 'note-one' } }));

  const back = await past();
  const { steps } = back.history;
  const documents = steps.map(({ deed }) => (deed.kind === 'change' ? deed.document : deed.kind));
  expect(documents).toEqual(['event', 'event', PAGE, PAGE, PAGE]);
  const notes = await Promise.all(steps.map((_, i) => notesAfter(back, i + 1)));
  expect(notes.slice(2)).toEqual([['First words.'], ['Better.'], []]);
  expect(unwrap(await back.changesOf(3))).toMatchObject([
    { object: 'note-one', before: { note: 'First words.' }, after: { note: 'Better.' } },
  ]);
  const names = [...back.after(1).members().values()].map(({ name }) => name);
  expect(names).toHaveLength(1);
  expect(back.after(steps.length).members().size).toBe(2);
});

it('closes a cut: whoever is in it brings what they had seen', async () => {
  const { ada, bob, adas, bobs, past } = await twoPeople();
  unwrap(await adas.change({ document: BOARD_ID, verb: 'setName', args: { name: 'Tides' } }));
  await carry(ada.replica, bob.replica, adas.id);
  // Another document: only what the entry says of others' logs ties the two together.
  await note(bobs, 'note-two', 'After the name.');
  await carry(bob.replica, ada.replica, adas.id);
  const author = toHex(bob.signer.publicKey);
  const heads = await ada.replica.heads(adas.id);
  const back = await past();
  const moment = unwrap(back.at(new Map([[author, heads.get(author)?.seq ?? 0]])));
  expect(moment.documents().toSorted()).toEqual([BOARD_ID, PAGE]);
  expect(unwrap(await moment.read(BOARD_ID))).toMatchObject({ name: 'Tides' });
  expect(back.at(new Map([[author, 99]]))).toMatchObject({ failure: { code: 'not_found' } });
});

it('tells the life of one object and of no other, and stops when asked to', async () => {
  const { adas, past } = await twoPeople();
  await note(adas, 'note-one', 'One.');
  await note(adas, 'note-two', 'Two.');
  const agent = { did: 'did:key:z6MkScribe', name: 'Scribe', grant: 'grant_7' };
  const change = { document: PAGE, verb: 'edit', args: edit('note-one', 'One, mended.') };
  unwrap(await adas.change({ ...change, agent }));
  const back = await past();
  const what = { document: PAGE, object: 'note-one', limit: 10 };
  const life = unwrap(await back.historyOf(what, new AbortController().signal));
  expect(life.map(({ step }) => step.agent)).toEqual([null, agent]);
  expect(life.map(({ changes }) => changes[0]?.after?.['note'])).toEqual(['One.', 'One, mended.']);
  expect(await back.historyOf(what, AbortSignal.abort())).toMatchObject({
    failure: { code: 'cancelled' },
  });
});

async function twoPeople() {
  const space = await createTestSpace();
  const [ada, bob] = [await createTestNode('Ada'), await createTestNode('Bob')];
  const [adas, bobs] = [await ada.join(space), await bob.join(space)];
  await carry(ada.replica, bob.replica, adas.id);
  await carry(bob.replica, ada.replica, adas.id);
  await adas.entries();
  const past = () => lookBack(ada, adas, space.secret);
  return { ada, bob, adas, bobs, past };
}

async function lookBack(node: TestNode, { id }: Space, secret: Uint8Array): Promise<LookBack> {
  const { replica, documents } = node;
  const source = { space: id, replica, documents, keys: singleEpochKeys(secret), control: null };
  return unwrap(await openLookBack(source, new AbortController().signal));
}

async function note(space: Space, id: string, text: string): Promise<void> {
  const target = {
    quote: { type: 'TextQuoteSelector', exact: 'twice a day', prefix: '', suffix: '' },
    position: { type: 'TextPositionSelector', start: 0, end: 11 },
  };
  const args = { id, url, title: 'Tides', target, note: text, agent: null, at: 1 };
  unwrap(await space.change({ document: PAGE, verb: 'add', args }));
}

function edit(id: string, text: string) {
  return { id, note: text, at: 2 };
}

async function notesAfter(back: LookBack, count: number): Promise<string[]> {
  const page = unwrap(await back.after(count).read(PAGE)) as { annotations: { note: string }[] };
  return page.annotations.map((annotation) => annotation.note);
}
