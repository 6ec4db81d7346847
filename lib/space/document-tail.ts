// The changes of one document that came after its snapshot, in the order in which the log gave them. Their bytes are
// kept as long as there is room, and read from the log again when there is not.
import type { BoundChange } from './documents/live-document.ts';

/** An entry of a space by its place. */
export interface EntryRef {
  /** Hex. */
  readonly author: string;
  readonly seq: number;
}

/** Where changes are read from again. */
export interface ChangeSource {
  /** In the order of `refs`. */
  read(refs: readonly EntryRef[]): Promise<readonly BoundChange[]>;
}

/** Room for bytes that several documents share. */
export class Room {
  #bytes: number;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** Whether there was room. */
  take(bytes: number): boolean {
    if (bytes > this.#bytes) return false;
    this.#bytes -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.#bytes += bytes;
  }
}

interface Slot extends EntryRef {
  readonly bytes: number;
  readonly change: BoundChange | null;
}

export class DocumentTail {
  readonly #source: ChangeSource;
  readonly #room: Room;
  #slots: Slot[] = [];

  constructor(source: ChangeSource, room: Room) {
    this.#source = source;
    this.#room = room;
  }

  get length(): number {
    return this.#slots.length;
  }

  add({ author, seq }: EntryRef, change: BoundChange): void {
    const bytes = change.bytes.length;
    this.#slots.push({ author, seq, bytes, change: this.#room.take(bytes) ? change : null });
  }

  /** Takes up what is known of changes whose bytes are in the log alone. */
  restore(refs: readonly EntryRef[]): void {
    this.#slots = refs.map(({ author, seq }) => ({ author, seq, bytes: 0, change: null }));
  }

  refs(): readonly EntryRef[] {
    return this.#slots.map(({ author, seq }) => ({ author, seq }));
  }

  /** Bytes of one change; 0 where that is not known. */
  sizeAt(index: number): number {
    return this.#slots[index]?.bytes ?? 0;
  }

  async read(from: number, to: number): Promise<readonly BoundChange[]> {
    const slots = this.#slots.slice(from, to);
    const absent = slots.filter(({ change }) => change === null);
    const read = absent.length === 0 ? [] : await this.#source.read(absent);
    const found = new Map(absent.map((slot, i) => [slot, read[i]]));
    return slots.flatMap((slot) => slot.change ?? found.get(slot) ?? []);
  }

  /** Forgets the first `count`: a snapshot holds them now. */
  cut(count: number): void {
    for (const { change, bytes } of this.#slots.splice(0, count)) {
      if (change !== null) this.#room.give(bytes);
    }
  }
}
