// Virtual time: events run one after another in order of time, each with all that follows from it at once (microtasks)
// before the next. Nothing waits for real time.

export interface Clock {
  /** Milliseconds since 1970, as an honest clock would show. */
  now(): number;
  /** Runs something later; gives what calls it off. */
  after(delayMs: number, run: () => void): () => void;
  /** Runs what is due until the time is reached, nothing is left or `isOver` says so. */
  runUntil(timeMs: number): Promise<void>;
  /** Events that have run so far. */
  ran(): number;
  isIdle(): boolean;
}

export interface ClockOptions {
  readonly startMs: number;
  /** Asked before each event: whether to stop here. */
  readonly isOver: () => boolean;
  /** Settles when everything that the last event set off has happened. */
  readonly settled: () => Promise<void>;
}

interface Due {
  readonly at: number;
  readonly order: number;
  run: (() => void) | null;
}

export function createClock({ startMs, isOver, settled }: ClockOptions): Clock {
  const queue = createQueue();
  let nowMs = startMs;
  let order = 0;
  let ran = 0;
  return {
    now: () => nowMs,
    after: (delayMs, run) => {
      const due: Due = { at: nowMs + Math.max(0, delayMs), order: (order += 1), run };
      queue.push(due);
      return () => (due.run = null);
    },
    runUntil: async (timeMs) => {
      await settled();
      for (let due = queue.first(); due !== undefined; due = queue.first()) {
        if (isOver()) return;
        if (due.at > timeMs) break;
        queue.shift();
        if (due.run === null) continue;
        nowMs = due.at;
        ran += 1;
        due.run();
        await settled();
      }
      nowMs = Math.max(nowMs, timeMs);
    },
    ran: () => ran,
    isIdle: () => queue.isEmpty(),
  };
}

/** A binary heap by time, then by order of asking. */
function createQueue() {
  const heap: Due[] = [];
  const isBefore = (a: Due | undefined, b: Due | undefined): boolean =>
    a !== undefined && b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order));
  const swap = (i: number, j: number): void => {
    const [a, b] = [heap[i], heap[j]];
    if (a === undefined || b === undefined) return;
    heap[i] = b;
    heap[j] = a;
  };
  return {
    first: () => heap[0],
    isEmpty: () => heap.every(({ run }) => run === null),
    push: (due: Due) => {
      let at = heap.push(due) - 1;
      for (let up = (at - 1) >> 1; at > 0 && isBefore(heap[at], heap[up]); up = (at - 1) >> 1) {
        swap(at, up);
        at = up;
      }
    },
    shift: () => {
      swap(0, heap.length - 1);
      heap.pop();
      for (let at = 0; ;) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        const child = isBefore(heap[right], heap[left]) ? right : left;
        if (!isBefore(heap[child], heap[at])) return;
        swap(at, child);
        at = child;
      }
    },
  };
}
