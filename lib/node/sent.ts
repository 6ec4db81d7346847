// How much of what was written here has reached someone else: the relay or a peer has said that it holds it.
import type { RecordStore } from '../store/record-store.ts';

const SENT = 'sent';

export class Sent {
  readonly #records: RecordStore;
  readonly #levels = new Map<string, number>();

  constructor(records: RecordStore) {
    this.#records = records;
  }

  async load(): Promise<void> {
    for (const { key, value } of await this.#records.list(SENT)) {
      if (typeof value === 'number') this.#levels.set(key, value);
    }
  }

  /** Others hold our entries of a space up to `seq`. Never goes back. */
  raise(space: string, seq: number): void {
    if (seq <= this.level(space)) return;
    this.#levels.set(space, seq);
    void this.#records.put(SENT, space, seq);
  }

  /** The end of our log was taken off: what comes in its place nobody holds yet. */
  lower(space: string, seq: number): void {
    if (seq >= this.level(space)) return;
    this.#levels.set(space, seq);
    void this.#records.put(SENT, space, seq);
  }

  level(space: string): number {
    return this.#levels.get(space) ?? 0;
  }

  async forget(space: string): Promise<void> {
    this.#levels.delete(space);
    await this.#records.remove(SENT, space);
  }
}
