// Keeps signalling messages for a few seconds, for a peer that is just connecting. Bounded in number, size and time.
import type { Letter } from './signal-message.ts';

export interface Letterbox {
  /** False when there is no room. */
  keep(from: string, letter: Letter): boolean;
  /** What waits for a peer, in the order it came; it does not wait any more. */
  collect(to: string): { readonly from: string; readonly letter: Letter }[];
  stop(): void;
}

interface Waiting {
  readonly from: string;
  readonly letter: Letter;
  readonly timer: ReturnType<typeof setTimeout>;
}

const MAX_PER_PEER = 32;
const MAX_PER_SENDER = 64;
const MAX_LETTERS = 2000;

/** `onExpired` hears of each letter that nobody collected. */
export function createLetterbox(
  onExpired: (from: string, to: string) => void,
  keepMs: number,
): Letterbox {
  const boxes = new Map<string, Waiting[]>();
  const bySender = new Map<string, number>();
  let letters = 0;

  function forgotten({ from, timer }: Waiting): void {
    clearTimeout(timer);
    letters -= 1;
    const left = (bySender.get(from) ?? 1) - 1;
    if (left > 0) bySender.set(from, left);
    else bySender.delete(from);
  }

  function expire(to: string, letter: Letter): void {
    const box = boxes.get(to) ?? [];
    const at = box.findIndex((waiting) => waiting.letter === letter);
    for (const waiting of at < 0 ? [] : box.splice(at, 1)) {
      forgotten(waiting);
      onExpired(waiting.from, to);
    }
    if (box.length === 0) boxes.delete(to);
  }

  return {
    keep(from, letter) {
      const box = boxes.get(letter.dst) ?? [];
      const sent = bySender.get(from) ?? 0;
      if (box.length >= MAX_PER_PEER || sent >= MAX_PER_SENDER || letters >= MAX_LETTERS) {
        return false;
      }
      const timer = setTimeout(() => expire(letter.dst, letter), keepMs);
      box.push({ from, letter, timer });
      boxes.set(letter.dst, box);
      bySender.set(from, sent + 1);
      letters += 1;
      return true;
    },
    collect(to) {
      const box = boxes.get(to) ?? [];
      boxes.delete(to);
      for (const waiting of box) forgotten(waiting);
      return box.map(({ from, letter }) => ({ from, letter }));
    },
    stop() {
      for (const waiting of [...boxes.values()].flat()) forgotten(waiting);
      boxes.clear();
    },
  };
}
