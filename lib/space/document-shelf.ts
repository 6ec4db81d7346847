// The documents of one space, each with its changes as the log gave them, loaded into the worker when first touched.
import { createMutex } from '../log/mutex.ts';
import { ok, type Result } from '../wire/failure.ts';
import type { DocumentClient } from './document-client.ts';
import { Room, type ChangeSource, type EntryRef } from './document-tail.ts';
import type { BoundChange, RefusedChange } from './documents/live-document.ts';
import type { Transplant } from './documents/transplant.ts';
import type { ActorPlaces } from './documents/view-at.ts';
import { ShelvedDocument } from './shelved-document.ts';
import { NOTHING_KEPT, type KeptDocuments } from './snapshot/kept-document.ts';

export interface DocumentShelf {
  /** Takes a change that is in the log; whoever reads its document from now on finds it there. */
  add(document: string, ref: EntryRef, change: BoundChange): void;
  /** The change that a verb would make as `actor`, or null when it would change nothing. */
  propose(
    document: string,
    actor: string,
    verb: { readonly name: string; readonly args: unknown; readonly at: number },
  ): Promise<Result<Uint8Array | null>>;
  /** The change that writes one again that was cut off. */
  transplant(document: string, move: Transplant): Promise<Result<Uint8Array>>;
  /** Reads a document's projection; one without changes reads as the empty document of its kind. */
  read(document: string): Promise<Result<unknown>>;
  /** The same as it was at a cut. */
  readAt(document: string, within: ActorPlaces): Promise<Result<unknown>>;
  /** Names the version that a document is in: hex hashes, ascending. */
  version(document: string): Promise<Result<readonly string[]>>;
  readVersion(document: string, version: readonly string[]): Promise<Result<unknown>>;
  /** Ids of the documents that have changes. */
  list(): readonly string[];
  /** Changes that keep their place in the log and are not applied, as far as documents have been loaded. */
  refused(): readonly ShelvedRefusal[];
  /** Runs tasks on one document one after another, so that one actor never proposes twice at once. */
  inTurn<T>(document: string, task: () => Promise<T>): Promise<T>;
  /** Puts documents into storage that have `atLeast` changes more than what is there, one after another. */
  keep(atLeast: number): Promise<void>;
  /** What `restore` takes on an empty shelf. */
  state(): ShelfState;
  restore(state: ShelfState): void;
  close(): void;
}

/** By document: what a snapshot in storage stands for, and which entries changed the document since. */
export type ShelfState = readonly (readonly [
  id: string,
  { readonly kept: { changes: number; bytes: number } | null; readonly refs: readonly EntryRef[] },
])[];

export interface ShelvedRefusal extends RefusedChange {
  readonly document: string;
}

export interface ShelfParts {
  /** Hex. */
  readonly space: string;
  readonly client: DocumentClient;
  readonly source: ChangeSource;
  readonly kept?: KeptDocuments;
  /** What was kept of a document cannot be used. */
  readonly onSpoiled?: () => void;
  /** Bytes of changes that stay in memory; the others are read from the log again when they are needed. */
  readonly roomBytes?: number;
}

const ROOM_BYTES = 8 * 1024 * 1024;

export function createDocumentShelf(parts: ShelfParts): DocumentShelf {
  return new Shelf(parts);
}

class Shelf implements DocumentShelf {
  readonly #parts: ShelfParts;
  readonly #client: DocumentClient;
  readonly #room: Room;
  readonly #documents = new Map<string, ShelvedDocument>();
  readonly #turns = new Map<string, ReturnType<typeof createMutex>>();
  readonly #stopListening: () => void;

  #isClosed = false;

  constructor(parts: ShelfParts) {
    this.#parts = parts;
    this.#client = parts.client;
    this.#room = new Room(parts.roomBytes ?? ROOM_BYTES);
    this.#stopListening = parts.client.onLost(() => {
      for (const document of this.#documents.values()) document.lost();
    });
  }

  add(document: string, ref: EntryRef, change: BoundChange): void {
    this.#shelved(document).add(ref, change);
  }

  propose(
    document: string,
    actor: string,
    verb: { readonly name: string; readonly args: unknown; readonly at: number },
  ): Promise<Result<Uint8Array | null>> {
    const shelved = this.#shelved(document);
    const { name, args, at } = verb;
    const call = { document: shelved.key, actor, verb: name, args, at };
    return shelved.whenCurrent(() => this.#client.call('propose', call));
  }

  transplant(document: string, move: Transplant): Promise<Result<Uint8Array>> {
    const shelved = this.#shelved(document);
    const call = { document: shelved.key, move };
    return shelved.whenCurrent(() => this.#client.call('transplant', call));
  }

  read(document: string): Promise<Result<unknown>> {
    const shelved = this.#shelved(document);
    return shelved.whenCurrent(() => this.#client.call('read', { document: shelved.key }));
  }

  readAt(document: string, within: ActorPlaces): Promise<Result<unknown>> {
    const shelved = this.#shelved(document);
    const call = { document: shelved.key, within };
    return shelved.whenCurrent(() => this.#client.call('readAt', call));
  }

  async version(document: string): Promise<Result<readonly string[]>> {
    const shelved = this.#shelved(document);
    const call = { document: shelved.key };
    const version = await shelved.whenCurrent(() => this.#client.call('version', call));
    return version.ok ? ok(version.value.toSorted()) : version;
  }

  readVersion(document: string, version: readonly string[]): Promise<Result<unknown>> {
    const shelved = this.#shelved(document);
    const call = { document: shelved.key, version };
    return shelved.whenCurrent(() => this.#client.call('readVersion', call));
  }

  list(): readonly string[] {
    return [...this.#documents].flatMap(([id, { isEmpty }]) => (isEmpty ? [] : [id]));
  }

  refused(): readonly ShelvedRefusal[] {
    return [...this.#documents].flatMap(([document, shelved]) =>
      shelved.refused().map((refusal) => ({ ...refusal, document })),
    );
  }

  inTurn<T>(document: string, task: () => Promise<T>): Promise<T> {
    const turn = this.#turns.get(document) ?? createMutex();
    this.#turns.set(document, turn);
    return turn(task);
  }

  async keep(atLeast: number): Promise<void> {
    for (const document of this.#documents.values()) {
      if (!this.#isClosed) await document.keep(atLeast);
    }
  }

  state(): ShelfState {
    return [...this.#documents].map(([id, document]) => [id, document.state()]);
  }

  restore(state: ShelfState): void {
    for (const [id, { kept, refs }] of state) this.#shelved(id).restore(kept, refs);
  }

  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    for (const document of this.#documents.values()) document.close();
  }

  #shelved(document: string): ShelvedDocument {
    const known = this.#documents.get(document);
    if (known !== undefined) return known;
    const { space, client, source, kept = NOTHING_KEPT, onSpoiled = () => {} } = this.#parts;
    const room = this.#room;
    const key = `${space}:${document}`;
    const shelved = new ShelvedDocument({
      key,
      id: document,
      client,
      source,
      room,
      kept,
      onSpoiled,
    });
    this.#documents.set(document, shelved);
    return shelved;
  }
}
