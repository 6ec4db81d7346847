// A long reading dealt out in parts that end between paragraphs where they can.
import type { PageReplyOf } from '../../wire/page.ts';
import { estimateTokens } from '../tokens.ts';

/** A reading and how far it has been given. The text is kept, so that parts fit together if the page changes. */
export interface ReadPlace {
  readonly facts: Omit<PageReplyOf<'read'>, 'markdown' | 'tokens' | 'nextCursor'>;
  readonly markdown: string;
  readonly from: number;
}

/** Where the part that begins at `from` and fits the budget ends. */
export function endOfPart(text: string, from: number, maxTokens: number): number {
  if (estimateTokens(text.slice(from)) <= maxTokens) return text.length;
  const room = roomFor(text, from, maxTokens);
  const limit = from + room;
  for (const gap of ['\n\n', '\n', ' ']) {
    const at = text.lastIndexOf(gap, limit - gap.length);
    if (at > from + room / 2) return at + gap.length;
  }
  // Never half of a surrogate pair.
  return /[\uD800-\uDBFF]/u.test(text[limit - 1] ?? '') ? limit - 1 : limit;
}

/** The most characters from here that cost no more than the budget, by halving. */
function roomFor(text: string, from: number, maxTokens: number): number {
  let low = 1;
  let high = Math.min(text.length - from, maxTokens * 8);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (estimateTokens(text.slice(from, from + middle)) <= maxTokens) low = middle;
    else high = middle - 1;
  }
  return Math.max(2, low);
}
