// Work of this person's own that was cut off with a dropped history: what goes on by itself is written again at once; where
// this browser's own history was dropped, the person says first whether it may go on.
import type { Replica } from '../log/replica.ts';
import { createMutex } from '../log/mutex.ts';
import type { StoredEntry } from '../store/entry-store.ts';
import { toHex } from '../wire/bytes.ts';
import { fail, type Failure } from '../wire/failure.ts';
import type { HeldSpace } from './held-space.ts';

export interface CutOffWorkOptions {
  readonly replica: Replica;
  /** Hex: this device's key, and those that it had before it enrolled anew. */
  readonly keys: () => { readonly own: string; readonly former: readonly string[] };
  readonly held: (space: string) => HeldSpace | undefined;
  readonly changed: () => void;
}

/** What of a space waits to be added again. */
export interface CutOff {
  readonly space: string;
  readonly count: number;
  /** Why it could not be added again, if that was tried. */
  readonly failure: Failure | null;
}

export class CutOffWork {
  readonly #options: CutOffWorkOptions;
  readonly #inTurn = createMutex();
  /** Spaces in which this browser's history was dropped, with how much waits; all others once they were looked at. */
  readonly #dropped = new Map<string, Promise<number>>();
  readonly #failed = new Map<string, CutOff>();
  /** Entries that could not be written again; tried anew at the next start. */
  readonly #tried = new Set<string>();
  #mayGoOn = false;
  isRenewed = false;

  constructor(options: CutOffWorkOptions) {
    this.#options = options;
    options.replica.subscribe((space, _stored, _forks, { cutBack }) => {
      if (cutBack.length > 0) void this.look(space);
    });
  }

  /** Why nothing may be written into a space now. */
  async refusal(space: string): Promise<Failure | null> {
    if (this.isRenewed) return RENEWED;
    const waiting = this.#dropped.get(space) ?? this.#count(space);
    this.#dropped.set(space, waiting);
    return (await waiting) > 0 && !this.#mayGoOn ? COPIED : null;
  }

  /** New keys are stored, and the old ones are still at work here: nothing more is written with them. */
  awaitRestart(): void {
    this.isRenewed = true;
  }

  /** Where this browser's own history was dropped. */
  async dropped(): Promise<CutOff[]> {
    const all = await Promise.all(
      [...this.#dropped].map(async ([space, count]) => ({ space, count: await count })),
    );
    return all.filter(({ count }) => count > 0).map((found) => ({ ...found, failure: null }));
  }

  /** What could not be added again. */
  failed(): readonly CutOff[] {
    return [...this.#failed.values()];
  }

  /** The person says that no other browser uses this key: it goes on here, where the kept history ends. */
  async goOn(): Promise<void> {
    this.#mayGoOn = true;
    for (const space of this.#dropped.keys()) await this.look(space);
    this.#mayGoOn = false;
    this.#options.changed();
  }

  /** Looks what was cut off in a space, and writes it again if that needs nobody's word. */
  async look(space: string): Promise<void> {
    this.#dropped.set(space, this.#count(space));
    const mayWrite = (await this.refusal(space)) === null;
    if (mayWrite) await this.#inTurn(() => this.#writeAgain(space));
    this.#dropped.set(space, this.#count(space));
    this.#options.changed();
  }

  async #writeAgain(space: string): Promise<void> {
    const held = this.#options.held(space);
    const mine = await this.#mine(space);
    if (held === undefined || mine.length === 0) return;
    const { done, failure } = await held.space.writeAgain(mine);
    await this.#options.replica.forgetAside(space, done);
    const isDone = new Set(done.map(toHex));
    for (const hash of mine.map((entry) => toHex(entry.hash))) {
      if (!isDone.has(hash)) this.#tried.add(hash);
    }
    const count = mine.length - done.length;
    if (count > 0) this.#failed.set(space, { space, count, failure });
    else this.#failed.delete(space);
  }

  /** How many entries wait of a history of this browser that was dropped; 0 where it only ended earlier. */
  async #count(space: string): Promise<number> {
    const { own } = this.#options.keys();
    const cuts = this.#options.held(space)?.group?.log.tip().cuts.get(own) ?? [];
    const keptTo = Math.max(0, ...cuts.map(({ seq }) => seq));
    const mine = (await this.#mine(space)).filter(
      ({ author, hash }) => author === own && !this.#tried.has(toHex(hash)),
    );
    return mine.some(({ seq }) => seq <= keptTo) ? mine.length : 0;
  }

  async #mine(space: string): Promise<StoredEntry[]> {
    const { own, former } = this.#options.keys();
    const keys = new Set([own, ...former]);
    return (await this.#options.replica.aside(space)).filter(({ author }) => keys.has(author));
  }
}

const RENEWED = fail(
  'conflict',
  'This browser has new keys and has not started with them yet.',
  'Close it completely and open it again.',
).failure;

const COPIED = fail(
  'forked',
  'This browser is a copy of another one, or was put back to an earlier state. What it wrote since is set aside.',
  'Nothing is lost. Open the side panel and choose how to go on.',
).failure;
