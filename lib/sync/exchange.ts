// Anti-entropy for one space over one channel: have -> want -> entries, bounded batches, and live push when the other is level.
import type { Entry } from '../log/seal.ts';
import { equalBytes, toHex } from '../wire/bytes.ts';
import type { Failure } from '../wire/failure.ts';
import {
  MAX_BATCH_ENTRIES,
  TARGET_BATCH_BYTES,
  type Head,
  type Range,
  type SyncMessage,
} from '../wire/sync-message.ts';
import type { Replica } from '../log/replica.ts';

export interface ExchangeOptions {
  /** 32 bytes. */
  readonly space: Uint8Array;
  readonly replica: Replica;
  /** Queues a message; returns false when the queue is too full for anything but answers. */
  readonly send: (message: SyncMessage, urgency: 'answer' | 'push') => boolean;
  /** The other sent something an honest replica would not have. */
  readonly onOffence: (failure: Failure) => void;
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

export function createExchange(options: ExchangeOptions): Exchange {
  const { space, replica, send } = options;
  const spaceId = toHex(space);
  /** What the other has said it holds. */
  const theirs = new Map<string, Head>();
  /** What we have pushed beyond that, hoping it arrives. */
  const pushed = new Map<string, number>();
  let asked = false;
  let lastAsk = '';
  let isDirty = false;

  const sayHave = async (): Promise<void> => {
    const heads = [...(await replica.heads(spaceId)).values()];
    isDirty = !send({ type: 'have', space, heads, whole: true }, 'push');
  };

  const ask = async (): Promise<void> => {
    if (asked) return;
    const ranges = missingRanges(theirs, await replica.heads(spaceId)).slice(0, MAX_RANGES);
    const question = ranges.map((r) => `${toHex(r.author)}:${r.from}`).join();
    // The same question twice in a row means that the other cannot answer it: wait for news instead of asking forever.
    if (ranges.length === 0 || question === lastAsk) return;
    asked = true;
    lastAsk = question;
    send({ type: 'want', space, ranges }, 'answer');
  };

  return {
    start: sayHave,
    have: async (heads) => {
      for (const head of heads) {
        const author = toHex(head.author);
        if ((theirs.get(author)?.seq ?? 0) <= head.seq) theirs.set(author, head);
      }
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
      const { stored, gap, offence } = await replica.accept(spaceId, batch);
      if (offence !== null) options.onOffence(offence);
      const heads = newestPerAuthor(stored);
      for (const head of heads) raise(theirs, head);
      if (heads.length > 0) send({ type: 'have', space, heads, whole: false }, 'answer');
      if (gap && stored.length === 0) lastAsk = '';
      options.onProgress();
      await ask();
    },
    advanced: (stored) => {
      const news = stored.filter((entry) => heldBy(theirs, entry) < entry.header.seq);
      if (news.length === 0 || isDirty) return;
      const message = canPush(news, theirs, pushed)
        ? { type: 'entries' as const, space, entries: news.map((entry) => entry.bytes) }
        : { type: 'have' as const, space, heads: newestPerAuthor(news), whole: false };
      isDirty = !send(message, 'push');
      if (isDirty || message.type === 'have') return;
      for (const { header } of news) pushed.set(toHex(header.author), header.seq);
    },
    drained: () => {
      if (isDirty) void sayHave();
    },
    heldByOther: (author) => theirs.get(author)?.seq ?? 0,
    isLevel: async () => missingRanges(theirs, await replica.heads(spaceId)).length === 0,
  };
}

function missingRanges(
  theirs: ReadonlyMap<string, Head>,
  ours: ReadonlyMap<string, Head>,
): Range[] {
  const ranges: Range[] = [];
  for (const [author, head] of theirs) {
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
