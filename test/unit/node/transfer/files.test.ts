// Spaces that leave a browser as a file and come into another one.
import { expect, it } from 'vitest';
import { exportSpace } from '../../../../lib/node/transfer/export-space.ts';
import { keepSpace } from '../../../../lib/node/transfer/keep-space.ts';
import { ArrivingSpace } from '../../../../lib/node/transfer/import-space.ts';
import type { HeldSpace } from '../../../../lib/node/held-space.ts';
import { concatBytes, toHex } from '../../../../lib/wire/bytes.ts';
import { unwrap, type Result } from '../../../../lib/wire/failure.ts';
import { createGroupNode, type GroupNode } from '../../../support/group-node.ts';
import { editNote, notesIn, writeNote } from '../../../support/notes.ts';

it('is looked at in a browser that was never in the space, and changed there by nobody', async () => {
  const [ada, bob] = [await createGroupNode('Ada'), await createGroupNode('Bob')];
  const reef = await reefOf(ada);
  const { outcome, spaceId } = unwrap(await importInto(bob, await fileOf(ada, reef)));
  expect(outcome).toBe('archive');
  const archive = unwrap(bob.spaces.find(spaceId));
  expect(await notesIn(archive.space)).toEqual(['Better.']);
  expect([...(await archive.space.members()).values()].map(({ name }) => name)).toEqual(['Ada']);
  expect(archive.record.archive).toMatchObject({ exportedBy: ada.profile().person });
  expect(archive.space.quarantined().count).toBe(0);
  const written = await archive.space.record('note', 'mine');
  expect(written).toMatchObject({ failure: { code: 'permission_denied' } });
  // Nothing in the file opens a door, and nobody is met about it.
  expect(bob.spaces.meeting().map(({ record }) => record.id)).not.toContain(spaceId);
  expect(await archive.keys.accessSigner(0)).toMatchObject({ ok: false });
});

it('goes on for a member who had taken it off, and adds nothing twice for one who has it', async () => {
  const ada = await createGroupNode('Ada');
  const reef = await reefOf(ada);
  const file = await fileOf(ada, reef);
  expect(await importInto(ada, file)).toMatchObject({ value: { outcome: 'known' } });
  unwrap(await ada.spaces.leave(reef.record.id));
  expect(await importInto(ada, file)).toMatchObject({ value: { outcome: 'joined' } });
  const back = unwrap(ada.spaces.find(reef.record.id));
  expect(await notesIn(back.space)).toEqual(['Better.']);
  await writeNote(back.space, 'note-two', 'Still here.');
  expect(await notesIn(back.space)).toEqual(['Better.', 'Still here.']);
  expect(await ada.replica.forks(reef.record.id)).toEqual([]);
});

it('opens with the passphrase that it was locked with, and with no other', async () => {
  const [ada, bob] = [await createGroupNode('Ada'), await createGroupNode('Bob')];
  const file = await fileOf(ada, await reefOf(ada), 'tidal pools');
  expect(await importInto(bob, file)).toMatchObject({ failure: { code: 'bad_arguments' } });
  expect(await importInto(bob, file, 'tidal pool')).toMatchObject({
    failure: { code: 'bad_arguments' },
  });
  expect(bob.spaces.list()).toEqual([]);
  expect(await importInto(bob, file, 'tidal pools')).toMatchObject({
    value: { outcome: 'archive' },
  });
});

it('leaves nothing behind of a file that was cut short or changed anywhere', async () => {
  const [ada, bob] = [await createGroupNode('Ada'), await createGroupNode('Bob')];
  const reef = await reefOf(ada);
  const file = await fileOf(ada, reef);
  const bad = [file.subarray(0, file.length - 1), concatBytes(file, Uint8Array.of(0))];
  for (let at = 0; at < file.length; at += Math.ceil(file.length / 60)) {
    const changed = new Uint8Array(file);
    changed[at] = (changed[at] ?? 0) ^ 1;
    bad.push(changed);
  }
  for (const one of bad) {
    expect(await importInto(bob, one)).toMatchObject({ ok: false });
    expect((await bob.replica.heads(reef.record.id)).size).toBe(0);
  }
  expect(bob.arriving.size).toBe(0);
  expect(await importInto(bob, file)).toMatchObject({ value: { outcome: 'archive' } });
});

it('keeps what was here before when a bad file of the same space comes', async () => {
  const ada = await createGroupNode('Ada');
  const reef = await reefOf(ada);
  const file = await fileOf(ada, reef);
  const device = toHex(ada.profile().signer.publicKey);
  const before = (await ada.replica.heads(reef.record.id)).get(device);
  expect(await importInto(ada, file.subarray(0, file.length - 40))).toMatchObject({ ok: false });
  expect((await ada.replica.heads(reef.record.id)).get(device)).toEqual(before);
});

async function reefOf(node: GroupNode): Promise<HeldSpace> {
  const reef = await node.makeSpace('Reef survey');
  await writeNote(reef.space, 'note-one', 'First words.');
  await editNote(reef.space, 'note-one', 'Better.');
  return reef;
}

async function fileOf(
  { replica, profile, now }: GroupNode,
  held: HeldSpace,
  passphrase: string | null = null,
): Promise<Uint8Array> {
  const { signer, certificate } = profile();
  const options = { held, replica, signer, certificate, passphrase, now: now() };
  const pieces: Uint8Array[] = [];
  for await (const piece of exportSpace(options)) pieces.push(piece);
  return concatBytes(...pieces);
}

async function importInto(
  node: GroupNode,
  file: Uint8Array,
  passphrase: string | null = null,
): Promise<Awaited<ReturnType<typeof keepSpace>>> {
  const arriving = new ArrivingSpace(node, passphrase);
  const pushed: Result<null> = await arriving.push(file);
  if (!pushed.ok) return pushed;
  const read = await arriving.finish();
  return read.ok ? keepSpace(node, read.value) : read;
}
