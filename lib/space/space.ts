// A space as this node has it: its log opened into members, events and documents, and the one way to write to it.
import type { EpochKeys } from '../group/epoch-keys.ts';
import type { Signer } from '../identity/signer.ts';
import type { Replica } from '../log/replica.ts';
import { isContent, readStoredEntry, type Entry } from '../log/seal.ts';
import { toHex } from '../wire/bytes.ts';
import type { CborValue } from '../wire/cbor.ts';
import type { ActingAgent, EntryBody } from '../wire/entry-body.ts';
import { fail, ok, type Failure, type Result } from '../wire/failure.ts';
import type { DocumentClient } from './document-client.ts';
import { createDocumentShelf, type DocumentShelf, type ShelvedRefusal } from './document-shelf.ts';
import { isDocumentId } from './document-ids.ts';
import { createEntryWriter, type EntryWriter } from './entry-writer.ts';
import { memberOf, type Member } from './members.ts';
import { open, type OpenedEntry } from './opened-entry.ts';

export interface SpaceOptions {
  /** 32 bytes. */
  readonly space: Uint8Array;
  readonly keys: EpochKeys;
  readonly signer: Signer;
  readonly replica: Replica;
  readonly documents: DocumentClient;
  readonly now: () => number;
}

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
  /** Entries that could not be opened, with the reason of the first. */
  quarantined(): { readonly count: number; readonly first: Failure | null };
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
  readonly #shelf: DocumentShelf;
  readonly #writer: EntryWriter;
  readonly #entries: OpenedEntry[] = [];
  readonly #members = new Map<string, Member>();
  readonly #authors = new Map<string, string>();
  /** Next seq to take in, by author: an entry is taken in once, whichever way it comes. */
  readonly #taken = new Map<string, number>();
  readonly #listeners = new Set<(entries: readonly OpenedEntry[]) => void>();
  readonly #unsubscribe: () => void;
  #quarantined = 0;
  #firstFault: Failure | null = null;
  #intake: Promise<unknown>;

  constructor(options: SpaceOptions) {
    this.#options = options;
    this.bytes = options.space;
    this.id = toHex(options.space);
    this.#shelf = createDocumentShelf(this.id, options.documents);
    this.#writer = createEntryWriter(options);
    this.#unsubscribe = options.replica.subscribe((space, stored) => {
      if (space === this.id) void this.#queue(() => this.#takeIn(stored.filter(isContent)));
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
    return this.#shelf.inTurn(change.document, async () => {
      const at = this.#options.now();
      const verb = { name: change.verb, args: change.args, at };
      const actor = await this.#writer.actor();
      const proposed = await this.#shelf.propose(change.document, actor, verb);
      if (!proposed.ok) return proposed;
      if (proposed.value === null) return ok(null);
      const { document, agent = null } = change;
      return this.#write({ kind: 'change', at, agent, document, change: proposed.value });
    });
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

  quarantined(): { readonly count: number; readonly first: Failure | null } {
    return { count: this.#quarantined, first: this.#firstFault };
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

  async #write(body: EntryBody): Promise<Result<OpenedEntry>> {
    await this.#intake;
    const written = await this.#writer.write(body);
    if (!written.ok) return written;
    // The replica has announced it; wait until it is taken in, so that the writer reads its own write.
    await this.#intake;
    return open(written.value, this.#options.keys);
  }

  async #readStored(): Promise<void> {
    const { replica } = this.#options;
    for (const [author, head] of await replica.heads(this.id)) {
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

  async #takeIn(entries: readonly Entry[]): Promise<void> {
    const fresh = entries.filter((entry) => this.#isNext(entry));
    const results = await Promise.all(fresh.map((entry) => open(entry, this.#options.keys)));
    const opened: OpenedEntry[] = [];
    for (const result of results) {
      if (result.ok) opened.push(result.value);
      else this.#quarantine(result.failure);
    }
    for (const entry of opened) await this.#digest(entry);
    if (opened.length > 0) for (const listener of this.#listeners) listener(opened);
  }

  #isNext({ header }: Entry): boolean {
    const author = toHex(header.author);
    if (header.seq !== (this.#taken.get(author) ?? 0) + 1) return false;
    this.#taken.set(author, header.seq);
    return true;
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

  #quarantine(failure: Failure): void {
    this.#quarantined += 1;
    this.#firstFault ??= failure;
  }
}

function unknownDocument(document: string): Result<never> {
  return fail(
    'bad_arguments',
    `"${document.slice(0, 40)}" is not a document of a space.`,
    'Use board or page/<hash>.',
  );
}
