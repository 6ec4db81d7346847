// Between offsets in a page's text (anchor-text.ts) and DOM ranges.
import type { PageText, Segment } from './anchor-text.ts';
import { collapse } from './anchor-text.ts';

/** A long text node is scanned once and remembers where every so many characters are. */
const MARK_EVERY_CHARS = 4_096;
const marksOfSegment = new WeakMap<Segment, readonly number[]>();

/** The DOM range of `text.slice(start, end)`, or null where the page changed since its text was read. */
export function rangeOf(page: PageText, start: number, end: number): Range | null {
  const first = page.segments[indexAt(page, start)];
  const last = page.segments[indexAt(page, end - 1)];
  if (first === undefined || last === undefined || end <= start) return null;
  const from = rawOffset(first, Math.max(0, start - first.start));
  // A space that only the edge of a block stands for belongs to no node: stop at the text before it.
  const to = end <= last.start ? 0 : rawOffset(last, end - 1 - last.start) + 1;
  if (!first.node.isConnected || from > first.node.length) return null;
  if (!last.node.isConnected || to > last.node.length) return null;
  const range = document.createRange();
  range.setStart(first.node, from);
  range.setEnd(last.node, to);
  return range.collapsed ? null : range;
}

/** The offsets of a DOM range in the page's text, white space at its ends left out; null if it holds no text. */
export function offsetsOf(page: PageText, range: Range): { start: number; end: number } | null {
  let start = offsetAt(page, range.startContainer, range.startOffset);
  let end = offsetAt(page, range.endContainer, range.endOffset);
  while (start < end && page.text[start] === ' ') start++;
  while (end > start && page.text[end - 1] === ' ') end--;
  return start < end ? { start, end } : null;
}

/** Index of the segment that holds the character at `offset`, or of the next one after it. */
function indexAt({ segments }: PageText, offset: number): number {
  return lowerBound(segments.length, (index) => (segments[index]?.end ?? 0) > offset);
}

function offsetAt(page: PageText, node: Node, offset: number): number {
  const point = document.createRange();
  point.setStart(node, offset);
  const { segments } = page;
  const after = lowerBound(segments.length, (index) => {
    const segment = segments[index];
    return segment !== undefined && comparePoint(point, segment.node) >= 0;
  });
  const within = segments[after - 1];
  if (within?.node === node) return within.start + collapsedLength(within, offset);
  const following = segments[after];
  if (following?.node === node) return following.start + collapsedLength(following, offset);
  return following?.start ?? page.text.length;
}

function comparePoint(point: Range, node: Node): number {
  // A node that left the document since cannot be compared; it counts as before the point.
  return node.isConnected ? point.comparePoint(node, 0) : -1;
}

function collapsedLength({ node, afterSpace }: Segment, offset: number): number {
  const before = collapse(node.data.slice(0, offset));
  return before.length - (afterSpace && before.startsWith(' ') ? 1 : 0);
}

/** Offset in the node's data of the `nth` character that its segment kept. */
function rawOffset(segment: Segment, nth: number): number {
  const marks = marksOf(segment);
  const mark = Math.floor(nth / MARK_EVERY_CHARS);
  const from = marks[mark];
  if (from === undefined) return scan(segment, 0, segment.afterSpace, nth);
  return scan(segment, from, mark === 0 && segment.afterSpace, nth - mark * MARK_EVERY_CHARS);
}

function marksOf(segment: Segment): readonly number[] {
  const known = marksOfSegment.get(segment);
  if (known !== undefined) return known;
  const marks = [0];
  const count = Math.floor((segment.end - segment.start - 1) / MARK_EVERY_CHARS);
  for (let mark = 1; mark <= count; mark++) {
    const spaced = mark === 1 && segment.afterSpace;
    marks.push(scan(segment, marks[mark - 1] ?? 0, spaced, MARK_EVERY_CHARS));
  }
  marksOfSegment.set(segment, marks);
  return marks;
}

/** Where the `nth` kept character is, counted from `from`; the end of the data if there are fewer. */
function scan({ node }: Segment, from: number, spacedBefore: boolean, nth: number): number {
  const { data } = node;
  let spaced = spacedBefore;
  let kept = 0;
  for (let at = from; at < data.length; at++) {
    const space = isSpace(data.charCodeAt(at));
    if (space && spaced) continue;
    if (kept++ === nth) return at;
    spaced = space;
  }
  return data.length;
}

/** The same characters as `\s` in a regular expression, faster. */
function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 9 && code <= 13);
  return code >= 0xa0 && /\s/.test(String.fromCharCode(code));
}

/** The first index below `length` at which `test` holds; `test` must stay true from there on. */
function lowerBound(length: number, test: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
