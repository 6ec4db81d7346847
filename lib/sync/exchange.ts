// Anti-entropy for one space over one channel: have -> want -> entries, bounded batches, and live push when the other is level.
import type { Acceptance } from '../log/acceptance.ts';
import type { StoredFrom } from '../log/replica.ts';
import type { LogEntry } from '../log/log-entry.ts';
import type { ForkProof } from '../store/entry-store.ts';
import { toHex } from '../wire/bytes.ts';
import { MAX_HEADS, type Head, type Range, type SyncMessage } from '../wire/sync-message.ts';
import { createBackOff } from './back-off.ts';
import type { Exchange, ExchangeMessage, ExchangeOptions } from './exchange-contract.ts';
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

export function createExchange(options: ExchangeOptions): Exchange {
  return new SpaceExchange(options);
}

/** Proofs told to another at the start; each holds two whole entries. */
const MAX_TOLD_FORKS = 64;

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
  /** Not everything was asked for, since it comes another way. */
  #isHoldingBack = false;
  #lastQuestion = '';
  /** A push was turned away, so the other must hear all heads again. */
  #isBehind = false;
  /** Proofs that were turned away, too. */
  readonly #untold: ForkProof[] = [];
  /** What came was good and could not be kept: there may be room later, also if the other stays silent until then. */
  readonly #later = createBackOff(() => this.#askAgain());
  hasHeard = false;

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
        return this.#have(message);
      case 'want':
        return this.#want(message.ranges);
      case 'entries':
        return this.#entries(message.entries);
      case 'fork':
        return this.#entries([message.first, message.second]);
    }
  }

  get named(): ReadonlyMap<string, Head> {
    return this.#theirs;
  }

  advanced(stored: readonly LogEntry[], forks: Acceptance['forks'], more: StoredFrom): void {
    this.#tellForks(forks);
    if (more.cutBack.length > 0) this.#sayAnew(more);
    this.#hear(stored);
    // The stewards may have settled on a history that is not here and that the other has.
    const isGroupMoved = stored.some(({ header }) => toHex(header.author) === this.#id);
    if (isGroupMoved || this.#isHoldingBack) this.#askAgain();
  }

  close(): void {
    this.#later.stop();
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
    this.#tellForks(this.#untold.splice(0));
    // A store that cannot be read now is tried again when there is room next time.
    if (this.#isBehind) this.#sayHave().catch(() => (this.#isBehind = true));
  }

  heldByOther(author: string): number {
    return this.#theirs.get(author)?.seq ?? 0;
  }

  async #have({ heads, whole }: Extract<SyncMessage, { type: 'have' }>): Promise<void> {
    if (whole) this.#forgetWhatWasCut(heads);
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
    if (trouble !== null) this.#later.again();
    else if (stored.length > 0) this.#later.reset();
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
    const ours = {
      heads: await replica.heads(this.#id),
      forked: await replica.forkedAuthors(this.#id),
      crossings: await replica.crossings(this.#id),
      expected: replica.expected(this.#id),
    };
    this.#isHoldingBack = ours.expected.size > 0;
    // Whoever gets to the settled history by another way says nothing of it to us.
    if (ours.crossings.size > 0) this.#later.again();
    const missing = missingRanges(this.#theirs, ours);
    const ranges = missing.slice(0, MAX_RANGES);
    const question = ranges.map((range) => `${toHex(range.author)}:${range.from}`).join();
    // The same question twice in a row means that the other cannot answer it: wait for news instead of asking forever.
    if (ranges.length === 0 || question === this.#lastQuestion) return;
    this.#isAsking = true;
    this.#lastQuestion = question;
    send({ type: 'want', space, ranges }, 'answer');
  }

  /** The same question may have another answer now. */
  #askAgain(): void {
    this.#lastQuestion = '';
    // A store that cannot be read now is read when the other says something next.
    this.#ask().catch(() => {});
  }

  /** All that the other holds is less than it once held where it has cut a history off. */
  #forgetWhatWasCut(heads: readonly Head[]): void {
    this.hasHeard = true;
    const levels = new Map(heads.map(({ author, seq }) => [toHex(author), seq]));
    for (const [author, { seq }] of this.#theirs) {
      if ((levels.get(author) ?? 0) >= seq) continue;
      this.#theirs.delete(author);
      this.#pushed.delete(author);
    }
  }

  #sayAnew({ cutBack }: StoredFrom): void {
    for (const { author } of cutBack) {
      this.#pushed.delete(author);
      this.#suspected.delete(author);
    }
    // It is said when there is room if it cannot be said now.
    this.#sayHave().catch(() => (this.#isBehind = true));
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
    for (const proof of forks) {
      const { first, second } = proof;
      if (!send({ type: 'fork', space, first, second }, 'push')) this.#untold.push(proof);
    }
  }
}
