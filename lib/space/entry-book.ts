// The entries of a space that count, in the order in which they were taken in: events whole, changes by their place once
// there is no room for their bytes, since documents hold what they say.
import { Room, type EntryRef } from './document-tail.ts';
import type { LogReader } from './log-reader.ts';
import type { OpenedEntry } from './opened-entry.ts';

/** Entries `from` to `to` of one author. */
export interface EntryRun {
  readonly author: string;
  readonly from: number;
  readonly to: number;
}

export interface BookState {
  readonly runs: readonly EntryRun[];
  readonly events: readonly OpenedEntry[];
  readonly newestAt: number;
}

/** Bytes of changes that stay in memory. */
const ROOM_BYTES = 4 * 1024 * 1024;
const AT_ONCE = 2_000;

export class EntryBook {
  readonly #room = new Room(ROOM_BYTES);
  #before: readonly EntryRun[] = [];
  #slots: (OpenedEntry | EntryRef)[] = [];
  #events: OpenedEntry[] = [];
  #newestAt = 0;

  add(entry: OpenedEntry): void {
    const { author, seq, body } = entry;
    this.#newestAt = body.at;
    if (body.kind === 'event') this.#events.push(entry);
    const stays = body.kind === 'event' || this.#room.take(body.change.length);
    this.#slots.push(stays ? entry : { author, seq });
  }

  /** The author's clock at the entry that was taken in last; 0 before the first. */
  get newestAt(): number {
    return this.#newestAt;
  }

  events(): readonly OpenedEntry[] {
    return this.#events;
  }

  async all(reader: LogReader): Promise<readonly OpenedEntry[]> {
    const slots = [...this.#slots];
    const entries: OpenedEntry[] = [];
    for (const run of this.#before) {
      for (let from = run.from; from <= run.to; from += AT_ONCE) {
        const to = Math.min(run.to, from + AT_ONCE - 1);
        entries.push(...(await reader.open(refsOf({ ...run, from, to }))));
      }
    }
    for (let from = 0; from < slots.length; from += AT_ONCE) {
      entries.push(...(await openAll(slots.slice(from, from + AT_ONCE), reader)));
    }
    return entries;
  }

  state(): BookState {
    const refs = this.#slots.map(({ author, seq }) => ({ author, from: seq, to: seq }));
    const runs = joined([...this.#before, ...refs]);
    return { runs, events: this.#events, newestAt: this.#newestAt };
  }

  restore({ runs, events, newestAt }: BookState): void {
    this.#before = runs;
    this.#events = [...events];
    this.#newestAt = newestAt;
  }
}

async function openAll(
  slots: readonly (OpenedEntry | EntryRef)[],
  reader: LogReader,
): Promise<OpenedEntry[]> {
  const absent = slots.filter((slot) => !('body' in slot));
  const read = absent.length === 0 ? [] : await reader.open(absent);
  const found = new Map(read.map((entry) => [`${entry.author}:${entry.seq}`, entry]));
  return slots.flatMap((slot) =>
    'body' in slot ? slot : (found.get(`${slot.author}:${slot.seq}`) ?? []),
  );
}

function refsOf({ author, from, to }: EntryRun): EntryRef[] {
  return Array.from({ length: to - from + 1 }, (_, i) => ({ author, seq: from + i }));
}

/** By author and ascending; runs that meet are one. */
function joined(runs: readonly EntryRun[]): EntryRun[] {
  const sorted = runs.toSorted((a, b) =>
    a.author === b.author ? a.from - b.from : a.author < b.author ? -1 : 1,
  );
  const result: EntryRun[] = [];
  for (const run of sorted) {
    const last = result.at(-1);
    if (last?.author === run.author && last.to + 1 === run.from) {
      result.splice(-1, 1, { ...last, to: run.to });
    } else {
      result.push(run);
    }
  }
  return result;
}
