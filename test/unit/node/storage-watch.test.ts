// What a node does when the browser has no room, and when there is room again.
import { expect, test } from 'vitest';
import { watchStorage } from '../../../lib/node/storage-watch.ts';
import type { NodeStore } from '../../../lib/store/indexeddb-store.ts';
import { createMemoryBlobStore } from '../../../lib/store/memory-blob-store.ts';
import {
  createMemoryEntryStore,
  createMemoryRecordStore,
} from '../../../lib/store/memory-store.ts';
import { failureOf, type Result } from '../../../lib/wire/failure.ts';
import { eventually } from '../../support/eventually.ts';

const SPACE = 'aa'.repeat(32);

const quota = () => new DOMException('no room', 'QuotaExceededError');
const refused = async (): Promise<Result<never>> => ({ ok: false, failure: failureOf(quota()) });

/** Stores over one disk that a test fills up and clears. */
function onDisk() {
  const disk = { isFull: false };
  const [entries, blobs] = [createMemoryEntryStore(), createMemoryBlobStore()];
  const records = createMemoryRecordStore();
  const store: NodeStore = {
    close: () => {},
    entries: {
      ...entries,
      append: (...args: Parameters<typeof entries.append>) =>
        disk.isFull ? refused() : entries.append(...args),
    },
    blobs: {
      ...blobs,
      putChunk: (...args: Parameters<typeof blobs.putChunk>) =>
        disk.isFull ? refused() : blobs.putChunk(...args),
    },
    records: {
      ...records,
      put: async (...args: Parameters<typeof records.put>) => {
        if (disk.isFull) throw quota();
        await records.put(...args);
      },
    },
  };
  return { disk, store };
}

type Write = (store: NodeStore) => Promise<unknown>;

test.each<[string, Write]>([
  ['an entry', ({ entries }) => entries.append(SPACE, [])],
  ['a piece of a file', ({ blobs }) => blobs.putChunk('body', 0, new Uint8Array(1))],
  ['a setting', ({ records }) => records.put('settings', 'relay', 'x').catch(() => null)],
])('says so when %s found no room, and goes on by itself when there is some', async (_, write) => {
  const { disk, store } = onDisk();
  let changes = 0;
  const watch = watchStorage(store, () => (changes += 1), 5);
  await write(watch.store);
  expect(watch.problem()).toBeNull();
  disk.isFull = true;
  await write(watch.store);
  expect(watch.problem()).toMatchObject({ code: 'storage_full' });
  expect(changes).toBe(1);
  disk.isFull = false;
  await eventually(() => watch.problem() === null);
  expect(changes).toBe(2);
  expect(await store.records.list('storage-probe')).toEqual([]);
});

test('other failures are not taken for a full disk', async () => {
  const { store } = onDisk();
  const watch = watchStorage(store, () => {}, 5);
  const entry = { author: 'bb', seq: 5, hash: new Uint8Array(32), prev: null, bytes: SPACE_BYTES };
  expect(await watch.store.entries.append(SPACE, [entry])).toMatchObject({
    failure: { code: 'conflict' },
  });
  expect(watch.problem()).toBeNull();
});

const SPACE_BYTES = new Uint8Array(1);
