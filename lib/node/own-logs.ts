// This device's own log beyond this browser: before it goes on with one after a start, it hears how far others hold it; and
// it finds out when another browser works with a copy of this one.
import type { CutBack } from '../log/review.ts';
import type { Replica } from '../log/replica.ts';
import type { SessionStore } from '../authority/session-store.ts';
import type { OwnLog } from '../space/own-log.ts';
import { toHex } from '../wire/bytes.ts';
import type { Failure } from '../wire/failure.ts';
import type { Head } from '../wire/sync-message.ts';

export interface OwnLogsOptions {
  readonly replica: Replica;
  /** The device's public key. */
  readonly device: () => Uint8Array;
  readonly session: SessionStore;
  /** What each of those says it holds with whom a space flows now. */
  readonly named: (space: string) => readonly ReadonlyMap<string, Head>[];
  /** Nobody can be asked now: the relay of the space is not to be had. */
  readonly isAlone: (space: string) => boolean;
  /** Whether work of this browser was cut off in a space, and nobody has said yet what is to become of it. */
  readonly refusal: (space: string) => Promise<Failure | null>;
  readonly changed: () => void;
  readonly now: () => number;
}

/** How long a first entry after a start waits for others to answer. */
const PATIENCE_MS = 4_000;
/** A sign of another browser with this key is news for this long. */
const NEWS_MS = 120_000;

export class OwnLogs implements OwnLog {
  readonly #options: OwnLogsOptions;
  readonly #waiting = new Set<() => void>();
  /** Spaces of which it is known that storage is not older than what others hold. */
  readonly #level = new Set<string>();
  #seenElsewhereAt: number | null = null;

  constructor(options: OwnLogsOptions) {
    this.#options = options;
    options.replica.subscribe((space, stored, _, { isOwnWriting, cutBack }) => {
      const own = toHex(options.device());
      if (isOwnWriting || !stored.some(({ header }) => toHex(header.author) === own)) return;
      void this.#grew(space, cutBack);
    });
  }

  /** Another browser with this key is at work, or was a moment ago. */
  get isElsewhere(): boolean {
    const at = this.#seenElsewhereAt;
    return at !== null && this.#options.now() - at < NEWS_MS;
  }

  refusal(space: string): Promise<Failure | null> {
    return this.#options.refusal(space);
  }

  async heard(space: string): Promise<boolean> {
    const { session } = this.#options;
    const key = `heard/${space}`;
    // Nobody puts storage back under a running browser, so once in its life is enough.
    if ((await session.get(key)) === true) this.#level.add(space);
    if (this.#level.has(space)) return true;
    const isLevel = await this.#listen(space);
    await session.set(key, true);
    this.#level.add(space);
    return isLevel;
  }

  /** Someone has said what they hold, or came, or went. */
  progressed(): void {
    for (const look of this.#waiting) look();
  }

  /** A browser with this key has been heard that is not this one. */
  heardElsewhere(): void {
    const wasKnown = this.isElsewhere;
    this.#seenElsewhereAt = this.#options.now();
    if (!wasKnown) this.#options.changed();
  }

  async #listen(space: string): Promise<boolean> {
    if (!(await this.#hasWritten(space))) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const look = (): void => {
      void this.#standing(space).then((standing) => standing !== null && resolve(standing));
    };
    const timer = setTimeout(() => resolve(false), PATIENCE_MS);
    this.#waiting.add(look);
    look();
    const isLevel = await promise;
    clearTimeout(timer);
    this.#waiting.delete(look);
    return isLevel;
  }

  /** True: those who can be asked hold no more than this browser; false: nobody can be asked; null: not known yet. */
  async #standing(space: string): Promise<boolean | null> {
    const answers = this.#options.named(space);
    if (answers.length === 0) return this.#options.isAlone(space) ? false : null;
    const own = toHex(this.#options.device());
    const held = (await this.#options.replica.heads(space)).get(own)?.seq ?? 0;
    return answers.every((named) => (named.get(own)?.seq ?? 0) <= held) ? true : null;
  }

  async #hasWritten(space: string): Promise<boolean> {
    return (await this.#options.replica.heads(space)).has(toHex(this.#options.device()));
  }

  /** Own entries that came from elsewhere: after a start they may be from before storage was put back. */
  async #grew(space: string, cutBack: readonly CutBack[]): Promise<void> {
    const own = toHex(this.#options.device());
    if (!this.#level.has(space) || cutBack.some(({ author }) => author === own)) return;
    if (!(await this.#options.replica.crossings(space)).has(own)) this.heardElsewhere();
  }
}
