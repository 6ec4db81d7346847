// The documents of one space: their changes as the log gave them, loaded into the worker when first touched.
import { createMutex } from '../log/mutex.ts';
import { ok, type Result } from '../wire/failure.ts';
import type { DocumentClient } from './document-client.ts';
import type { BoundChange } from './documents/live-document.ts';

export interface DocumentShelf {
  /** Takes a change that is in the log; gives it to the worker when its document is loaded. */
  add(document: string, change: BoundChange): Promise<void>;
  /** The change that a verb would make as `actor`, or null when it would change nothing. */
  propose(
    document: string,
    actor: string,
    verb: { readonly name: string; readonly args: unknown; readonly at: number },
  ): Promise<Result<Uint8Array | null>>;
  /** Reads a document's projection; one without changes reads as the empty document of its kind. */
  read(document: string): Promise<Result<unknown>>;
  /** Ids of the documents that have changes. */
  list(): readonly string[];
  /** Runs tasks on one document one after another, so that one actor never proposes twice at once. */
  inTurn<T>(document: string, task: () => Promise<T>): Promise<T>;
  close(): void;
}

export function createDocumentShelf(space: string, client: DocumentClient): DocumentShelf {
  return new Shelf(space, client);
}

class Shelf implements DocumentShelf {
  readonly #space: string;
  readonly #client: DocumentClient;
  readonly #changes = new Map<string, BoundChange[]>();
  readonly #loaded = new Map<string, Promise<Result<unknown>>>();
  readonly #turns = new Map<string, ReturnType<typeof createMutex>>();
  readonly #stopListening: () => void;

  constructor(space: string, client: DocumentClient) {
    this.#space = space;
    this.#client = client;
    this.#stopListening = client.onLost(() => this.#loaded.clear());
  }

  async add(document: string, change: BoundChange): Promise<void> {
    const changes = this.#changes.get(document) ?? [];
    this.#changes.set(document, changes);
    changes.push(change);
    if (!this.#loaded.has(document)) return;
    const args = { document: this.#key(document), changes: [change] };
    const applied = await this.#client.call('apply', args);
    // Whatever went wrong, the log has it: the next touch builds the document anew.
    if (!applied.ok) this.#loaded.delete(document);
  }

  async propose(
    document: string,
    actor: string,
    verb: { readonly name: string; readonly args: unknown; readonly at: number },
  ): Promise<Result<Uint8Array | null>> {
    const loaded = await this.#load(document);
    if (!loaded.ok) return loaded;
    const key = this.#key(document);
    const { name, args, at } = verb;
    return this.#client.call('propose', { document: key, actor, verb: name, args, at });
  }

  async read(document: string): Promise<Result<unknown>> {
    const loaded = await this.#load(document);
    return loaded.ok ? this.#client.call('read', { document: this.#key(document) }) : loaded;
  }

  list(): readonly string[] {
    return [...this.#changes.keys()];
  }

  inTurn<T>(document: string, task: () => Promise<T>): Promise<T> {
    const turn = this.#turns.get(document) ?? createMutex();
    this.#turns.set(document, turn);
    return turn(task);
  }

  close(): void {
    this.#stopListening();
    for (const document of this.#loaded.keys()) {
      void this.#client.call('unload', { document: this.#key(document) });
    }
    this.#loaded.clear();
  }

  async #load(document: string): Promise<Result<unknown>> {
    const known = this.#loaded.get(document);
    if (known !== undefined) return known;
    const loading = this.#client.call('load', {
      document: this.#key(document),
      kind: document,
      changes: [...(this.#changes.get(document) ?? [])],
    });
    // Set before it settles: changes that arrive meanwhile go to the worker after the load, in order.
    this.#loaded.set(document, loading);
    const loaded = await loading;
    if (!loaded.ok && this.#loaded.get(document) === loading) this.#loaded.delete(document);
    return loaded.ok ? ok(undefined) : loaded;
  }

  #key(document: string): string {
    return `${this.#space}:${document}`;
  }
}
