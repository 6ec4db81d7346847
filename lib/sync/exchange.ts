// Anti-entropy for one space over one channel: have -> want -> entries, bounded batches, and live push when the other is level.
import type { Acceptance } from '../log/acceptance.ts';
import type { Replica } from '../log/replica.ts';
import type { Entry } from '../log/seal.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { Failure } from '../wire/failure.ts';
import {
  MAX_BATCH_ENTRIES,
  MAX_HEADS,
  TARGET_BATCH_BYTES,
  type Head,
  type Range,
  type SyncMessage,
} from '../wire/sync-message.ts';
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

export interface Exchange {
  /** Says what we hold: the start of everything. */
  start(): Promise<void>;
  have(heads: readonly Head[]): Promise<void>;
  want(ranges: readonly Range[]): Promise<void>;
  entries(batch: readonly Uint8Array[]): Promise<void>;
  /** Entries that this replica has stored since, from here or from elsewhere. */
  advanced(stored: readonly Entry[]): void;
  /** Called when the queue has room again after a push was turned away. */
  drained(): void;
  /** The highest seq of an author that the other is known to hold durably. */
  heldByOther(author: string): number;
  /** Whether everything the other has said it holds is here too. */
  isLevel(): Promise<boolean>;
}

const BATCH = { maxEntries: MAX_BATCH_ENTRIES, maxBytes: TARGET_BATCH_BYTES };
const MAX_RANGES = 256;
/** Proofs told to another at the start; each holds two whole entries. */
const MAX_TOLD_FORKS = 16;

export function createExchange(options: ExchangeOptions): Exchange {
  const { space, replica, send } = options;
  const spaceId = toHex(space);
  /** What the other has said it holds. */
  const theirs = new Map<string, Head>();
  /** What we have pushed beyond that, hoping it arrives. */
  const pushed = new Map<string, number>();
  /** Authors whose entry at our head was asked for once, to prove a fork. */
  const suspected = new Set<string>();
  /** Stored while a batch from the other is taken in: it may be that very batch. */
  let meanwhile: Entry[] | null = null;
  let asked = false;
  let lastAsk = '';
  let isDirty = false;

  const sayHave = async (): Promise<void> => {
    const heads = [...(await replica.heads(spaceId)).values()].slice(0, MAX_HEADS);
    isDirty = !send({ type: 'have', space, heads, whole: true }, 'push');
  };

  const missing = async (): Promise<Range[]> =>
    missingRanges(theirs, await replica.heads(spaceId), await replica.forkedAuthors(spaceId));

  const ask = async (): Promise<void> => {
    if (asked) return;
    const ranges = (await missing()).slice(0, MAX_RANGES);
    const question = ranges.map((r) => `${toHex(r.author)}:${r.from}`).join();
    // The same question twice in a row means that the other cannot answer it: wait for news instead of asking forever.
    if (ranges.length === 0 || question === lastAsk) return;
    asked = true;
    lastAsk = question;
    send({ type: 'want', space, ranges }, 'answer');
  };

  /** Once for each author: who cannot or will not show it is not asked again. */
  const askAbout = (suspects: readonly Head[]): void => {
    const ranges = suspects
      .filter((head) => !suspected.has(toHex(head.author)))
      .map(({ author, seq }) => ({ author, from: seq, to: seq }));
    for (const { author } of ranges) suspected.add(toHex(author));
    if (ranges.length > 0) send({ type: 'want', space, ranges }, 'answer');
  };

  const advanced = (stored: readonly Entry[]): void => {
    if (meanwhile !== null) {
      meanwhile.push(...stored);
      return;
    }
    const news = stored.filter((entry) => heldBy(theirs, entry) < entry.header.seq);
    if (news.length === 0 || isDirty) return;
    const message = canPush(news, theirs, pushed)
      ? { type: 'entries' as const, space, entries: news.map((entry) => entry.bytes) }
      : { type: 'have' as const, space, heads: newestPerAuthor(news), whole: false };
    isDirty = !send(message, 'push');
    if (isDirty || message.type === 'have') return;
    for (const { header } of news) pushed.set(toHex(header.author), header.seq);
  };

  /** Takes a batch in without sending back what it brings. */
  const take = async (batch: readonly Uint8Array[]): Promise<Acceptance> => {
    meanwhile = [];
    try {
      const acceptance = await replica.accept(spaceId, batch);
      for (const head of newestPerAuthor(acceptance.stored)) raise(theirs, head);
      return acceptance;
    } finally {
      const stored = meanwhile;
      meanwhile = null;
      advanced(stored);
    }
  };

  return {
    start: async () => {
      for (const { first, second } of (await replica.forks(spaceId)).slice(0, MAX_TOLD_FORKS)) {
        send({ type: 'fork', space, first, second }, 'push');
      }
      await sayHave();
    },
    have: async (heads) => {
      for (const head of heads) {
        const author = toHex(head.author);
        if ((theirs.get(author)?.seq ?? 0) <= head.seq) theirs.set(author, head);
      }
      if (theirs.size > MAX_HEADS) return options.onOffence(TOO_MANY_AUTHORS);
      lastAsk = '';
      options.onProgress();
      await ask();
    },
    want: async (ranges) => {
      const entries = await collect(replica, spaceId, ranges);
      send({ type: 'entries', space, entries }, 'answer');
    },
    entries: async (batch) => {
      asked = false;
      const { stored, gap, offence, trouble, forks, suspects } = await take(batch);
      if (offence !== null) return options.onOffence(offence);
      if (trouble !== null) options.onTrouble(trouble);
      for (const { first, second } of forks) send({ type: 'fork', space, first, second }, 'push');
      const heads = newestPerAuthor(stored);
      if (heads.length > 0) send({ type: 'have', space, heads, whole: false }, 'answer');
      if (gap && stored.length === 0) lastAsk = '';
      options.onProgress();
      askAbout(suspects);
      await ask();
    },
    advanced,
    drained: () => {
      // A store that cannot be read now is tried again when there is room next time.
      if (isDirty) sayHave().catch(() => (isDirty = true));
    },
    heldByOther: (author) => theirs.get(author)?.seq ?? 0,
    isLevel: async () => (await missing()).length === 0,
  };
}

function missingRanges(
  theirs: ReadonlyMap<string, Head>,
  ours: ReadonlyMap<string, Head>,
  forked: ReadonlySet<string>,
): Range[] {
  const ranges: Range[] = [];
  for (const [author, head] of theirs) {
    if (forked.has(author)) continue;
    const own = ours.get(author);
    if ((own?.seq ?? 0) < head.seq) {
      ranges.push({ author: head.author, from: (own?.seq ?? 0) + 1, to: head.seq });
    } else if (own?.seq === head.seq && !equalBytes(own.hash, head.hash)) {
      // Two entries at one place: fetch theirs, so that the fork is proved and not only suspected.
      ranges.push({ author: head.author, from: head.seq, to: head.seq });
    }
  }
  return ranges;
}

async function collect(
  replica: Replica,
  space: string,
  ranges: readonly Range[],
): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = [];
  let bytes = 0;
  for (const { author, from, to } of ranges.slice(0, MAX_RANGES)) {
    const maxEntries = Math.min(BATCH.maxEntries - entries.length, to - from + 1);
    if (maxEntries <= 0 || bytes >= BATCH.maxBytes) break;
    const limits = { maxEntries, maxBytes: BATCH.maxBytes - bytes };
    for (const entry of await replica.read(space, toHex(author), from, limits)) {
      entries.push(entry.bytes);
      bytes += entry.bytes.length;
    }
  }
  return entries;
}

function newestPerAuthor(entries: readonly Entry[]): Head[] {
  const newest = new Map<string, Head>();
  for (const { header, hash } of entries) {
    raise(newest, { author: header.author, seq: header.seq, hash });
  }
  return [...newest.values()];
}

function raise(heads: Map<string, Head>, head: Head): void {
  const author = toHex(head.author);
  if ((heads.get(author)?.seq ?? 0) < head.seq) heads.set(author, head);
}

function heldBy(theirs: ReadonlyMap<string, Head>, entry: Entry): number {
  return theirs.get(toHex(entry.header.author))?.seq ?? 0;
}

/** Pushing helps only if each author's run follows what the other holds or was just sent. */
function canPush(
  news: readonly Entry[],
  theirs: ReadonlyMap<string, Head>,
  pushed: ReadonlyMap<string, number>,
): boolean {
  const size = news.reduce((total, entry) => total + entry.bytes.length, 0);
  if (news.length > MAX_BATCH_ENTRIES || size > TARGET_BATCH_BYTES) return false;
  const next = new Map<string, number>();
  return news.every((entry) => {
    const author = toHex(entry.header.author);
    const level = next.get(author) ?? Math.max(heldBy(theirs, entry), pushed.get(author) ?? 0);
    next.set(author, entry.header.seq);
    return entry.header.seq === level + 1;
  });
}
