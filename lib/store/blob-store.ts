// The contract of storage for blobs: a row for each blob of a space, and sealed chunks under the name of a body.
// Chunks come before the id of a blob that is being made is known, so a body has a name of its own.
import type { Result } from '../wire/failure.ts';

export interface StoredBlob {
  /** Lower-case hex, as is the id. */
  readonly space: string;
  readonly id: string;
  readonly manifest: Uint8Array;
  /** Under which name the chunks are. */
  readonly body: string;
  /** Length of all its sealed chunks, whether they are here yet or not. */
  readonly bytes: number;
  readonly isWhole: boolean;
  /** Made here, or fetched and so to be had again. */
  readonly origin: 'own' | 'fetched';
  /** The device (hex) that brought it, at a relay; null elsewhere. */
  readonly broughtBy: string | null;
  /** Times are in milliseconds since 1970. */
  readonly addedAt: number;
  readonly usedAt: number;
  /** When a relay last said that it holds it; null when none has. */
  readonly sentAt: number | null;
}

export type BlobUpdate = Partial<Pick<StoredBlob, 'isWhole' | 'usedAt' | 'sentAt'>>;

export interface BlobStore {
  /** Adds a row; one that is there stays as it is. Failure: `storage_full`. */
  add(blob: StoredBlob): Promise<Result<void>>;
  get(space: string, id: string): Promise<StoredBlob | null>;
  list(): Promise<StoredBlob[]>;
  /** False when there is no such row. */
  update(space: string, id: string, changes: BlobUpdate): Promise<boolean>;
  /** Durable before it settles; the same chunk again changes nothing. Failure: `storage_full`. */
  putChunk(body: string, index: number, bytes: Uint8Array): Promise<Result<void>>;
  chunk(body: string, index: number): Promise<Uint8Array | null>;
  /** Indexes of the chunks that are here, ascending. */
  chunks(body: string): Promise<number[]>;
  /** Forgets a blob with its chunks. */
  drop(space: string, id: string): Promise<void>;
  dropSpace(space: string): Promise<void>;
  /** Forgets chunks that belong to no row, except those of bodies that are still being made. */
  dropLoose(except: ReadonlySet<string>): Promise<void>;
  close(): void;
}
