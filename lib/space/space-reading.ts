// Reads the log of a space into what it comes to: what was kept of it before, what is stored, and what arrives.
import type { LogEntry } from '../log/log-entry.ts';
import type { CutBack } from '../log/review.ts';
import { isContent, readStoredEntry, type Entry } from '../log/seal.ts';
import type { VersionVector } from '../log/version-vector.ts';
import { toHex } from '../wire/bytes.ts';
import { ok, type Result } from '../wire/failure.ts';
import type { ReadCheckpoint } from './checkpoint/read-checkpoint.ts';
import { AHEAD, CLOSED, isAhead, takeCheckpoint } from './checkpoint/take-checkpoint.ts';
import type { EntryRef } from './document-tail.ts';
import type { EntryBook } from './entry-book.ts';
import { Intake, type Quarantine } from './intake.ts';
import { changesOf, createLogReader, type LogReader } from './log-reader.ts';
import type { OpenedEntry } from './opened-entry.ts';
import { NOTHING_KEPT } from './snapshot/kept-document.ts';
import { entriesAt, isOfLog } from './snapshot/resume.ts';
import { SnapshotKeeper } from './snapshot/snapshot-keeper.ts';
import type { SpaceSnapshot } from './snapshot/space-snapshot.ts';
import { SpaceContent } from './space-content.ts';
import type { SpaceOptions } from './space-options.ts';

const READ_BATCH = { maxEntries: 1000, maxBytes: 8 * 1024 * 1024 };
/** A document with fewer new changes is loaded from the snapshot before, and these. */
const WORTH_KEEPING = 50;

type Listener = (entries: readonly OpenedEntry[]) => void;

export class SpaceReading {
  readonly #id: string;
  readonly #options: SpaceOptions;
  readonly #log: LogReader;
  readonly #keeper: SnapshotKeeper | null;
  readonly #listeners = new Set<Listener>();
  readonly #unsubscribe: () => void;
  #content: SpaceContent;
  #reader: Intake;
  #intake: Promise<unknown>;
  #isClosed = false;

  constructor(options: SpaceOptions) {
    this.#options = options;
    this.#id = toHex(options.space);
    this.#log = createLogReader({ ...options, space: this.#id });
    this.#content = this.#newContent();
    this.#reader = this.#newReader();
    this.#keeper = options.snapshots ? new SnapshotKeeper({ save: () => this.keep() }) : null;
    this.#unsubscribe = options.replica.subscribe((space, stored, _, { cutBack }) => {
      if (space === this.#id) void this.#queue(() => this.#arrived(stored, cutBack));
    });
    this.#intake = this.#start();
  }

  /** As far as it was read by now. */
  get content(): SpaceContent {
    return this.#content;
  }

  /** With everything that was stored when it was asked for. */
  async current(): Promise<SpaceContent> {
    await this.#intake;
    return this.#content;
  }

  all(book: EntryBook): Promise<readonly OpenedEntry[]> {
    return book.all(this.#log);
  }

  /** What waits for a key or for the control log is here, and does not show. */
  async vector(): Promise<VersionVector> {
    await this.#intake;
    const { taken, waiting } = this.#reader.state();
    const vector = new Map(taken.map(([author, seq]) => [author, seq]));
    for (const { author, seq } of waiting) {
      vector.set(author, Math.min(vector.get(author) ?? 0, seq - 1));
    }
    return vector;
  }

  quarantine(): Quarantine {
    return this.#reader.quarantine();
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async keep(): Promise<void> {
    const { snapshots } = this.#options;
    if (snapshots === undefined) return;
    await this.#intake;
    const content = this.#content;
    await content.shelf.keep(WORTH_KEEPING);
    await this.#queue(async () => {
      if (this.#isClosed || content !== this.#content) return;
      await snapshots.save({ ...content.state(), intake: this.#reader.state() });
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#keeper?.stop();
    this.#unsubscribe();
    this.#listeners.clear();
    this.#content.shelf.close();
  }

  /**
   * Takes what a checkpoint says as if the log had been read up to it; the log itself may come later. Failures as of the
   * checkpoint's entries, `conflict` when more than that was read already: then everything is as it was.
   */
  async adopt(checkpoint: ReadCheckpoint): Promise<Result<void>> {
    let outcome: Result<void> = CLOSED;
    await this.#queue(async () => {
      if (this.#isClosed) return;
      outcome = isAhead(this.#reader, checkpoint) ? AHEAD : await this.#build(checkpoint);
    });
    return outcome;
  }

  /** Reads the log anew, without what was adopted or kept. */
  async reread(): Promise<void> {
    await this.#queue(() => this.#rebuild());
  }

  async #build(checkpoint: ReadCheckpoint): Promise<Result<void>> {
    const reader = this.#newReader();
    // Nothing can be read from the log again until it is here, so everything stays in memory until it is kept.
    const content = this.#newContent(Infinity);
    const taken = await takeCheckpoint(checkpoint, reader, content);
    if (!taken.ok) return taken;
    this.#content.shelf.close();
    [this.#content, this.#reader] = [content, reader];
    await this.#readStored();
    this.#keeper?.noted(taken.value.length);
    this.#tell(taken.value);
    return ok(undefined);
  }

  async #start(): Promise<void> {
    const kept = await this.#options.snapshots?.load();
    if (kept && !(await this.#resume(kept))) await this.#options.snapshots?.drop();
    return this.#readStored();
  }

  /** Goes on from what was kept, if that goes with the log as it is now. */
  async #resume(kept: SpaceSnapshot): Promise<boolean> {
    const { replica } = this.#options;
    if (!(await isOfLog(replica, this.#id, kept.intake))) return false;
    const waiting = await entriesAt(replica, this.#id, kept.intake.waiting);
    this.#reader.restore(kept.intake, waiting);
    if (this.#reader.isOvertaken()) {
      this.#reader = this.#newReader();
      return false;
    }
    this.#content.restore(kept);
    await this.#accept(await this.#reader.takeWaiting());
    return true;
  }

  async #readStored(): Promise<void> {
    const { replica } = this.#options;
    for (const [author, head] of await replica.heads(this.#id)) {
      if (author === this.#id) continue;
      for (let seq = this.#reader.takenOf(author) + 1; seq <= head.seq;) {
        const batch = await replica.read(this.#id, author, seq, READ_BATCH);
        if (batch.length === 0) break;
        const entries = batch.flatMap(({ bytes }) => {
          const read = readStoredEntry(bytes);
          return read.ok ? [read.value] : [];
        });
        await this.#takeIn(entries);
        seq += batch.length;
      }
    }
  }

  #queue(task: () => Promise<void>): Promise<unknown> {
    this.#intake = this.#intake.then(task, task);
    return this.#intake;
  }

  async #arrived(stored: readonly LogEntry[], cutBack: readonly CutBack[]): Promise<void> {
    if (cutBack.some(({ author, seq }) => this.#reader.takenOf(author) > seq)) {
      // What is stored now is read with the rest.
      await this.#options.control?.follow();
      return this.#rebuild();
    }
    if (stored.some((entry) => !isContent(entry))) await this.#groupMoved();
    await this.#takeIn(stored.filter(isContent));
  }

  /** The control log has moved: new keys may open what waited, a removal may end what was taken. */
  async #groupMoved(): Promise<void> {
    await this.#options.control?.follow();
    if (this.#reader.isOvertaken()) return this.#rebuild();
    return this.#accept(await this.#reader.takeWaiting());
  }

  /** Reads the whole log anew, as if what no longer counts had never come. */
  async #rebuild(): Promise<void> {
    const before = this.#content;
    before.shelf.close();
    this.#content = this.#newContent();
    this.#reader = this.#newReader();
    await this.#options.snapshots?.drop();
    await this.#readStored();
    this.#tell(await before.book.all(this.#log));
  }

  #newContent(roomBytes?: number): SpaceContent {
    const { documents: client, snapshots } = this.#options;
    const source = {
      read: async (refs: readonly EntryRef[]) => changesOf(await this.#log.open(refs)),
    };
    const kept = snapshots?.documents ?? NOTHING_KEPT;
    const content: SpaceContent = new SpaceContent({
      space: this.#id,
      client,
      source,
      kept,
      ...(roomBytes === undefined ? {} : { roomBytes }),
      onSpoiled: () =>
        void this.#queue(async () => {
          if (content === this.#content && !this.#isClosed) await this.#rebuild();
        }),
    });
    return content;
  }

  #newReader(): Intake {
    const { keys, control } = this.#options;
    return new Intake({ keys, control: control?.log ?? null });
  }

  async #takeIn(entries: readonly Entry[]): Promise<void> {
    await this.#accept(await this.#reader.take(entries));
  }

  async #accept(opened: readonly OpenedEntry[]): Promise<void> {
    const content = this.#content;
    for (const entry of opened) await content.take(entry);
    this.#keeper?.noted(opened.length);
    this.#tell(opened);
  }

  #tell(entries: readonly OpenedEntry[]): void {
    if (entries.length > 0) for (const listener of this.#listeners) listener(entries);
  }
}
