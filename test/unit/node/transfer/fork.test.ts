// New spaces out of old ones: what was there, whose it was, and where it comes from.
import { expect, it } from 'vitest';
import { historyView, momentView } from '../../../../lib/node/past/past-views.ts';
import { createPasts } from '../../../../lib/node/past/pasts.ts';
import type { HeldSpace } from '../../../../lib/node/held-space.ts';
import { forkSpace } from '../../../../lib/node/transfer/fork-space.ts';
import { provenanceOf } from '../../../../lib/node/transfer/provenance.ts';
import { equalBytes } from '../../../../lib/wire/bytes.ts';
import { unwrap } from '../../../../lib/wire/failure.ts';
import { decodeGenesis } from '../../../../lib/wire/space-genesis.ts';
import { createGroupNode, type GroupNode } from '../../../support/group-node.ts';
import { editNote, notesIn, pageOf, writeNote } from '../../../support/notes.ts';

it('holds what was there, under new keys, and says where it comes from and whose things are', async () => {
  const ada = await createGroupNode('Ada');
  const reef = await ada.makeSpace('Reef survey');
  await writeNote(reef.space, 'note-one', 'First words.');
  await editNote(reef.space, 'note-one', 'Better.');
  const made = await fork(ada, reef, null);
  expect(made.record.id).not.toBe(reef.record.id);
  const [old, fresh] = [reef, made].map(({ record }) => unwrap(decodeGenesis(record.genesis)));
  expect(equalBytes(old?.access ?? new Uint8Array(), fresh?.access ?? new Uint8Array())).toBe(
    false,
  );
  expect(ada.stewardship.isSteward(made)).toBe(true);
  const [note] = (await pageOf(made.space)).annotations;
  const by = { did: ada.profile().person, name: 'Ada' };
  expect(note).toMatchObject({ note: 'Better.', by, createdAt: 1, editedAt: 2 });
  expect(await provenanceOf(made)).toMatchObject({ space: reef.record.id, name: 'Reef survey' });
  expect(await provenanceOf(reef)).toBeNull();
});

it('is made of an earlier moment as well, and of more than one change can carry', async () => {
  const ada = await createGroupNode('Ada');
  const reef = await ada.makeSpace('Reef survey');
  const long = 'What was seen. '.repeat(600);
  for (let i = 0; i < 25; i += 1) await writeNote(reef.space, `note-${i}-long`, long);
  await writeNote(reef.space, 'note-late', 'Too late.');
  const past = unwrap(await createPasts(ada).of(reef, true));
  const made = await fork(ada, reef, past.history.steps.length - 1);
  const notes = await notesIn(made.space);
  expect(notes).toHaveLength(25);
  expect(notes).not.toContain('Too late.');
  const again = await fork(ada, made, null);
  const { annotations } = await pageOf(again.space);
  expect(new Set(annotations.map(({ by }) => by?.name))).toEqual(new Set(['Ada']));
});

it('is told step by step, with what each changed, and shown as of any of them', async () => {
  const ada = await createGroupNode('Ada');
  const reef = await ada.makeSpace('Reef survey');
  await writeNote(reef.space, 'note-one', 'First words.');
  await editNote(reef.space, 'note-one', 'Better.');
  const past = unwrap(await createPasts(ada).of(reef, false));
  const { rows, total } = unwrap(await historyView(ada, reef, past, { from: 0, count: 100 }));
  expect(total).toBe(rows.length);
  expect(rows.map(({ verb, object }) => `${verb} ${object}`)).toEqual([
    'made the space',
    'said their name: Ada',
    'named the space Reef survey',
    'annotated “twice a day”',
    'changed the note on “twice a day”',
  ]);
  expect(rows.at(-1)).toMatchObject({
    where: 'Tides',
    hand: { name: 'Ada', kind: 'person' },
    changes: [{ about: 'twice a day', before: 'First words.', after: 'Better.' }],
  });
  const then = unwrap(await momentView(ada, past, total - 1));
  expect(then).toMatchObject({
    name: 'Reef survey',
    people: [{ name: 'Ada', role: 'steward' }],
    pages: [{ title: 'Tides', notes: [{ note: 'First words.' }] }],
  });
});

async function fork(node: GroupNode, source: HeldSpace, after: number | null): Promise<HeldSpace> {
  const past = unwrap(await createPasts(node).of(source, true));
  return unwrap(await forkSpace(node, source, { name: 'Reef survey, anew', after, past }));
}
