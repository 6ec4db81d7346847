// What this device keeps of a space that it has read, so that the next start reads only what came since. A cache: the log
// has all of it, and whatever does not fit is thrown away.
import type { RecordStore } from '../../store/record-store.ts';
import type { ShelfState } from '../document-shelf.ts';
import type { BookState } from '../entry-book.ts';
import type { IntakeState } from '../intake.ts';
import type { Member } from '../members.ts';
import type { OpenedEntry } from '../opened-entry.ts';
import type { KeptDocument, KeptDocuments } from './kept-document.ts';

/** Bump it whenever what is kept changes its shape, or when entries or changes are judged by other rules than before. */
const FORMAT = 2;

export interface SpaceSnapshot {
  readonly intake: IntakeState;
  readonly book: BookState;
  readonly shelf: ShelfState;
  /** By device, hex. */
  readonly members: readonly (readonly [string, Member])[];
  /** Authors of Automerge actors, hex. */
  readonly authors: readonly (readonly [string, string])[];
}

export interface SpaceSnapshots {
  readonly documents: KeptDocuments;
  /** Null when there is none that this version can use. */
  load(): Promise<SpaceSnapshot | null>;
  /** Documents that it refers to have been written before. */
  save(snapshot: SpaceSnapshot): Promise<void>;
  drop(): Promise<void>;
}

/** The head of a snapshot; the events are beside it, so that what never changes is not written again. */
interface StoredHead extends Omit<SpaceSnapshot, 'book'> {
  readonly format: number;
  readonly book: Omit<BookState, 'events'>;
  readonly events: number;
}

const HEAD = 'space';
const EVENTS_AT_ONCE = 500;

/** `space` in hex. */
export function createSpaceSnapshots(records: RecordStore, space: string): SpaceSnapshots {
  const collection = collectionOf(space);
  /** Events in parts that are full and stored. */
  let storedEvents = 0;
  return {
    documents: keptDocuments(records, collection),
    load: async () => {
      // Only this file writes these records, and the format tells whose version did.
      const head = (await records.get(collection, HEAD)) as StoredHead | undefined;
      if (head?.format !== FORMAT) return null;
      const parts = Array.from({ length: Math.ceil(head.events / EVENTS_AT_ONCE) }, (_, part) =>
        records.get(collection, partKey(part)),
      );
      const events = ((await Promise.all(parts)) as (OpenedEntry[] | undefined)[]).flatMap(
        (part) => part ?? [],
      );
      if (events.length < head.events) return null;
      storedEvents = Math.floor(head.events / EVENTS_AT_ONCE) * EVENTS_AT_ONCE;
      return { ...head, book: { ...head.book, events: events.slice(0, head.events) } };
    },
    save: async ({ book: { events, ...book }, ...rest }) => {
      for (let from = storedEvents; from < events.length; from += EVENTS_AT_ONCE) {
        const part = events.slice(from, from + EVENTS_AT_ONCE);
        await records.put(collection, partKey(from / EVENTS_AT_ONCE), part);
        if (part.length === EVENTS_AT_ONCE) storedEvents = from + EVENTS_AT_ONCE;
      }
      const head: StoredHead = { ...rest, format: FORMAT, book, events: events.length };
      await records.put(collection, HEAD, head);
    },
    drop: async () => {
      storedEvents = 0;
      await records.drop(collection);
    },
  };
}

/** Forgets what is kept of a space that this browser leaves. */
export function dropSpaceSnapshots(records: RecordStore, space: string): Promise<void> {
  return records.drop(collectionOf(space));
}

function keptDocuments(records: RecordStore, collection: string): KeptDocuments {
  return {
    read: async (document) => {
      const kept = (await records.get(collection, keyOf(document))) as
        (KeptDocument & { readonly format: number }) | undefined;
      return kept?.format === FORMAT ? kept : null;
    },
    write: (document, kept) =>
      records.put(collection, keyOf(document), { ...kept, format: FORMAT }),
  };
}

function collectionOf(space: string): string {
  return `snapshot/${space}`;
}

function partKey(part: number): string {
  return `events/${String(part).padStart(8, '0')}`;
}

function keyOf(document: string): string {
  return `document/${document}`;
}
