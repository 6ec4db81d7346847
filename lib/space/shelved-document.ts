// One document as the node knows it: its changes in the order in which the log gave them, how many of them the worker
// has, and which of them may not be given to it again. Brings the worker up to date a slice at a time, so that other
// documents have their turn in between, and builds the document anew when the worker was lost or let it go.
import { createMutex } from '../log/mutex.ts';
import { ok, type Failed, type Result } from '../wire/failure.ts';
import type { DocumentClient } from './document-client.ts';
import { hashOfChange } from './documents/gate/change-chunk.ts';
import type { Applied, BoundChange, RefusedChange } from './documents/live-document.ts';

/** One call takes at most this much. Automerge merges one large batch much faster than many small ones. */
export const SLICE_CHANGES = 8_000;
const SLICE_BYTES = 1024 * 1024;
/** A slice that hung is given again in this many parts, and the part that hangs again once more. */
const SUSPECT_PARTS = 100;
/** How often one touch builds the document anew before it gives up; the next touch goes on from there. */
const MAX_REBUILDS = 8;
/** Refusals that are kept for the person to see. */
const MAX_REFUSALS = 1000;
const HARMFUL = 'It made the document hang or break down when it was applied.';

export class ShelvedDocument {
  /** The worker's name for it. */
  readonly key: string;
  readonly #kind: string;
  readonly #client: DocumentClient;
  readonly #changes: BoundChange[] = [];
  readonly #skip = new Map<string, string>();
  readonly #refused = new Map<string, RefusedChange>();
  readonly #inTurn = createMutex();
  /** How many of the changes the worker has; null when it has not loaded the document. */
  #given: number | null = null;
  /** A slice in which a change hung the worker: it is given again in parts of `step` changes. */
  #suspects: { readonly from: number; readonly to: number; readonly step: number } | null = null;
  /** Some changes found no room to wait: with the next one the document is built anew. */
  #incomplete = false;
  #isCatchingUp = false;

  constructor(key: string, kind: string, client: DocumentClient) {
    this.key = key;
    this.#kind = kind;
    this.#client = client;
  }

  get isEmpty(): boolean {
    return this.#changes.length === 0;
  }

  refused(): readonly RefusedChange[] {
    return [...this.#refused.values()];
  }

  add(change: BoundChange): void {
    this.#changes.push(change);
    if (this.#incomplete) this.lost();
    if (this.#given === null || this.#isCatchingUp) return;
    this.#isCatchingUp = true;
    // Not waited for: what comes meanwhile goes with the next slice, and whoever reads waits for all of it.
    void this.#inTurn(() => this.#catchUp());
  }

  /** Runs `task` when the worker has every change, and again when it let the document go before. */
  async whenCurrent<T>(task: () => Promise<Result<T>>): Promise<Result<T>> {
    for (let attempts = 1; ; attempts++) {
      const current = await this.#inTurn(() => this.#catchUp());
      if (!current.ok) return current;
      const result = await task();
      if (result.ok || result.failure.code !== 'closed' || attempts >= MAX_REBUILDS) return result;
      this.lost();
    }
  }

  /** The worker no longer has the document. */
  lost(): void {
    this.#given = null;
    this.#incomplete = false;
  }

  close(): void {
    if (this.#given !== null) void this.#client.call('unload', { document: this.key });
    this.lost();
  }

  async #catchUp(): Promise<Result<void>> {
    for (let rebuilds = 0; ; rebuilds++) {
      const failed = await this.#giveAll();
      const isLoss = failed !== null && ['closed', 'timeout'].includes(failed.failure.code);
      if (isLoss && rebuilds < MAX_REBUILDS) continue;
      this.#isCatchingUp = false;
      return failed ?? ok(undefined);
    }
  }

  async #giveAll(): Promise<Failed | null> {
    while (this.#given === null || this.#given < this.#changes.length) {
      const from = this.#given ?? 0;
      const to = this.#sliceFrom(from);
      const given = await this.#give(from, to);
      if (!given.ok) {
        if (given.failure.code === 'timeout') this.#suspect(from, to);
        this.lost();
        return given;
      }
      this.#note(given.value, to);
    }
    return null;
  }

  #give(from: number, to: number): Promise<Result<Applied>> {
    const changes = this.#changes.slice(from, to);
    if (this.#given !== null) return this.#client.call('apply', { document: this.key, changes });
    this.#refused.clear();
    // Set before it settles: a worker that is lost meanwhile sets it back.
    this.#given = 0;
    const args = { document: this.key, kind: this.#kind, changes, skip: this.#skip };
    return this.#client.call('load', args);
  }

  #note(applied: Applied, to: number): void {
    for (const refusal of applied.refused) {
      const name = refusal.hash ?? `${refusal.actor} ${refusal.reason}`;
      if (this.#refused.size < MAX_REFUSALS) this.#refused.set(name, refusal);
      if (refusal.harmful === true) this.#blame(name);
    }
    if (this.#given !== null) this.#given = to;
    this.#incomplete ||= applied.dropped > 0;
    if (this.#suspects !== null && to >= this.#suspects.to) this.#suspects = null;
    // After a trap the worker's memory is not to be trusted; without someone to blame it would only happen again.
    if (applied.trapped && applied.refused.some(({ harmful }) => harmful)) this.#client.replace();
  }

  /** A slice hung the worker. When it was a single change, that is the one; else it is gone through in parts. */
  #suspect(from: number, to: number): void {
    const change = this.#changes[from];
    if (to - from > 1 || change === undefined) {
      this.#suspects = { from, to, step: Math.ceil((to - from) / SUSPECT_PARTS) };
      return;
    }
    this.#blame(hashOfChange(change.bytes));
  }

  #blame(hash: string): void {
    this.#skip.set(hash, HARMFUL);
  }

  #sliceFrom(from: number): number {
    const suspects = this.#suspects;
    if (suspects !== null && from >= suspects.from && from < suspects.to) {
      return Math.min(from + suspects.step, suspects.to);
    }
    const until = suspects !== null && from < suspects.from ? suspects.from : this.#changes.length;
    let bytes = 0;
    let to = from;
    while (to < until && to - from < SLICE_CHANGES && bytes < SLICE_BYTES) {
      bytes += this.#changes[to]?.bytes.length ?? 0;
      to += 1;
    }
    return to;
  }
}
