// The acceptance suite of storage for logs: whatever holds the entries, this is what lib/log may count on.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EntryStore, StoredEntry } from '../../lib/store/entry-store.ts';
import { toHex } from '../../lib/wire/bytes.ts';

export interface StoreUnderTest {
  readonly store: EntryStore;
  /** Closes it and opens what it has kept; left out where nothing outlives the store. */
  readonly reopen?: () => Promise<EntryStore>;
  cleanUp(): Promise<void>;
}

const SPACE = 'aa'.repeat(32);
const OTHER_SPACE = 'bb'.repeat(32);
const ADA = '01'.repeat(32);
const BOB = '02'.repeat(32);
const ALL = { maxEntries: 1000, maxBytes: 10_000_000 };

export function entryStoreContract(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`entry store: ${name}`, () => {
    let under: StoreUnderTest;
    let store: EntryStore;
    beforeEach(async () => {
      under = await make();
      store = under.store;
    });
    afterEach(async () => {
      store.close();
      await under.cleanUp();
    });

    test('an unknown space has no heads, no entries and no forks', async () => {
      expect(await store.heads(SPACE)).toEqual([]);
      expect(await store.read(SPACE, ADA, 1, ALL)).toEqual([]);
      expect(await store.forks(SPACE)).toEqual([]);
    });

    test('gives back entries as they were appended, in order', async () => {
      const log = run(ADA, 5);
      expect(await store.append(SPACE, log)).toMatchObject({ ok: true });
      expect(plain(await store.read(SPACE, ADA, 1, ALL))).toEqual(plain(log));
      expect(plain(await store.read(SPACE, ADA, 4, ALL))).toEqual(plain(log.slice(3)));
      expect(await store.read(SPACE, ADA, 6, ALL)).toEqual([]);
    });

    test('knows the newest entry of each author', async () => {
      await store.append(SPACE, [...run(ADA, 3), ...run(BOB, 2)]);
      const heads = (await store.heads(SPACE)).map((h) => [toHex(h.author), h.seq, toHex(h.hash)]);
      expect(heads.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))).toEqual([
        [ADA, 3, toHex(hashAt(ADA, 3))],
        [BOB, 2, toHex(hashAt(BOB, 2))],
      ]);
    });

    test('takes the authors of one batch in any interleaving', async () => {
      const [a1, a2] = run(ADA, 2);
      const [b1, b2] = run(BOB, 2);
      if (!a1 || !a2 || !b1 || !b2) throw new Error('expected four');
      expect(await store.append(SPACE, [a1, b1, b2, a2])).toMatchObject({ ok: true });
      expect((await store.read(SPACE, ADA, 1, ALL)).map(({ seq }) => seq)).toEqual([1, 2]);
    });

    test('keeps spaces apart', async () => {
      await store.append(SPACE, run(ADA, 2));
      await store.append(OTHER_SPACE, run(ADA, 1));
      expect(await store.read(OTHER_SPACE, ADA, 1, ALL)).toHaveLength(1);
      await store.drop(SPACE);
      expect(await store.heads(SPACE)).toEqual([]);
      expect(await store.heads(OTHER_SPACE)).toHaveLength(1);
    });

    const misfits: [string, () => StoredEntry[]][] = [
      ['leaves a gap', () => run(ADA, 5).slice(4)],
      ['repeats an entry', () => run(ADA, 3).slice(2)],
      ['has the right place and another link', () => [{ ...at(ADA, 4), prev: hashAt(BOB, 3) }]],
      ['starts a log without being the first', () => run(BOB, 3).slice(1)],
      ['names a predecessor at the start', () => [{ ...at(BOB, 1), prev: hashAt(ADA, 1) }]],
      ['names no predecessor later', () => [{ ...at(ADA, 4), prev: null }]],
    ];
    for (const [what, entries] of misfits) {
      test(`refuses a batch whose entry ${what}, and keeps nothing of it`, async () => {
        await store.append(SPACE, run(ADA, 3));
        const before = await store.heads(SPACE);
        const fine = what.includes('start') ? [] : run(BOB, 1);
        const refused = await store.append(SPACE, [...fine, ...entries()]);
        expect(refused).toMatchObject({ ok: false, failure: { code: 'conflict' } });
        expect(await store.heads(SPACE)).toEqual(before);
        expect(await store.read(SPACE, BOB, 1, ALL)).toEqual([]);
        expect(await store.read(SPACE, ADA, 1, ALL)).toHaveLength(3);
      });
    }

    test('of appends that race for one place, one wins and the others conflict', async () => {
      const rivals = Array.from({ length: 5 }, () => store.append(SPACE, run(ADA, 1)));
      const outcomes = await Promise.all(rivals);
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
      expect(await store.read(SPACE, ADA, 1, ALL)).toHaveLength(1);
    });

    test('reads no more than asked for, and always at least one', async () => {
      await store.append(SPACE, run(ADA, 6, 100));
      const read = async (limits: Partial<typeof ALL>) =>
        (await store.read(SPACE, ADA, 2, { ...ALL, ...limits })).map(({ seq }) => seq);
      expect(await read({ maxEntries: 2 })).toEqual([2, 3]);
      expect(await read({ maxBytes: 250 })).toEqual([2, 3]);
      expect(await read({ maxBytes: 1 })).toEqual([2]);
    });

    test('keeps the first proof of a fork for a place of an author', async () => {
      const proof = { author: ADA, seq: 2, first: Uint8Array.of(1), second: Uint8Array.of(2) };
      await store.addFork(SPACE, proof);
      await store.addFork(SPACE, { ...proof, second: Uint8Array.of(3) });
      await store.addFork(SPACE, { ...proof, author: BOB });
      await store.addFork(SPACE, { ...proof, seq: 9 });
      const forks = (await store.forks(SPACE)).toSorted(
        (a, b) => a.seq - b.seq || (a.author < b.author ? -1 : 1),
      );
      expect(forks.map(({ author, seq }) => [author, seq])).toEqual([
        [ADA, 2],
        [BOB, 2],
        [ADA, 9],
      ]);
      expect([...(forks[0]?.second ?? [])]).toEqual([2]);
      expect(await store.forks(OTHER_SPACE)).toEqual([]);
    });

    for (const seq of [2, 0]) {
      test(`cuts a log back to entry ${seq}, and goes on from there by another history`, async () => {
        await store.append(SPACE, [...run(ADA, 5), ...run(BOB, 2)]);
        expect(await store.cutBack(SPACE, ADA, seq)).toMatchObject({ ok: true });
        expect(await store.read(SPACE, ADA, 1, ALL)).toHaveLength(seq);
        expect(await store.read(SPACE, BOB, 1, ALL)).toHaveLength(2);
        const heads = new Map((await store.heads(SPACE)).map((head) => [toHex(head.author), head]));
        expect(heads.get(ADA)?.seq).toBe(seq === 0 ? undefined : seq);
        const other = { ...at(ADA, seq + 1), hash: new Uint8Array(32).fill(9) };
        expect(await store.append(SPACE, [other])).toMatchObject({ ok: true });
        expect(await store.read(SPACE, ADA, seq + 1, ALL)).toHaveLength(1);
      });
    }

    test('cuts back nothing of an author who has written nothing more, or nothing at all', async () => {
      await store.append(SPACE, run(ADA, 2));
      expect(await store.cutBack(SPACE, ADA, 2)).toMatchObject({ ok: true });
      expect(await store.cutBack(SPACE, ADA, 7)).toMatchObject({ ok: true });
      expect(await store.cutBack(SPACE, BOB, 0)).toMatchObject({ ok: true });
      expect(await store.read(SPACE, ADA, 1, ALL)).toHaveLength(2);
      expect(await store.heads(SPACE)).toHaveLength(1);
    });

    test('keeps aside what it cut, or nothing of it, until it is to be forgotten', async () => {
      await store.append(SPACE, run(ADA, 4));
      await store.cutBack(SPACE, ADA, 2);
      const aside = await store.aside(SPACE);
      expect([[], [3, 4]]).toContainEqual(aside.map(({ seq }) => seq));
      await store.forgetAside(SPACE, [hashAt(ADA, 3)]);
      expect((await store.aside(SPACE)).map(({ seq }) => seq)).not.toContain(3);
      await store.drop(SPACE);
      expect(await store.aside(SPACE)).toEqual([]);
    });

    test('forgets a dropped space whole, and takes it anew', async () => {
      await store.append(SPACE, run(ADA, 3));
      await store.addFork(SPACE, {
        author: BOB,
        seq: 1,
        first: Uint8Array.of(1),
        second: Uint8Array.of(2),
      });
      await store.drop(SPACE);
      expect(await store.read(SPACE, ADA, 1, ALL)).toEqual([]);
      expect(await store.forks(SPACE)).toEqual([]);
      expect(await store.append(SPACE, run(ADA, 1))).toMatchObject({ ok: true });
    });

    test('what was appended is there after it was closed and opened again', async ({ skip }) => {
      const { reopen } = under;
      skip(reopen === undefined, 'nothing outlives this store');
      await store.append(SPACE, run(ADA, 3));
      await store.addFork(SPACE, {
        author: BOB,
        seq: 1,
        first: Uint8Array.of(1),
        second: Uint8Array.of(2),
      });
      if (reopen !== undefined) store = await reopen();
      expect(plain(await store.read(SPACE, ADA, 1, ALL))).toEqual(plain(run(ADA, 3)));
      expect(await store.forks(SPACE)).toHaveLength(1);
      const next = run(ADA, 4).slice(3);
      expect(await store.append(SPACE, next)).toMatchObject({ ok: true });
    });
  });
}

function run(author: string, count: number, sizeBytes = 40): StoredEntry[] {
  return Array.from({ length: count }, (_, i) => at(author, i + 1, sizeBytes));
}

function at(author: string, seq: number, sizeBytes = 40): StoredEntry {
  const prev = seq === 1 ? null : hashAt(author, seq - 1);
  return {
    author,
    seq,
    hash: hashAt(author, seq),
    prev,
    bytes: new Uint8Array(sizeBytes).fill(seq),
  };
}

function hashAt(author: string, seq: number): Uint8Array {
  const hash = new Uint8Array(32).fill(Number.parseInt(author.slice(0, 2), 16));
  new DataView(hash.buffer).setUint32(0, seq);
  return hash;
}

/** Stores may give any kind of byte array; what counts is what is in it. */
function plain(entries: readonly StoredEntry[]) {
  return entries.map(({ author, seq, hash, prev, bytes }) => ({
    author,
    seq,
    hash: toHex(hash),
    prev: prev && toHex(prev),
    bytes: toHex(bytes),
  }));
}
