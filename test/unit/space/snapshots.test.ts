// A space that keeps what it has read, and opens from that instead of from its log.
import { beforeAll, describe, expect, it } from 'vitest';
import { singleEpochKeys } from '../../../lib/group/epoch-keys.ts';
import { createDeviceKey, signerOfDevice, type Signer } from '../../../lib/identity/signer.ts';
import { createReplica } from '../../../lib/log/replica.ts';
import { createSpaceSnapshots } from '../../../lib/space/snapshot/space-snapshot.ts';
import { createSpace, type Space } from '../../../lib/space/space.ts';
import type { EntryStore } from '../../../lib/store/entry-store.ts';
import {
  createMemoryEntryStore,
  createMemoryRecordStore,
} from '../../../lib/store/memory-store.ts';
import type { RecordStore } from '../../../lib/store/record-store.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { startAutomerge } from '../../support/automerge.ts';
import { createDocuments, createTestSpace, type TestSpace } from '../../support/spaces.ts';

const PAGE = `page/${'ab'.repeat(32)}`;

let shared: TestSpace;
let signer: Signer;

beforeAll(async () => {
  await startAutomerge();
  shared = await createTestSpace();
  signer = await signerOfDevice(await createDeviceKey());
});

describe('a space that was kept', () => {
  it('opens without reading what was read before, and is as it was', async () => {
    const disk = createDisk();
    const before = await written(disk, 60);
    await before.space.keep();
    const [board, page] = await readBoth(before.space);
    const entries = await before.space.entries();
    before.space.close();

    const after = disk.open();
    expect(await readBoth(after.space)).toEqual([board, page]);
    expect(after.reads()).toBe(0);
    expect((await after.space.documents()).toSorted()).toEqual(['board', PAGE]);
    expect(await after.space.events()).toEqual(await before.space.events());
    expect(await after.space.entries()).toEqual(entries);
    expect(await after.space.newestAt()).toBe(entries.at(-1)?.body.at);
    after.space.close();
  });

  it('takes in what came after, and writes on', async () => {
    const disk = createDisk();
    const first = await written(disk, 60);
    await first.space.keep();
    await rename(first.space, 'after it was kept');
    first.space.close();

    const second = disk.open();
    expect(await second.space.read('board')).toMatchObject({
      value: { name: 'after it was kept' },
    });
    await rename(second.space, 'and once more');
    unwrap(await second.space.change(annotate('z')));
    expect(await second.space.read('board')).toMatchObject({ value: { name: 'and once more' } });
    expect((await second.space.entries()).length).toBe(60 * 2 + 4);
    await second.space.keep();
    second.space.close();

    const third = disk.open();
    expect(await readBoth(third.space)).toEqual(await readBoth(second.space));
    third.space.close();
  });

  it('reads its log when what was kept is not of it', async () => {
    const disk = createDisk();
    const before = await written(disk, 60);
    await before.space.keep();
    const shown = await readBoth(before.space);
    before.space.close();
    const other = createDisk({ records: disk.records });
    const empty = other.open();
    expect(await empty.space.entries()).toEqual([]);
    empty.space.close();

    const again = disk.open();
    expect(await readBoth(again.space)).toEqual(shown);
    expect(again.reads()).toBeGreaterThan(0);
    again.space.close();
  });

  it.each([
    [
      'a document is gone',
      (records: RecordStore) => records.remove(collection(), `document/${PAGE}`),
    ],
    ['a document is cut short', (records: RecordStore) => spoil(records)],
    ['events are gone', (records: RecordStore) => records.remove(collection(), 'events/00000000')],
    ['it was kept by another version', (records: RecordStore) => age(records)],
  ])('reads its log when %s', async (_, damage) => {
    const disk = createDisk();
    const before = await written(disk, 60);
    await before.space.keep();
    const shown = await readBoth(before.space);
    before.space.close();
    await damage(disk.records);

    const after = disk.open();
    expect(await readBoth(after.space)).toEqual(shown);
    expect(await after.space.entries()).toHaveLength(60 * 2 + 1);
    after.space.close();
  });

  it('keeps nothing of a space that was closed meanwhile', async () => {
    const disk = createDisk();
    const { space } = await written(disk, 60);
    space.close();
    await space.keep();
    expect(await disk.records.list(collection())).toEqual([]);
  });
});

/** Everything that a browser's profile would keep. */
function createDisk({ records = createMemoryRecordStore() } = {}) {
  const store = createMemoryEntryStore();
  return { records, open: () => openOn(store, records) };
}

function openOn(store: EntryStore, records: RecordStore): { space: Space; reads: () => number } {
  let reads = 0;
  const counted: EntryStore = {
    ...store,
    read: (...args) => {
      reads += 1;
      return store.read(...args);
    },
  };
  const space = createSpace({
    space: shared.id,
    keys: singleEpochKeys(shared.secret),
    control: null,
    signer,
    replica: createReplica(counted),
    documents: createDocuments(),
    snapshots: createSpaceSnapshots(records, toHex(shared.id)),
    now: () => 1_700_000_000_000,
  });
  return { space, reads: () => reads };
}

/** A space with one event, and as many changes of a board and of a page. */
async function written(disk: ReturnType<typeof createDisk>, changes: number) {
  const opened = disk.open();
  unwrap(await opened.space.record('announce', { name: 'Ada' }));
  for (let i = 0; i < changes; i += 1) {
    await rename(opened.space, `name ${i}`);
    unwrap(await opened.space.change(annotate(String(i))));
  }
  return opened;
}

async function rename(space: Space, name: string): Promise<void> {
  unwrap(await space.change({ document: 'board', verb: 'setName', args: { name } }));
}

function annotate(id: string) {
  const quote = { type: 'TextQuoteSelector', exact: 'words', prefix: '', suffix: '' };
  const target = { quote, position: { type: 'TextPositionSelector', start: 0, end: 5 } };
  const [url, title, note] = ['https://example.org/', 'A page', `note ${id}`];
  const args = { id: `note-${id.padStart(8, '0')}`, url, title, target, note, agent: null, at: 1 };
  return { document: PAGE, verb: 'add', args };
}

async function readBoth(space: Space): Promise<unknown[]> {
  const [board, page] = await Promise.all([space.read('board'), space.read(PAGE)]);
  return [unwrap(board), unwrap(page)];
}

function collection(): string {
  return `snapshot/${toHex(shared.id)}`;
}

async function spoil(records: RecordStore): Promise<void> {
  const key = `document/${PAGE}`;
  const kept = (await records.get(collection(), key)) as { snapshot: { save: Uint8Array } };
  const snapshot = { ...kept.snapshot, save: kept.snapshot.save.slice(0, -20) };
  await records.put(collection(), key, { ...kept, snapshot });
}

async function age(records: RecordStore): Promise<void> {
  const head = await records.get(collection(), 'space');
  await records.put(collection(), 'space', { ...(head as object), format: 0 });
}
