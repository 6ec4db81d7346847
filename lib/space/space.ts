// A space as this node has it: its log opened into members, events and documents, and the one way to write to it.
import type { LogEntry } from '../log/log-entry.ts';
import { isContent, readStoredEntry, type Entry } from '../log/seal.ts';
import { toHex } from '../wire/bytes.ts';
import type { CborValue } from '../wire/cbor.ts';
import type { ActingAgent, EntryBody } from '../wire/entry-body.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { createDocumentShelf, type DocumentShelf, type ShelvedRefusal } from './document-shelf.ts';
import { isDocumentId } from './document-ids.ts';
import { createEntryWriter, untilWritten, type EntryWriter } from './entry-writer.ts';
import { Intake, type Quarantine } from './intake.ts';
import { memberOf, type Member } from './members.ts';
import { open, type OpenedEntry } from './opened-entry.ts';
import type { SpaceOptions } from './space-options.ts';

/** A verb on one document, by whom. */
export interface Change {
  readonly document: string;
  readonly verb: string;
  readonly args: unknown;
  readonly agent?: ActingAgent | null;
}

export interface Space {
  /** Hex. */
  readonly id: string;
  readonly bytes: Uint8Array;
  /** Everything opened so far, in the order in which it was taken in. Settles when the stored log has been read. */
  entries(): Promise<readonly OpenedEntry[]>;
  /** Writes one fact; settles once it is durable here. */
  record(
    event: string,
    payload: CborValue,
    agent?: ActingAgent | null,
  ): Promise<Result<OpenedEntry>>;
  /** Applies a verb to a document; null when it changed nothing. Settles once durable and readable here. */
  change(change: Change): Promise<Result<OpenedEntry | null>>;
  /** The projection of a document, as its kind gives it. */
  read(document: string): Promise<Result<unknown>>;
  documents(): Promise<readonly string[]>;
  /** By device public key, hex. */
  members(): Promise<ReadonlyMap<string, Member>>;
  /** Who may use an Automerge actor: the device's public key, hex. */
  authorOfActor(actor: string): string | null;
  quarantined(): Quarantine;
  /** Changes that keep their place in the log and are not applied, with the reason, as far as documents were loaded. */
  refused(): readonly ShelvedRefusal[];
  /** Calls back after entries were taken in; returns how to stop. */
  onEntries(listener: (entries: readonly OpenedEntry[]) => void): () => void;
  close(): void;
}

export function createSpace(options: SpaceOptions): Space {
  return new LocalSpace(options);
}

const READ_BATCH = { maxEntries: 1000, maxBytes: 8 * 1024 * 1024 };

class LocalSpace implements Space {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly #options: SpaceOptions;
  #shelf: DocumentShelf;
  #reader: Intake;
  readonly #writer: EntryWriter;
  #entries: OpenedEntry[] = [];
  readonly #members = new Map<string, Member>();
  readonly #authors = new Map<string, string>();
  readonly #listeners = new Set<(entries: readonly OpenedEntry[]) => void>();
  readonly #unsubscribe: () => void;
  #intake: Promise<unknown>;

  constructor(options: SpaceOptions) {
    this.#options = options;
    this.bytes = options.space;
    this.id = toHex(options.space);
    this.#shelf = createDocumentShelf(this.id, options.documents);
    this.#reader = this.#newReader();
    const control = options.control?.log ?? null;
    this.#writer = createEntryWriter({ ...options, control });
    this.#unsubscribe = options.replica.subscribe((space, stored) => {
      if (space === this.id) void this.#queue(() => this.#arrived(stored));
    });
    this.#intake = this.#readStored();
  }

  async entries(): Promise<readonly OpenedEntry[]> {
    await this.#intake;
    return this.#entries;
  }

  record(event: string, payload: CborValue, agent: ActingAgent | null = null) {
    return this.#write({ kind: 'event', at: this.#options.now(), agent, event, payload });
  }

  async change(change: Change): Promise<Result<OpenedEntry | null>> {
    if (!isDocumentId(change.document)) return unknownDocument(change.document);
    await this.#intake;
    const attempt = async (): Promise<Result<OpenedEntry | null>> => {
      const at = this.#options.now();
      const verb = { name: change.verb, args: change.args, at };
      const actor = await this.#writer.actor();
      const proposed = await this.#shelf.propose(change.document, actor, verb);
      if (!proposed.ok) return proposed;
      if (proposed.value === null) return ok(null);
      const { document, agent = null } = change;
      return this.#write({ kind: 'change', at, agent, document, change: proposed.value }, actor);
    };
    return this.#shelf.inTurn(change.document, () => untilWritten(attempt));
  }

  async read(document: string): Promise<Result<unknown>> {
    if (!isDocumentId(document)) return unknownDocument(document);
    await this.#intake;
    return this.#shelf.read(document);
  }

  async documents(): Promise<readonly string[]> {
    await this.#intake;
    return this.#shelf.list();
  }

  async members(): Promise<ReadonlyMap<string, Member>> {
    await this.#intake;
    return this.#members;
  }

  authorOfActor(actor: string): string | null {
    return this.#authors.get(actor) ?? null;
  }

  quarantined(): Quarantine {
    return this.#reader.quarantine();
  }

  refused(): readonly ShelvedRefusal[] {
    return this.#shelf.refused();
  }

  onEntries(listener: (entries: readonly OpenedEntry[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#unsubscribe();
    this.#listeners.clear();
    this.#shelf.close();
  }

  async #write(body: EntryBody, actor?: string): Promise<Result<OpenedEntry>> {
    await this.#intake;
    const written = await this.#writer.write(body, actor);
    if (!written.ok) return written;
    // The replica has announced it; wait until it is taken in, so that the writer reads its own write.
    await this.#intake;
    return open(written.value, this.#options.keys);
  }

  async #readStored(): Promise<void> {
    const { replica } = this.#options;
    for (const [author, head] of await replica.heads(this.id)) {
      if (author === this.id) continue;
      for (let seq = 1; seq <= head.seq;) {
        const batch = await replica.read(this.id, author, seq, READ_BATCH);
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

  async #arrived(stored: readonly LogEntry[]): Promise<void> {
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
    const before = this.#entries;
    this.#entries = [];
    this.#members.clear();
    this.#authors.clear();
    this.#shelf.close();
    this.#shelf = createDocumentShelf(this.id, this.#options.documents);
    this.#reader = this.#newReader();
    await this.#readStored();
    this.#tell(before);
  }

  #newReader(): Intake {
    const { keys, control } = this.#options;
    return new Intake({ keys, control: control?.log ?? null });
  }

  async #takeIn(entries: readonly Entry[]): Promise<void> {
    await this.#accept(await this.#reader.take(entries));
  }

  async #accept(opened: readonly OpenedEntry[]): Promise<void> {
    for (const entry of opened) await this.#digest(entry);
    this.#tell(opened);
  }

  #tell(entries: readonly OpenedEntry[]): void {
    if (entries.length > 0) for (const listener of this.#listeners) listener(entries);
  }

  async #digest(entry: OpenedEntry): Promise<void> {
    this.#entries.push(entry);
    this.#authors.set(entry.actor, entry.author);
    if (entry.body.kind === 'change') {
      const { document, change } = entry.body;
      if (!isDocumentId(document)) return;
      const { actor, seq: place } = entry;
      await this.#shelf.add(document, { actor, bytes: change, place });
      return;
    }
    const member = await memberOf(entry);
    if (member === null) return;
    const since = this.#members.get(entry.author)?.since ?? member.since;
    this.#members.set(entry.author, { ...member, since });
  }
}

function unknownDocument(document: string): Result<never> {
  return fail(
    'bad_arguments',
    `"${document.slice(0, 40)}" is not a document of a space.`,
    'Use board or page/<hash>.',
  );
}
