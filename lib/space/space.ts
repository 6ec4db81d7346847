// A space as this node has it: its log opened into members, events and documents, and the one way to write to it.
import type { StoredEntry } from '../store/entry-store.ts';
import type { VersionVector } from '../log/version-vector.ts';
import { toHex } from '../wire/bytes.ts';
import type { CborValue } from '../wire/cbor.ts';
import type { ActingAgent, EntryBody } from '../wire/entry-body.ts';
import { ok, type Failure, type Result } from '../wire/failure.ts';
import type { ReadCheckpoint } from './checkpoint/read-checkpoint.ts';
import type { DocumentShelf, ShelvedRefusal } from './document-shelf.ts';
import { isDocumentId, unknownDocument } from './document-ids.ts';
import { NOT_CAUGHT_UP } from './documents/document-failures.ts';
import { createEntryWriter, OVERTAKEN, untilWritten, type EntryWriter } from './entry-writer.ts';
import type { Quarantine } from './intake.ts';
import type { Member } from './members.ts';
import { OWN_LOG_HERE } from './own-log.ts';
import { open, type OpenedEntry } from './opened-entry.ts';
import type { SpaceOptions } from './space-options.ts';
import { SpaceReading } from './space-reading.ts';
import { writeAgain, type WrittenAgain } from './write-again.ts';

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
  /**
   * Everything that counts, in the order in which it was taken in. Reads what is not in memory from the log, so this is
   * for looking back; `events` is at hand.
   */
  entries(): Promise<readonly OpenedEntry[]>;
  /** The facts among the entries. */
  events(): Promise<readonly OpenedEntry[]>;
  /** The author's clock at the entry that was taken in last; 0 before the first. */
  newestAt(): Promise<number>;
  /** Writes one fact; settles once it is durable here. */
  record(
    event: string,
    payload: CborValue,
    agent?: ActingAgent | null,
  ): Promise<Result<OpenedEntry>>;
  /** Applies a verb to a document; null when it changed nothing. Settles once durable and readable here. */
  change(change: Change): Promise<Result<OpenedEntry | null>>;
  /** Writes own work again that was cut off, in the order in which it was written. */
  writeAgain(entries: readonly StoredEntry[]): Promise<WrittenAgain>;
  /** The projection of a document, as its kind gives it. */
  read(document: string): Promise<Result<unknown>>;
  /** Asks for earlier versions of a document, and which one it is in. */
  versions<T>(
    document: string,
    ask: (shelf: Pick<DocumentShelf, 'version' | 'readVersion'>) => Promise<Result<T>>,
  ): Promise<Result<T>>;
  documents(): Promise<readonly string[]>;
  /** By device public key, hex. */
  members(): Promise<ReadonlyMap<string, Member>>;
  /** Who may use an Automerge actor: the device's public key, hex. */
  authorOfActor(actor: string): string | null;
  /** How far each log (author, hex) shows in what is read here, as of everything stored by now. */
  vector(): Promise<VersionVector>;
  /** Authors whose logs were ended or cut by a decision: what is missing of them does not come. */
  excused(): ReadonlySet<string>;
  quarantined(): Quarantine;
  /** Changes that keep their place in the log and are not applied, with the reason, as far as documents were loaded. */
  refused(): readonly ShelvedRefusal[];
  /** Calls back after entries were taken in; returns how to stop. */
  onEntries(listener: (entries: readonly OpenedEntry[]) => void): () => void;
  /** Keeps what was read, so that the next start reads only what comes after. Happens by itself too. */
  keep(): Promise<void>;
  /** Takes over what a checkpoint says, before the log is here. Failures as of `SpaceReading.adopt`. */
  adopt(checkpoint: ReadCheckpoint): Promise<Result<void>>;
  /** Reads the log anew, without what was adopted. */
  reread(): Promise<void>;
  close(): void;
}

export function createSpace(options: SpaceOptions): Space {
  return new LocalSpace(options);
}

class LocalSpace implements Space {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly #options: SpaceOptions;
  readonly #reading: SpaceReading;
  readonly #writer: EntryWriter;

  constructor(options: SpaceOptions) {
    this.#options = options;
    this.bytes = options.space;
    this.id = toHex(options.space);
    const control = options.control?.log ?? null;
    const { own = OWN_LOG_HERE } = options;
    this.#writer = createEntryWriter({ ...options, control, own });
    this.#reading = new SpaceReading(options);
  }

  async entries(): Promise<readonly OpenedEntry[]> {
    const { book } = await this.#reading.current();
    return this.#reading.all(book);
  }

  async events(): Promise<readonly OpenedEntry[]> {
    return (await this.#reading.current()).book.events();
  }

  async newestAt(): Promise<number> {
    return (await this.#reading.current()).book.newestAt;
  }

  record(event: string, payload: CborValue, agent: ActingAgent | null = null) {
    return this.#write({ kind: 'event', at: this.#options.now(), agent, event, payload });
  }

  async change(change: Change): Promise<Result<OpenedEntry | null>> {
    if (!isDocumentId(change.document)) return unknownDocument(change.document);
    const { shelf } = await this.#reading.current();
    const attempt = async (): Promise<Result<OpenedEntry | null>> => {
      const at = this.#options.now();
      const verb = { name: change.verb, args: change.args, at };
      const actor = await this.#writer.actor();
      const proposed = await shelf.propose(change.document, actor, verb);
      if (!proposed.ok && isCutLoose(proposed.failure, this.#options)) {
        await this.#writer.renew();
        return OVERTAKEN;
      }
      if (!proposed.ok) return proposed;
      if (proposed.value === null) return ok(null);
      const { document, agent = null } = change;
      return this.#write({ kind: 'change', at, agent, document, change: proposed.value }, actor);
    };
    return shelf.inTurn(change.document, () => untilWritten(attempt));
  }

  writeAgain(entries: readonly StoredEntry[]): Promise<WrittenAgain> {
    const parts = {
      keys: this.#options.keys,
      writer: this.#writer,
      shelf: async () => (await this.#reading.current()).shelf,
      write: (body: EntryBody, actor?: string) => this.#write(body, actor),
    };
    return writeAgain(parts, entries);
  }

  readonly read = (document: string) => this.versions(document, (shelf) => shelf.read(document));

  async versions<T>(
    document: string,
    ask: (shelf: DocumentShelf) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    if (!isDocumentId(document)) return unknownDocument(document);
    const { shelf } = await this.#reading.current();
    const answer = await ask(shelf);
    if (answer.ok) return answer;
    // Perhaps it was built anew meanwhile.
    const { shelf: now } = await this.#reading.current();
    return shelf === now ? answer : ask(now);
  }

  async documents(): Promise<readonly string[]> {
    return (await this.#reading.current()).shelf.list();
  }

  async members(): Promise<ReadonlyMap<string, Member>> {
    return (await this.#reading.current()).members;
  }

  authorOfActor(actor: string): string | null {
    return this.#reading.content.authors.get(actor) ?? null;
  }

  vector(): Promise<VersionVector> {
    return this.#reading.vector();
  }

  excused(): ReadonlySet<string> {
    const tip = this.#options.control?.log.tip();
    return new Set([...(tip?.gone.keys() ?? []), ...(tip?.cuts.keys() ?? [])]);
  }

  quarantined(): Quarantine {
    return this.#reading.quarantine();
  }

  refused(): readonly ShelvedRefusal[] {
    return this.#reading.content.shelf.refused();
  }

  onEntries(listener: (entries: readonly OpenedEntry[]) => void): () => void {
    return this.#reading.listen(listener);
  }

  keep(): Promise<void> {
    return this.#reading.keep();
  }

  adopt(checkpoint: ReadCheckpoint): Promise<Result<void>> {
    return this.#reading.adopt(checkpoint);
  }

  reread(): Promise<void> {
    return this.#reading.reread();
  }

  close(): void {
    this.#reading.close();
  }

  async #write(body: EntryBody, actor?: string): Promise<Result<OpenedEntry>> {
    await this.#reading.current();
    const written = await this.#writer.write(body, actor);
    if (!written.ok) return written;
    // The replica has announced it; wait until it is taken in, so that the writer reads its own write.
    await this.#reading.current();
    return open(written.value, this.#options.keys);
  }
}

/** Whether what this device wrote last builds on what someone wrote who was put out since: that never comes back. */
function isCutLoose({ message }: Failure, { control }: SpaceOptions): boolean {
  const tip = control?.log.tip();
  const isStuck = message === NOT_CAUGHT_UP.failure.message;
  return isStuck && tip !== undefined && tip.gone.size + tip.cuts.size > 0;
}
