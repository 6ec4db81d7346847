// Anti-entropy for one space over one channel: have -> want -> entries, bounded batches, and live push when the other is level.
import type { Acceptance } from '../log/acceptance.ts';
import type { Replica } from '../log/replica.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { toHex } from '../wire/bytes.ts';
import type { Failure } from '../wire/failure.ts';
import { MAX_HEADS, type Head, type Range, type SyncMessage } from '../wire/sync-message.ts';
import {
  canPush,
  collect,
  heldBy,
  MAX_RANGES,
  missingRanges,
  newestPerAuthor,
  raise,
} from './ranges.ts';
import { TOO_MANY_AUTHORS } from './refusals.ts';

export interface ExchangeOptions {
  /** 32 bytes. */
  readonly space: Uint8Array;
  readonly replica: Replica;
  /** Queues a message; returns false when the queue is too full for anything but answers. */
  readonly send: (message: SyncMessage, urgency: 'answer' | 'push') => boolean;
  /** The other sent something an honest replica would not have. */
  readonly onOffence: (failure: Failure) => void;
  /** What the other sent was good, and could not be kept here. */
  readonly onTrouble: (failure: Failure) => void;
  /** What the other holds has changed. */
  readonly onProgress: () => void;
}

export type ExchangeMessage = Extract<SyncMessage, { type: 'have' | 'want' | 'entries' | 'fork' }>;

export interface Exchange {
  /** Says what we hold: the start of everything. */
  start(): Promise<void>;
  receive(message: ExchangeMessage): Promise<void>;
  /** Entries that this replica has stored since, and forks it has proved, from here or from elsewhere. */
  advanced(stored: readonly LogEntry[], forks: Acceptance['forks']): void;
  /** Called when the queue has room again after a push was turned away. */
  drained(): void;
  /** The highest seq of an author that the other is known to hold durably. */
  heldByOther(author: string): number;
}

export function createExchange(options: ExchangeOptions): Exchange {
  return new SpaceExchange(options);
}

/** Proofs told to another at the start; each holds two whole entries. */
const MAX_TOLD_FORKS = 16;

class SpaceExchange implements Exchange {
  readonly #options: ExchangeOptions;
  readonly #id: string;
  /** What the other has said it holds. */
  readonly #theirs = new Map<string, Head>();
  /** What we have pushed beyond that, hoping it arrives. */
  readonly #pushed = new Map<string, number>();
  /** Authors whose entry at our head was asked for once, to prove a fork. */
  readonly #suspected = new Set<string>();
  /** Stored while a batch from the other is taken in: it may be that very batch. */
  #meanwhile: LogEntry[] | null = null;
  #isAsking = false;
  #lastQuestion = '';
  /** A push was turned away, so the other must hear all heads again. */
  #isBehind = false;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#id = toHex(options.space);
  }

  async start(): Promise<void> {
    const forks = await this.#options.replica.forks(this.#id);
    this.#tellForks(forks.slice(0, MAX_TOLD_FORKS));
    await this.#sayHave();
  }

  async receive(message: ExchangeMessage): Promise<void> {
    switch (message.type) {
      case 'have':
        return this.#have(message.heads);
      case 'want':
        return this.#want(message.ranges);
      case 'entries':
        return this.#entries(message.entries);
      case 'fork':
        return this.#entries([message.first, message.second]);
    }
  }

  advanced(stored: readonly LogEntry[], forks: Acceptance['forks']): void {
    this.#tellForks(forks);
    this.#hear(stored);
  }

  #hear(stored: readonly LogEntry[]): void {
    if (this.#meanwhile !== null) {
      this.#meanwhile.push(...stored);
      return;
    }
    const news = stored.filter((entry) => heldBy(this.#theirs, entry) < entry.header.seq);
    if (news.length === 0 || this.#isBehind) return;
    if (canPush(news, this.#theirs, this.#pushed)) this.#push(news);
    else this.#isBehind = !this.#sayHeads(newestPerAuthor(news), 'push');
  }

  drained(): void {
    // A store that cannot be read now is tried again when there is room next time.
    if (this.#isBehind) this.#sayHave().catch(() => (this.#isBehind = true));
  }

  heldByOther(author: string): number {
    return this.#theirs.get(author)?.seq ?? 0;
  }

  async #have(heads: readonly Head[]): Promise<void> {
    for (const head of heads) {
      if (this.heldByOther(toHex(head.author)) <= head.seq) {
        this.#theirs.set(toHex(head.author), head);
      }
    }
    if (this.#theirs.size > MAX_HEADS) return this.#options.onOffence(TOO_MANY_AUTHORS);
    this.#lastQuestion = '';
    this.#options.onProgress();
    return this.#ask();
  }

  async #want(ranges: readonly Range[]): Promise<void> {
    const { replica, send, space } = this.#options;
    const entries = await collect(replica, this.#id, ranges);
    send({ type: 'entries', space, entries }, 'answer');
  }

  async #entries(batch: readonly Uint8Array[]): Promise<void> {
    this.#isAsking = false;
    const { stored, known, gap, offence, trouble, suspects } = await this.#take(batch);
    if (offence !== null) return this.#options.onOffence(offence);
    if (trouble !== null) this.#options.onTrouble(trouble);
    // What came from elsewhere first is confirmed too: nobody else may have told the other that it is here.
    const held = newestPerAuthor([...known, ...stored]);
    if (held.length > 0) this.#sayHeads(held, 'answer');
    if (stored.length === 0 && gap) this.#lastQuestion = '';
    this.#options.onProgress();
    this.#askAbout(suspects);
    return this.#ask();
  }

  /** Takes a batch in without sending back what it brings. */
  async #take(batch: readonly Uint8Array[]): Promise<Acceptance> {
    this.#meanwhile = [];
    try {
      const acceptance = await this.#options.replica.accept(this.#id, batch);
      const { known, stored } = acceptance;
      for (const head of newestPerAuthor([...known, ...stored])) raise(this.#theirs, head);
      return acceptance;
    } finally {
      const stored = this.#meanwhile;
      this.#meanwhile = null;
      this.#hear(stored);
    }
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    const { replica, send, space } = this.#options;
    const ours = await replica.heads(this.#id);
    const missing = missingRanges(this.#theirs, ours, await replica.forkedAuthors(this.#id));
    const ranges = missing.slice(0, MAX_RANGES);
    const question = ranges.map((range) => `${toHex(range.author)}:${range.from}`).join();
    // The same question twice in a row means that the other cannot answer it: wait for news instead of asking forever.
    if (ranges.length === 0 || question === this.#lastQuestion) return;
    this.#isAsking = true;
    this.#lastQuestion = question;
    send({ type: 'want', space, ranges }, 'answer');
  }

  /** Once for each author: who cannot or will not show it is not asked again. */
  #askAbout(suspects: readonly Head[]): void {
    const { send, space } = this.#options;
    const ranges = suspects
      .filter(({ author }) => !this.#suspected.has(toHex(author)))
      .map(({ author, seq }) => ({ author, from: seq, to: seq }));
    for (const { author } of ranges) this.#suspected.add(toHex(author));
    if (ranges.length > 0) send({ type: 'want', space, ranges }, 'answer');
  }

  #push(news: readonly LogEntry[]): void {
    const { send, space } = this.#options;
    const entries = news.map((entry) => entry.bytes);
    this.#isBehind = !send({ type: 'entries', space, entries }, 'push');
    if (this.#isBehind) return;
    for (const { header } of news) this.#pushed.set(toHex(header.author), header.seq);
  }

  async #sayHave(): Promise<void> {
    const { replica, send, space } = this.#options;
    const heads = [...(await replica.heads(this.#id)).values()].slice(0, MAX_HEADS);
    this.#isBehind = !send({ type: 'have', space, heads, whole: true }, 'push');
  }

  #sayHeads(heads: readonly Head[], urgency: 'answer' | 'push'): boolean {
    const { send, space } = this.#options;
    return send({ type: 'have', space, heads, whole: false }, urgency);
  }

  #tellForks(forks: Acceptance['forks']): void {
    const { send, space } = this.#options;
    for (const { first, second } of forks) send({ type: 'fork', space, first, second }, 'push');
  }
}
