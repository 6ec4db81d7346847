// Which parts of the page change of their own accord (clocks, tickers, spinners), learnt between requests,
// so that a click beside a ticking clock is not said to have done something.
import { isElement } from './dom/kinds.ts';
import { childNodesOf, localNameOf, parentNodeOf } from './dom/native.ts';

export interface Noise {
  /** Starts or goes on listening for a while. */
  listen(): void;
  /** While something is being done to the page, what changes may be its effect. */
  ignoreWhile<Value>(work: () => Promise<Value>): Promise<Value>;
  /** Whether the node, or a small one around it, has been changing again and again by itself until now. */
  has(node: Node): boolean;
}

const EVERYTHING = { subtree: true, childList: true, attributes: true, characterData: true };
const LISTEN_MS = 20_000;
/** Two changes closer than this are one. */
const APART_MS = 80;
const MAX_RECORDS = 60;
const LEVELS_UP = 2;
const LEAST_BEATS = 3;
const STILL_BEATING_MS = 4_000;
/** What beats by itself is small; a list that reloads twice is not noise. */
const MAX_CHILDREN = 6;

export function createNoise(top: Document): Noise {
  const beats = new WeakMap<Node, Beat>();
  let until = 0;
  let working = 0;

  const observer = new MutationObserver((records) => {
    const now = performance.now();
    if (now > until) observer.disconnect();
    if (working > 0) return;
    for (const { target } of records.slice(0, MAX_RECORDS)) countBeat(beats, target, now);
  });

  return {
    has: (node) => isNoisy(beats, node),
    listen: () => {
      const idle = performance.now() > until;
      until = performance.now() + LISTEN_MS;
      if (idle) observer.observe(top, EVERYTHING);
    },
    ignoreWhile: async (work) => {
      working++;
      try {
        return await work();
      } finally {
        observer.takeRecords();
        working--;
      }
    },
  };
}

interface Beat {
  count: number;
  lastAt: number;
}

function isBeating({ count, lastAt }: Beat): boolean {
  return count >= LEAST_BEATS && performance.now() - lastAt < STILL_BEATING_MS;
}

function isSmall(node: Node): boolean {
  if (!isElement(node)) return true;
  if (/^(html|body|main|head)$/u.test(localNameOf(node))) return false;
  return childNodesOf(node).length <= MAX_CHILDREN;
}

function countBeat(beats: WeakMap<Node, Beat>, node: Node, now: number): void {
  const known = beats.get(node);
  if (known === undefined) beats.set(node, { count: 1, lastAt: now });
  else if (now - known.lastAt > APART_MS) {
    known.count++;
    known.lastAt = now;
  }
}

function isNoisy(beats: WeakMap<Node, Beat>, node: Node): boolean {
  let at: Node | null = node;
  for (let level = 0; at !== null && level <= LEVELS_UP; level++) {
    const beat = beats.get(at);
    if (beat !== undefined && isBeating(beat) && isSmall(at)) return true;
    at = parentNodeOf(at);
  }
  return false;
}
