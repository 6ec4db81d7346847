import { expect, it } from 'vitest';
import { singleEpochKeys } from '../../../lib/group/epoch-keys.ts';
import { createReplica } from '../../../lib/log/replica.ts';
import { createSpace, type Space } from '../../../lib/space/space.ts';
import { createMemoryEntryStore } from '../../../lib/store/memory-store.ts';
import type { Signer } from '../../../lib/identity/signer.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import {
  createDocuments,
  createTestNode,
  createTestSpace,
  type TestNode,
  type TestSpace,
} from '../../support/spaces.ts';

const ALL = { maxEntries: 1000, maxBytes: 1e9 };
const TARGET = {
  quote: { type: 'TextQuoteSelector', exact: 'words', prefix: '', suffix: '' },
  position: { type: 'TextPositionSelector', start: 0, end: 5 },
};
const WHERE = { url: 'https://example.org/', title: 'A page' };
const PAGE = `page/${'ab'.repeat(32)}`;

it('writes what was cut off again under another key, edits upon edits, beside what others did meanwhile', async () => {
  const { shared, ada, adas } = await started();
  unwrap(await adas.change(noting('first', 'before the copy was made')));
  const copy = await copyOf(ada, shared);
  unwrap(await adas.change(noting('kept', 'on the kept branch')));
  unwrap(await copy.space.change(noting('cut', 'on the dropped branch')));
  unwrap(await copy.space.change(editing('cut', 'edited there')));
  unwrap(await copy.space.change(editing('first', 'edited in the copy')));
  unwrap(await copy.space.change({ document: 'board', verb: 'setName', args: { name: 'Tides' } }));
  unwrap(await copy.space.record('note', { text: 'a fact' }));
  const cut = (await copy.read(ada.signer)).slice(2);
  const again = await createTestNode('Ada again');
  const agains = await again.join(shared);
  await give(ada, again, shared);
  const { done, failure } = await agains.writeAgain(cut);
  expect(failure).toBeNull();
  expect(done).toHaveLength(5);
  expect(await notesIn(agains)).toEqual({
    first: 'edited in the copy',
    kept: 'on the kept branch',
    cut: 'edited there',
  });
  expect(unwrap(await agains.read('board'))).toMatchObject({ name: 'Tides' });
  expect((await agains.events()).map(({ body }) => body.kind === 'event' && body.event)).toContain(
    'note',
  );
  await give(again, ada, shared);
  expect(await notesIn(adas)).toEqual(await notesIn(agains));
  expect([...agains.refused(), ...adas.refused()]).toEqual([]);
});

it('leaves aside what builds on work that is not here, and says why', async () => {
  const { shared, ada, adas } = await started();
  const copy = await copyOf(ada, shared);
  unwrap(await copy.space.change(noting('missing', 'never given')));
  unwrap(await copy.space.change(editing('missing', 'cannot stand alone')));
  const [, , edit] = await copy.read(ada.signer);
  const { done, failure } = await adas.writeAgain(edit === undefined ? [] : [edit]);
  expect(done).toEqual([]);
  expect(failure).not.toBeNull();
  expect(await notesIn(adas)).toEqual({});
});

async function started() {
  const shared = await createTestSpace();
  const ada = await createTestNode('Ada');
  return { shared, ada, adas: await ada.join(shared) };
}

function noting(id: string, note: string) {
  const args = { id: idOf(id), note, target: TARGET, agent: null, at: 1, ...WHERE };
  return { document: PAGE, verb: 'add', args };
}

function editing(id: string, note: string) {
  return { document: PAGE, verb: 'edit', args: { id: idOf(id), note, at: 2 } };
}

async function notesIn(space: Space): Promise<Record<string, string>> {
  const page = unwrap(await space.read(PAGE)) as { annotations: { id: string; note: string }[] };
  return Object.fromEntries(
    page.annotations.map(({ id, note }) => [id.replace('note-', ''), note]),
  );
}

/** Ids have a least length. */
function idOf(name: string): string {
  return `note-${name}`;
}

/** A second browser with the same key and all that is stored. */
async function copyOf({ signer, store }: TestNode, shared: TestSpace) {
  const copied = createMemoryEntryStore();
  const id = toHex(shared.id);
  unwrap(await copied.append(id, await store.read(id, toHex(signer.publicKey), 1, ALL)));
  const replica = createReplica(copied);
  const keys = singleEpochKeys(shared.secret);
  const parts = { keys, control: null, signer, replica, documents: createDocuments() };
  const space = createSpace({ space: shared.id, ...parts, now: Date.now });
  const read = ({ publicKey }: Signer) => copied.read(id, toHex(publicKey), 1, ALL);
  return { space, read };
}

async function give(from: TestNode, to: TestNode, { id }: TestSpace): Promise<void> {
  const space = toHex(id);
  for (const author of (await from.replica.heads(space)).keys()) {
    const entries = await from.store.read(space, author, 1, ALL);
    await to.replica.accept(
      space,
      entries.map(({ bytes }) => bytes),
    );
  }
}
