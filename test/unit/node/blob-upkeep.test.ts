// What a node drops of its blobs, and what it keeps whatever happens.
import { expect, test } from 'vitest';
import { BlobCarrier } from '../../../lib/node/blob-carrier.ts';
import { BlobUpkeep, type NamedBlobs } from '../../../lib/node/blob-upkeep.ts';
import type { StoredBlob } from '../../../lib/store/blob-store.ts';
import { createMemoryRecordStore } from '../../../lib/store/memory-store.ts';
import { createTestBlobs } from '../../support/blobs.ts';

const SPACE = 'aa'.repeat(32);
const HOUR_MS = 60 * 60 * 1000;

const sources = () => ({ direct: [], relay: null });
const changed = () => {};

function keep(named: readonly NamedBlobs[], quotaBytes = 1000) {
  const { store, blobs, keeper } = createTestBlobs();
  const clock = { nowMs: 1_700_000_000_000 };
  const now = () => clock.nowMs;
  const carrier = new BlobCarrier({ store, vault: keeper.vault, sources, changed, now });
  const records = createMemoryRecordStore();
  const upkeep = new BlobUpkeep({ blobs, carrier, records, named, now, changed, quotaBytes });
  const kept = async () => (await store.list()).map(({ id }) => id.slice(0, 2)).toSorted();
  return { store, upkeep, clock, kept };
}

function blob(id: string, facts: Partial<StoredBlob> = {}): StoredBlob {
  return {
    space: SPACE,
    id: id.repeat(32),
    manifest: new Uint8Array(),
    body: id,
    bytes: 400,
    isWhole: true,
    origin: 'own',
    broughtBy: null,
    addedAt: 0,
    usedAt: 0,
    sentAt: null,
    ...facts,
  };
}

test('what nothing names goes after a day, unless something names it again', async () => {
  let named = ['01'];
  const { store, upkeep, clock, kept } = keep([async () => named.map((id) => id.repeat(32))]);
  for (const id of ['01', '02', '03']) await store.add(blob(id));
  await upkeep.tidy();
  clock.nowMs += 23 * HOUR_MS;
  named = ['01', '03'];
  await upkeep.tidy();
  expect(await kept()).toEqual(['01', '02', '03']);
  clock.nowMs += 2 * HOUR_MS;
  named = ['01'];
  await upkeep.tidy();
  expect(await kept()).toEqual(['01', '03']);
  clock.nowMs += 25 * HOUR_MS;
  await upkeep.tidy();
  expect(await kept()).toEqual(['01']);
});

test('while one of those who keep references cannot say, everything stays', async () => {
  const { store, upkeep, clock, kept } = keep([async () => [], async () => null]);
  await store.add(blob('01'));
  await upkeep.tidy();
  clock.nowMs += 100 * HOUR_MS;
  await upkeep.tidy();
  expect(await kept()).toEqual(['01']);
});

test('above its quota it drops what was fetched and not used for longest, and nothing of its own', async () => {
  const ids = ['01', '02', '03', '04', '05'];
  const { store, upkeep, kept } = keep([async () => ids.map((id) => id.repeat(32))], 1300);
  await store.add(blob('01', { usedAt: 1 }));
  await store.add(blob('02', { origin: 'fetched', usedAt: 3 }));
  await store.add(blob('03', { origin: 'fetched', usedAt: 2 }));
  await store.add(blob('04', { origin: 'fetched', usedAt: 0, isWhole: false }));
  await store.add(blob('05', { usedAt: 1, sentAt: 9 }));
  await upkeep.tidy();
  expect(await kept()).toEqual(['01', '04', '05']);
});

test('pieces of blobs that were never finished go', async () => {
  const { store, upkeep } = keep([async () => []]);
  await store.putChunk('left-behind', 0, new Uint8Array(9));
  await upkeep.tidy();
  expect(await store.chunks('left-behind')).toEqual([]);
});
