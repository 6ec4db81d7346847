// Changes whose past has not come yet. They stay outside the document, since Automerge would save them with it, and are
// few enough to hold in memory: the log has every one that is turned away. Each waits for one missing change at a time,
// so that a long chain that arrives last first is sorted out in one pass.
import type { Candidate } from './candidate.ts';

export const MAX_WAITING = 20_000;
export const MAX_WAITING_BYTES = 32 * 1024 * 1024;

export class WaitingRoom {
  readonly #watchers = new Map<string, Candidate[]>();
  readonly #hashes = new Set<string>();
  #bytes = 0;

  get size(): number {
    return this.#hashes.size;
  }

  has(hash: string): boolean {
    return this.#hashes.has(hash);
  }

  /** False when there is no room. */
  add(candidate: Candidate, missing: string): boolean {
    const bytes = this.#bytes + candidate.bytes.length;
    if (this.size >= MAX_WAITING || bytes > MAX_WAITING_BYTES) return false;
    const watchers = this.#watchers.get(missing) ?? [];
    this.#watchers.set(missing, watchers);
    watchers.push(candidate);
    this.#hashes.add(candidate.hash);
    this.#bytes = bytes;
    return true;
  }

  /** Lets those go that waited for `hash`. */
  release(hash: string): readonly Candidate[] {
    const released = this.#watchers.get(hash) ?? [];
    this.#watchers.delete(hash);
    for (const candidate of released) this.#forget(candidate);
    return released;
  }

  all(): readonly Candidate[] {
    return [...this.#watchers.values()].flat();
  }

  #forget(candidate: Candidate): void {
    this.#hashes.delete(candidate.hash);
    this.#bytes -= candidate.bytes.length;
  }
}
