// Keeps the room that blobs take within bounds: drops what nothing names any more, and what was fetched longest ago and
// can be fetched again. What was made here and is still named is never dropped.
import type { Blobs } from '../blob/blobs.ts';
import type { StoredBlob } from '../store/blob-store.ts';
import type { RecordStore } from '../store/record-store.ts';
import { fromHex } from '../wire/bytes.ts';
import type { BlobCarrier } from './blob-carrier.ts';

/** Ids (hex) of the blobs of a space that are still of use; null when that cannot be said now. */
export type NamedBlobs = (space: string) => Promise<readonly string[] | null>;

export interface BlobUpkeepOptions {
  readonly blobs: Blobs;
  readonly carrier: BlobCarrier;
  readonly records: RecordStore;
  /** All who keep references; a blob that any of them names is kept. */
  readonly named: readonly NamedBlobs[];
  readonly now: () => number;
  /** What was dropped may be shown somewhere. */
  readonly changed: () => void;
  readonly quotaBytes?: number;
}

/** For all blobs together. */
const QUOTA_BYTES = 2 * 1024 * 1024 * 1024;
/** How long what nothing names is kept: the entry that names it may be on its way, or come back. */
const GRACE_MS = 24 * 60 * 60 * 1000;
/** Since when a blob is not named. */
const UNNAMED = 'unnamed-blobs';
const FIRST_MS = 60_000;
const EVERY_MS = 60 * 60 * 1000;

export class BlobUpkeep {
  readonly #options: BlobUpkeepOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: BlobUpkeepOptions) {
    this.#options = options;
  }

  /** Looks a minute from now, and then every hour. */
  start(waitMs = FIRST_MS): void {
    this.#timer = setTimeout(() => {
      // What could not be looked at now is looked at the next time.
      void this.tidy()
        .catch(() => {})
        .then(() => this.start(EVERY_MS));
    }, waitMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async tidy(): Promise<void> {
    const { blobs, changed } = this.#options;
    await blobs.sweep();
    const before = await blobs.list();
    const named = await this.#allNamed(new Set(before.map(({ space }) => space)));
    for (const row of before) await this.#dropUnnamed(row, named.get(row.space) ?? null);
    await this.#makeRoom(await blobs.list());
    if ((await blobs.list()).length < before.length) changed();
  }

  async #allNamed(spaces: ReadonlySet<string>): Promise<Map<string, ReadonlySet<string>>> {
    const named = new Map<string, ReadonlySet<string>>();
    for (const space of spaces) {
      const lists = await Promise.all(this.#options.named.map((of) => of(space)));
      if (lists.every((list) => list !== null)) named.set(space, new Set(lists.flat()));
    }
    return named;
  }

  /** Where it cannot be said what is named, everything stays. */
  async #dropUnnamed(row: StoredBlob, named: ReadonlySet<string> | null): Promise<void> {
    if (named === null) return;
    const { records, now } = this.#options;
    const key = `${row.space}/${row.id}`;
    const since = await records.get(UNNAMED, key);
    if (named.has(row.id)) {
      if (since !== undefined) await records.remove(UNNAMED, key);
      return;
    }
    if (typeof since !== 'number') await records.put(UNNAMED, key, now());
    else if (now() - since >= GRACE_MS) {
      await this.#drop(row);
      await records.remove(UNNAMED, key);
    }
  }

  async #makeRoom(rows: readonly StoredBlob[]): Promise<void> {
    const quotaBytes = this.#options.quotaBytes ?? QUOTA_BYTES;
    let totalBytes = rows.reduce((total, { bytes }) => total + bytes, 0);
    const fetched = rows.filter(({ origin, isWhole }) => origin === 'fetched' && isWhole);
    for (const row of fetched.toSorted((a, b) => a.usedAt - b.usedAt)) {
      if (totalBytes <= quotaBytes) return;
      await this.#drop(row);
      totalBytes -= row.bytes;
    }
  }

  async #drop({ space, id, origin }: StoredBlob): Promise<void> {
    const bytes = fromHex(id);
    if (bytes === null) return;
    await this.#options.blobs.drop(space, bytes);
    if (origin === 'own') this.#options.carrier.forget(space, bytes);
  }
}
