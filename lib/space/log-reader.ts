// Reads entries of a space from its log again that were taken in before, and opens them.
import type { EpochKeys } from '../group/epoch-keys.ts';
import type { Replica } from '../log/replica.ts';
import { readStoredEntry } from '../log/seal.ts';
import type { StoredEntry } from '../store/entry-store.ts';
import type { EntryRef } from './document-tail.ts';
import type { BoundChange } from './documents/live-document.ts';
import { open, type OpenedEntry } from './opened-entry.ts';

export interface LogReader {
  /** In the order of `refs`, without those that are not there or cannot be opened. */
  open(refs: readonly EntryRef[]): Promise<OpenedEntry[]>;
}

export interface LogReaderOptions {
  /** Hex. */
  readonly space: string;
  readonly replica: Pick<Replica, 'read'>;
  readonly keys: EpochKeys;
}

/** Entries that stand so near to each other are read in one go, with those between. */
const MAX_GAP = 4;
const MAX_RUN = 500;
const MAX_BYTES = 8 * 1024 * 1024;

export function createLogReader({ space, replica, keys }: LogReaderOptions): LogReader {
  const readRun = async (run: readonly EntryRef[]): Promise<StoredEntry[]> => {
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) return [];
    const wanted = new Set(run.map(({ seq }) => seq));
    const found: StoredEntry[] = [];
    for (let seq = first.seq; seq <= last.seq;) {
      const limits = { maxEntries: last.seq - seq + 1, maxBytes: MAX_BYTES };
      const batch = await replica.read(space, first.author, seq, limits);
      if (batch.length === 0) break;
      found.push(...batch.filter((stored) => wanted.has(stored.seq)));
      seq = (batch.at(-1)?.seq ?? last.seq) + 1;
    }
    return found;
  };
  return {
    open: async (refs) => {
      const stored = (await Promise.all(runsOf(refs).map(readRun))).flat();
      const opened = await Promise.all(
        stored.map(async ({ bytes }) => {
          const entry = readStoredEntry(bytes);
          const body = entry.ok ? await open(entry.value, keys) : entry;
          return body.ok ? body.value : null;
        }),
      );
      return opened.filter((entry) => entry !== null);
    },
  };
}

export function changesOf(entries: readonly OpenedEntry[]): BoundChange[] {
  return entries.flatMap(({ actor, body, seq }) =>
    body.kind === 'change' ? [{ actor, bytes: body.change, place: seq }] : [],
  );
}

function runsOf(refs: readonly EntryRef[]): EntryRef[][] {
  const runs: EntryRef[][] = [];
  for (const ref of refs) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const isNear =
      last?.author === ref.author && ref.seq > last.seq && ref.seq - last.seq <= MAX_GAP;
    if (run !== undefined && isNear && run.length < MAX_RUN) run.push(ref);
    else runs.push([ref]);
  }
  return runs;
}
