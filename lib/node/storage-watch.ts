// Notices when the browser has no more room for what a node writes, and when there is room again. What was refused is
// told to whoever wrote it; what was saved before stays; nothing else stops.
import type { NodeStore } from '../store/indexeddb-store.ts';
import type { RecordStore } from '../store/record-store.ts';
import { fail, failureOf, type Failure, type Result } from '../wire/failure.ts';

export interface StorageWatch {
  /** The same stores, watched. */
  readonly store: NodeStore;
  /** What to tell the person while storage is full; null while it is not. */
  readonly problem: () => Failure | null;
  close(): void;
}

const PROBE_EVERY_MS = 5_000;
/** More than a change, so that the next one does not fail again at once. */
const PROBE_BYTES = 256 * 1024;
const PROBE = 'storage-probe';

export function watchStorage(
  store: NodeStore,
  changed: () => void,
  probeEveryMs = PROBE_EVERY_MS,
): StorageWatch {
  const { entries, blobs, records } = store;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hasRoom = async (): Promise<boolean> => {
    try {
      await records.put(PROBE, PROBE, new Uint8Array(PROBE_BYTES));
      await records.remove(PROBE, PROBE);
      return true;
    } catch {
      return false;
    }
  };
  const probe = async (): Promise<void> => {
    if (!(await hasRoom())) return wait();
    timer = undefined;
    changed();
  };
  const wait = (): void => {
    timer = setTimeout(() => void probe(), probeEveryMs);
  };
  const noteFull = (failure: Failure): void => {
    if (failure.code !== 'storage_full' || timer !== undefined) return;
    wait();
    changed();
  };
  const watched = async <T>(write: Promise<Result<T>>): Promise<Result<T>> => {
    const result = await write;
    if (!result.ok) noteFull(result.failure);
    return result;
  };
  const put: RecordStore['put'] = async (collection, key, value) => {
    try {
      await records.put(collection, key, value);
    } catch (error) {
      noteFull(failureOf(error));
      throw error;
    }
  };
  return {
    store: {
      ...store,
      entries: { ...entries, append: (space, added) => watched(entries.append(space, added)) },
      blobs: {
        ...blobs,
        add: (blob) => watched(blobs.add(blob)),
        putChunk: (body, index, bytes) => watched(blobs.putChunk(body, index, bytes)),
      },
      records: { ...records, put },
    },
    problem: () => (timer === undefined ? null : FULL),
    close: () => clearTimeout(timer),
  };
}

const FULL = fail(
  'storage_full',
  'This browser’s storage is full: new work cannot be saved here. Nothing that was saved is lost.',
  'Free some room on the disk, or remove files or a space that you no longer need. It then goes on by itself.',
).failure;
