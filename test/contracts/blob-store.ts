// What every store of blobs must do. Each implementation runs this suite.
import { describe, expect, test } from 'vitest';
import type { BlobStore, StoredBlob } from '../../lib/store/blob-store.ts';

export interface BlobStoreUnderTest {
  readonly store: BlobStore;
  /** Opens the same storage again, as after a crash; absent where nothing outlives the process. */
  readonly reopen?: () => Promise<BlobStore>;
  readonly cleanUp: () => Promise<void>;
}

const SPACE = 'aa'.repeat(32);
const OTHER = 'bb'.repeat(32);

export function blobStoreContract(name: string, open: () => Promise<BlobStoreUnderTest>): void {
  describe(`blob store: ${name}`, () => {
    using(open, 'gives a row as it was added, and only in its own space', async ({ store }) => {
      const row = blob({ id: '01' });
      expect(await store.add(row)).toEqual({ ok: true, value: undefined });
      expect(await store.get(SPACE, row.id)).toEqual(row);
      expect(await store.get(OTHER, row.id)).toBeNull();
      expect(await store.list()).toEqual([row]);
    });

    using(open, 'a row that is there stays as it is', async ({ store }) => {
      const row = blob({ id: '01' });
      await store.add(row);
      await store.add({ ...row, origin: 'own', usedAt: 99 });
      expect(await store.get(SPACE, row.id)).toEqual(row);
    });

    using(open, 'updates a row, and says when there is none', async ({ store }) => {
      const row = blob({ id: '01' });
      await store.add(row);
      expect(await store.update(SPACE, row.id, { isWhole: true, sentAt: 7 })).toBe(true);
      expect(await store.get(SPACE, row.id)).toEqual({ ...row, isWhole: true, sentAt: 7 });
      expect(await store.update(SPACE, '02'.repeat(32), { usedAt: 1 })).toBe(false);
      expect(await store.list()).toHaveLength(1);
    });

    using(open, 'keeps chunks in whatever order they come', async ({ store }) => {
      await store.add(blob({ id: '01' }));
      for (const index of [11, 2, 0, 2]) {
        expect((await store.putChunk('body-01', index, chunk(index))).ok).toBe(true);
      }
      expect(await store.chunks('body-01')).toEqual([0, 2, 11]);
      expect(await store.chunk('body-01', 2)).toEqual(chunk(2));
      expect(await store.chunk('body-01', 1)).toBeNull();
      expect(await store.chunks('body-02')).toEqual([]);
    });

    using(open, 'forgets a blob with its chunks and no other', async ({ store }) => {
      for (const id of ['01', '02']) {
        await store.add(blob({ id }));
        await store.putChunk(`body-${id}`, 0, chunk(1));
      }
      await store.drop(SPACE, '01'.repeat(32));
      await store.drop(SPACE, '77'.repeat(32));
      expect((await store.list()).map(({ id }) => id)).toEqual(['02'.repeat(32)]);
      expect(await store.chunks('body-01')).toEqual([]);
      expect(await store.chunks('body-02')).toEqual([0]);
    });

    using(open, 'forgets a space', async ({ store }) => {
      await store.add(blob({ id: '01' }));
      await store.add(blob({ id: '02', space: OTHER }));
      await store.putChunk('body-01', 0, chunk(1));
      await store.putChunk('body-02', 0, chunk(1));
      await store.dropSpace(SPACE);
      expect((await store.list()).map(({ space }) => space)).toEqual([OTHER]);
      expect(await store.chunks('body-01')).toEqual([]);
      expect(await store.chunks('body-02')).toEqual([0]);
    });

    using(open, 'forgets loose chunks but not those still being made', async ({ store }) => {
      await store.add(blob({ id: '01' }));
      for (const body of ['body-01', 'left-behind', 'in-hand']) {
        await store.putChunk(body, 0, chunk(1));
        await store.putChunk(body, 1, chunk(2));
      }
      await store.dropLoose(new Set(['in-hand']));
      expect(await store.chunks('body-01')).toEqual([0, 1]);
      expect(await store.chunks('in-hand')).toEqual([0, 1]);
      expect(await store.chunks('left-behind')).toEqual([]);
    });

    using(open, 'what has settled is there after a crash', async ({ store, reopen }) => {
      if (reopen === undefined) return;
      const row = blob({ id: '01' });
      await store.add(row);
      await store.putChunk(row.body, 3, chunk(3));
      const again = await reopen();
      expect(await again.get(SPACE, row.id)).toEqual(row);
      expect(await again.chunk(row.body, 3)).toEqual(chunk(3));
      again.close();
    });
  });
}

/** A test with a store of its own. */
function using(
  open: () => Promise<BlobStoreUnderTest>,
  title: string,
  check: (under: BlobStoreUnderTest) => Promise<void>,
): void {
  test(title, async () => {
    const under = await open();
    try {
      await check(under);
    } finally {
      under.store.close();
      await under.cleanUp();
    }
  });
}

function blob({ id, space = SPACE }: { id: string; space?: string }): StoredBlob {
  return {
    space,
    id: id.repeat(32),
    manifest: Uint8Array.of(1, 2, 3),
    body: `body-${id}`,
    bytes: 1000,
    isWhole: false,
    origin: 'fetched',
    broughtBy: null,
    addedAt: 1_700_000_000_000,
    usedAt: 1_700_000_000_000,
    sentAt: null,
  };
}

function chunk(fill: number): Uint8Array {
  return new Uint8Array(1000).fill(fill);
}
