// One document as the node knows it: its snapshot, its later changes, how many of these the worker has, and which of them
// may not be given to it again. Brings the worker up to date a slice at a time, so that other documents have their turn
// in between, and builds the document anew when the worker was lost or let it go.
import { createMutex } from '../log/mutex.ts';
import { fail, failureOf, ok, type Failed, type Result } from '../wire/failure.ts';
import type { DocumentClient } from './document-client.ts';
import { DocumentTail, type ChangeSource, type EntryRef, type Room } from './document-tail.ts';
import { hashOfChange } from './documents/gate/change-chunk.ts';
import type { Applied, BoundChange, RefusedChange } from './documents/live-document.ts';
import type { KeptDocument, KeptDocuments } from './snapshot/kept-document.ts';

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

export interface ShelvedParts {
  /** The worker's name for it. */
  readonly key: string;
  /** Its id in the space. */
  readonly id: string;
  readonly client: DocumentClient;
  readonly source: ChangeSource;
  readonly room: Room;
  readonly kept: KeptDocuments;
  /** What was kept cannot be used, and the log must be read from its beginning. */
  readonly onSpoiled: () => void;
}

export class ShelvedDocument {
  readonly #parts: ShelvedParts;
  readonly #tail: DocumentTail;
  readonly #skip = new Map<string, string>();
  readonly #refused = new Map<string, RefusedChange>();
  readonly #inTurn = createMutex();
  /** The changes that a snapshot in storage holds; the tail goes on from there. */
  #kept: { readonly changes: number; readonly bytes: number } | null = null;
  /** How many of the changes in the tail the worker has; null when it has not loaded the document. */
  #given: number | null = null;
  #givenBytes = 0;
  /** A slice in which a change hung the worker: it is given again in parts of `step` changes. */
  #suspects: { readonly from: number; readonly to: number; readonly step: number } | null = null;
  /** Some changes found no room to wait: with the next one the document is built anew. */
  #incomplete = false;
  #isCatchingUp = false;
  #isClosed = false;

  constructor(parts: ShelvedParts) {
    this.#parts = parts;
    this.#tail = new DocumentTail(parts.source, parts.room);
  }

  get isEmpty(): boolean {
    return this.#tail.length === 0 && this.#kept === null;
  }

  get key(): string {
    return this.#parts.key;
  }

  refused(): readonly RefusedChange[] {
    return [...this.#refused.values()];
  }

  add(ref: EntryRef, change: BoundChange): void {
    this.#tail.add(ref, change);
    if (this.#incomplete) this.lost();
    if (this.#given === null || this.#isCatchingUp) return;
    this.#isCatchingUp = true;
    // Not waited for: what comes meanwhile goes with the next slice, and whoever reads waits for all of it.
    void this.#inTurn(() => this.#catchUp());
  }

  /** What is in storage already, and the later changes. */
  restore(kept: { changes: number; bytes: number } | null, refs: readonly EntryRef[]): void {
    this.#kept = kept;
    this.#tail.restore(refs);
  }

  /** As `restore` takes it. */
  state() {
    return { kept: this.#kept, refs: this.#tail.refs() };
  }

  /** Puts the document as it is now into storage, when that saves reading `atLeast` changes or more. */
  keep(atLeast: number): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isClosed || this.#tail.length < atLeast) return;
      const current = await this.#catchUp();
      const given = this.#given;
      if (!current.ok || given === null || this.#incomplete || this.#suspects !== null) return;
      const bytes = (this.#kept?.bytes ?? 0) + this.#givenBytes;
      const taken = await this.#parts.client.call('snapshot', { document: this.key });
      if (!taken.ok || this.#isClosed || this.#given === null) return;
      const changes = (this.#kept?.changes ?? 0) + given;
      const kept = { snapshot: taken.value, changes, bytes, refused: this.refused() };
      await this.#parts.kept.write(this.#parts.id, kept);
      this.#kept = { changes, bytes };
      this.#tail.cut(given);
      this.#givenBytes = 0;
      if (this.#given !== null) this.#given -= given;
    });
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
    this.#isClosed = true;
    if (this.#given !== null) void this.#parts.client.call('unload', { document: this.key });
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
    while (this.#given === null || this.#given < this.#tail.length) {
      const given = this.#given;
      const from = given ?? 0;
      const to = this.#sliceFrom(from);
      const parcel = await this.#pack(given === null, from, to);
      if (!parcel.ok) return parcel;
      // Lost while it was read from storage.
      if (this.#given !== given) continue;
      const applied = await this.#give(parcel.value);
      if (!applied.ok) {
        this.#blameFor(applied, parcel.value, from);
        this.lost();
        return applied;
      }
      this.#note(applied.value, to);
    }
    return null;
  }

  /** What the worker is to be given next: changes, and what they build on if it has nothing yet. */
  async #pack(isFirst: boolean, from: number, to: number): Promise<Result<Parcel>> {
    try {
      const { kept, id, onSpoiled } = this.#parts;
      const base = isFirst && this.#kept !== null ? await kept.read(id) : null;
      if (isFirst && this.#kept !== null && base === null) {
        onSpoiled();
        return SPOILED;
      }
      return ok({ isFirst, base, changes: await this.#tail.read(from, to) });
    } catch (error) {
      return { ok: false, failure: failureOf(error) };
    }
  }

  async #give({ isFirst, base, changes }: Parcel): Promise<Result<Applied>> {
    const { client, id } = this.#parts;
    const bytes = changes.reduce((total, change) => total + change.bytes.length, 0);
    this.#givenBytes = isFirst ? bytes : this.#givenBytes + bytes;
    if (!isFirst) return client.call('apply', { document: this.key, changes });
    this.#refused.clear();
    for (const refusal of base?.refused ?? []) this.#noteRefusal(refusal);
    // Set before it settles: a worker that is lost meanwhile sets it back.
    this.#given = 0;
    return client.call('load', { document: this.key, kind: id, base, changes, skip: this.#skip });
  }

  #note(applied: Applied, to: number): void {
    for (const refusal of applied.refused) this.#noteRefusal(refusal);
    if (this.#given !== null) this.#given = to;
    this.#incomplete ||= applied.dropped > 0;
    if (this.#suspects !== null && to >= this.#suspects.to) this.#suspects = null;
    // After a trap the worker's memory is not to be trusted; without someone to blame it would only happen again.
    if (applied.trapped && applied.refused.some(isHarmful)) this.#parts.client.replace();
  }

  #noteRefusal(refusal: RefusedChange): void {
    const name = refusal.hash ?? `${refusal.actor} ${refusal.reason}`;
    if (this.#refused.size < MAX_REFUSALS) this.#refused.set(name, refusal);
    if (isHarmful(refusal)) this.#skip.set(name, HARMFUL);
  }

  /** Something in a parcel did harm, or was not to be used. */
  #blameFor({ failure }: Failed, { base, changes }: Parcel, from: number): void {
    if (failure.code === 'malformed' && base !== null) return this.#parts.onSpoiled();
    if (failure.code !== 'timeout') return;
    const [change] = changes;
    if (changes.length === 1 && change !== undefined) {
      return void this.#skip.set(hashOfChange(change.bytes), HARMFUL);
    }
    const step = Math.ceil(changes.length / SUSPECT_PARTS);
    this.#suspects = { from, to: from + changes.length, step };
  }

  #sliceFrom(from: number): number {
    const suspects = this.#suspects;
    if (suspects !== null && from >= suspects.from && from < suspects.to) {
      return Math.min(from + suspects.step, suspects.to);
    }
    const until = suspects !== null && from < suspects.from ? suspects.from : this.#tail.length;
    let bytes = 0;
    let to = from;
    while (to < until && to - from < SLICE_CHANGES && bytes < SLICE_BYTES) {
      bytes += this.#tail.sizeAt(to);
      to += 1;
    }
    return to;
  }
}

function isHarmful({ harmful }: RefusedChange): boolean {
  return harmful === true;
}

interface Parcel {
  /** The worker has nothing of the document yet. */
  readonly isFirst: boolean;
  readonly base: KeptDocument | null;
  readonly changes: readonly BoundChange[];
}

const SPOILED = fail(
  'unavailable',
  'A stored document cannot be read and is built anew from the log.',
  'Nothing is lost. Try again in a moment.',
);
