// The files of spaces: what is on their boards, where the bytes are, and the ways to add, fetch and remove them.
import type { Blobs } from '../blob/blobs.ts';
import { blobRefOf, type FileBoards, type PlacedFile } from './file-boards.ts';
import type { FileView } from '../messaging/file-view.ts';
import type { RecordStore } from '../store/record-store.ts';
import { fail, ok, type Failure, type Result } from '../wire/failure.ts';
import type { BlobCarrier } from './blob-carrier.ts';
import type { HeldSpace } from './held-space.ts';

export interface FilesOptions {
  readonly boards: FileBoards;
  readonly blobs: Blobs;
  readonly carrier: BlobCarrier;
  readonly records: RecordStore;
  readonly changed: () => void;
}

/** Fetching goes on after the background was ended: these are wanted. */
const WANTED = 'wanted-files';
/** How long a file waits for somebody who has it. */
const PATIENCE_MS = 10 * 60 * 1000;

/** What is stored of a blob. */
interface Stored {
  readonly isWhole: boolean;
  readonly isSent: boolean;
  /** Of what is here; a blob that is not whole counts when it is. */
  readonly bytes: number;
}

interface Coming {
  readonly stop: AbortController;
  /** Of 100. */
  percent: number;
}

export class Files {
  readonly #options: FilesOptions;
  readonly #coming = new Map<string, Coming>();
  readonly #failures = new Map<string, Failure>();
  #here: Promise<ReadonlyMap<string, Stored>> | null = null;

  constructor(options: FilesOptions) {
    this.#options = options;
  }

  /** Goes on fetching what was wanted when the background last ended. */
  async load(): Promise<void> {
    for (const { key } of await this.#options.records.list(WANTED)) {
      const [space = '', id = ''] = key.split('/');
      void this.fetch(space, id);
    }
  }

  /** What is stored of blobs has changed. */
  moved(): void {
    this.#here = null;
    this.#options.changed();
  }

  /** Newest first. */
  async ofSpace(held: HeldSpace | null): Promise<FileView[]> {
    if (held === null) return [];
    const placed = await this.#options.boards.ofSpace(held);
    if (placed.length === 0) return [];
    const here = await (this.#here ??= this.#readHere());
    return placed.map((file) => this.#view(file, here)).toSorted((a, b) => b.addedAt - a.addedAt);
  }

  /** What all blobs take here, in bytes. */
  async storedBytes(): Promise<number> {
    const here = await (this.#here ??= this.#readHere());
    return [...here.values()].reduce((total, { bytes }) => total + bytes, 0);
  }

  /** Begins to fetch a file, in the background. Failures: `not_found`. */
  async fetch(spaceId: string, fileId: string): Promise<Result<null>> {
    const found = await this.#options.boards.find(spaceId, fileId);
    const key = `${spaceId}/${fileId}`;
    if (!found.ok) {
      await this.#options.records.remove(WANTED, key);
      return found;
    }
    if (this.#coming.has(key)) return ok(null);
    const coming: Coming = { stop: new AbortController(), percent: 0 };
    this.#coming.set(key, coming);
    this.#failures.delete(key);
    await this.#options.records.put(WANTED, key, true);
    void this.#bring(found.value, key, coming);
    return ok(null);
  }

  /** Stops fetching; what has come is kept. */
  async stopFetching(spaceId: string, fileId: string): Promise<Result<null>> {
    const key = `${spaceId}/${fileId}`;
    this.#coming.get(key)?.stop.abort();
    await this.#options.records.remove(WANTED, key);
    return ok(null);
  }

  /** One chunk of a file that is here. */
  async read(spaceId: string, fileId: string, index: number): Promise<Result<Uint8Array>> {
    const found = await this.#options.boards.find(spaceId, fileId);
    return found.ok ? this.#options.blobs.read(spaceId, blobRefOf(found.value.file), index) : found;
  }

  /** Takes a file off the board. Its bytes are dropped later, when nothing names them for a while. */
  async remove(spaceId: string, fileId: string): Promise<Result<null>> {
    const found = await this.#options.boards.find(spaceId, fileId);
    if (!found.ok) return found;
    const { held, hand, mine } = found.value;
    if (!mine) return notYours(hand.name);
    await this.stopFetching(spaceId, fileId);
    const change = { document: 'board', verb: 'removeFile', args: { id: fileId } };
    const removed = await held.space.change(change);
    return removed.ok ? ok(null) : removed;
  }

  async #bring(found: PlacedFile, key: string, coming: Coming): Promise<void> {
    const { blobs, changed, records } = this.#options;
    const { held, file } = found;
    const onProgress = (here: number, all: number): void => {
      const percent = Math.floor((100 * here) / all);
      if (percent === coming.percent) return;
      coming.percent = percent;
      changed();
    };
    const options = { signal: coming.stop.signal, onProgress, waitMs: PATIENCE_MS };
    const fetched = await blobs.fetch(held.record.id, blobRefOf(file), options);
    this.#coming.delete(key);
    if (!fetched.ok && fetched.failure.code !== 'cancelled') {
      this.#failures.set(key, fetched.failure);
    }
    await records.remove(WANTED, key);
    this.moved();
  }

  async #readHere() {
    const rows = await this.#options.blobs.list();
    return new Map(
      rows.map(({ space, id, isWhole, origin, sentAt, bytes }) => {
        const isSent = origin === 'fetched' || sentAt !== null;
        return [`${space}/${id}`, { isWhole, isSent, bytes: isWhole ? bytes : 0 }];
      }),
    );
  }

  #view({ held, file, hand, mine }: PlacedFile, blobs: ReadonlyMap<string, Stored>): FileView {
    const space = held.record.id;
    const key = `${space}/${file.id}`;
    const here = blobs.get(`${space}/${file.blob}`);
    const coming = this.#coming.get(key);
    const isHere = here?.isWhole === true;
    const refusal = this.#options.carrier.refusalOf(space, file.blob);
    return {
      id: file.id,
      spaceId: space,
      name: file.name,
      mediaType: file.mediaType,
      size: file.size,
      by: hand,
      addedAt: file.addedAt,
      state: isHere ? 'here' : coming === undefined ? 'elsewhere' : 'coming',
      percent: coming?.percent ?? 0,
      sent: !isHere || here.isSent,
      problem: (isHere ? null : this.#failures.get(key)) ?? refusal,
      mine,
    };
  }
}

function notYours(name: string): Result<never> {
  return fail(
    'permission_denied',
    `This file was added by ${name}.`,
    'Only the person who added it can remove it.',
  );
}
