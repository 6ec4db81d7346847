// Where in a page's text an annotated passage may be now: its exact words, or words close to them.
// Work is bounded and comes in steps of a few milliseconds: a generator yields after each.
import search from 'approx-string-match';
import type { Candidate, Sought } from './anchor-score.ts';

/** How many exact occurrences are weighed, the nearest to the old position first. */
const MAX_EXACT = 60;
/** Fuzzy search looks at this much of a longer text, around the old position. */
const MAX_FUZZY_CHARS = 2_000_000;
const FUZZY_STEP_CHARS = 50_000;
/** Passages that differ in more than this part of their letters are not the same passage. */
const MAX_ERROR_PART = 0.35;
/** A few letters are found nearly everywhere with one slip. */
const MIN_FUZZY_CHARS = 6;

/** Occurrences of the exact words: those with a neighbour that fits first, then the nearest. */
export function exactCandidates(text: string, { quote, position }: Sought): Candidate[] {
  const { exact, prefix, suffix } = quote;
  const near = position?.start ?? 0;
  const starts = new Set<number>();
  if (position !== null && text.startsWith(exact, near)) starts.add(near);
  const find = (needle: string, offset: number): void => {
    for (const at of nearest(text, needle, near - offset, MAX_EXACT / 3)) starts.add(at + offset);
  };
  if (prefix !== '') find(prefix + exact, prefix.length);
  if (suffix !== '') find(exact + suffix, 0);
  find(exact, 0);
  return [...starts].map((start) => ({ start, end: start + exact.length, errors: 0 }));
}

/** At most `limit` places of `needle`, half of them before `near` where there are as many. */
function nearest(text: string, needle: string, near: number, limit: number): number[] {
  const found: number[] = [];
  let after = text.indexOf(needle, Math.max(0, near));
  for (let i = 0; after !== -1 && i < limit / 2; i++) {
    found.push(after);
    after = text.indexOf(needle, after + 1);
  }
  let before = near > 0 ? text.lastIndexOf(needle, near - 1) : -1;
  while (before !== -1 && found.length < limit) {
    found.push(before);
    before = before === 0 ? -1 : text.lastIndexOf(needle, before - 1);
  }
  return found;
}

/** Passages within edit distance of the quote, the best of each stretch of text and its best rival there. */
export function* fuzzyCandidates(text: string, sought: Sought): Generator<void, Candidate[]> {
  const { exact } = sought.quote;
  const found: Candidate[] = [];
  if (exact.length < MIN_FUZZY_CHARS) return found;
  const allowed = Math.floor(exact.length * MAX_ERROR_PART);
  const [from, to] = fuzzyWindow(text, sought);
  const overlap = exact.length + allowed;
  for (let start = from; start < to; start += FUZZY_STEP_CHARS) {
    const stretch = text.slice(start, Math.min(to, start + FUZZY_STEP_CHARS + overlap));
    for (const match of bestAndRival(stretch, exact, allowed)) {
      found.push({ ...match, start: match.start + start, end: match.end + start });
    }
    yield;
  }
  return found;
}

function fuzzyWindow(text: string, { position }: Sought): readonly [number, number] {
  const centre = Math.min(position?.start ?? 0, text.length);
  const from = Math.max(0, Math.min(centre - MAX_FUZZY_CHARS / 2, text.length - MAX_FUZZY_CHARS));
  return [from, Math.min(text.length, from + MAX_FUZZY_CHARS)];
}

/** The library returns only the closest passages, so the text on both sides of one is searched again. */
function bestAndRival(stretch: string, exact: string, allowed: number): Candidate[] {
  const matches = search(stretch, exact, allowed);
  const best = matches[0];
  if (best === undefined) return [];
  const apart = matches.find((match) => match.start >= best.end);
  const before = search(stretch.slice(0, best.start), exact, allowed)[0];
  const after = search(stretch.slice(best.end), exact, allowed)[0];
  return [
    best,
    ...(apart === undefined ? [] : [apart]),
    ...(before === undefined ? [] : [before]),
    ...(after === undefined
      ? []
      : [{ ...after, start: after.start + best.end, end: after.end + best.end }]),
  ];
}
