// The documents of one space, each with its changes as the log gave them, loaded into the worker when first touched.
import { createMutex } from '../log/mutex.ts';
import type { Result } from '../wire/failure.ts';
import type { DocumentClient } from './document-client.ts';
import type { BoundChange, RefusedChange } from './documents/live-document.ts';
import type { ActorPlaces } from './documents/view-at.ts';
import { ShelvedDocument } from './shelved-document.ts';

export interface DocumentShelf {
  /** Takes a change that is in the log; whoever reads its document from now on finds it there. */
  add(document: string, change: BoundChange): Promise<void>;
  /** The change that a verb would make as `actor`, or null when it would change nothing. */
  propose(
    document: string,
    actor: string,
    verb: { readonly name: string; readonly args: unknown; readonly at: number },
  ): Promise<Result<Uint8Array | null>>;
  /** Reads a document's projection; one without changes reads as the empty document of its kind. */
  read(document: string): Promise<Result<unknown>>;
  /** The same as it was at a cut. */
  readAt(document: string, within: ActorPlaces): Promise<Result<unknown>>;
  /** Ids of the documents that have changes. */
  list(): readonly string[];
  /** Changes that keep their place in the log and are not applied, as far as documents have been loaded. */
  refused(): readonly ShelvedRefusal[];
  /** Runs tasks on one document one after another, so that one actor never proposes twice at once. */
  inTurn<T>(document: string, task: () => Promise<T>): Promise<T>;
  close(): void;
}

export interface ShelvedRefusal extends RefusedChange {
  readonly document: string;
}

export function createDocumentShelf(space: string, client: DocumentClient): DocumentShelf {
  return new Shelf(space, client);
}

class Shelf implements DocumentShelf {
  readonly #space: string;
  readonly #client: DocumentClient;
  readonly #documents = new Map<string, ShelvedDocument>();
  readonly #turns = new Map<string, ReturnType<typeof createMutex>>();
  readonly #stopListening: () => void;

  constructor(space: string, client: DocumentClient) {
    this.#space = space;
    this.#client = client;
    this.#stopListening = client.onLost(() => {
      for (const document of this.#documents.values()) document.lost();
    });
  }

  async add(document: string, change: BoundChange): Promise<void> {
    this.#shelved(document).add(change);
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

  read(document: string): Promise<Result<unknown>> {
    const shelved = this.#shelved(document);
    return shelved.whenCurrent(() => this.#client.call('read', { document: shelved.key }));
  }

  readAt(document: string, within: ActorPlaces): Promise<Result<unknown>> {
    const shelved = this.#shelved(document);
    const call = { document: shelved.key, within };
    return shelved.whenCurrent(() => this.#client.call('readAt', call));
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

  close(): void {
    this.#stopListening();
    for (const document of this.#documents.values()) document.close();
  }

  #shelved(document: string): ShelvedDocument {
    const known = this.#documents.get(document);
    if (known !== undefined) return known;
    const shelved = new ShelvedDocument(`${this.#space}:${document}`, document, this.#client);
    this.#documents.set(document, shelved);
    return shelved;
  }
}
