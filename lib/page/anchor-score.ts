// How much a passage of the page looks like the one that was annotated: its words, what stands around
// it, and where it is, as one number from 0 to 1. Pure; the thresholds that act on it are in anchor-match.ts.
import search from 'approx-string-match';
import type { TextPositionSelector, TextQuoteSelector } from '../wire/annotator.ts';

/** What is looked for. Without a position every place is as likely. */
export interface Sought {
  readonly quote: TextQuoteSelector;
  readonly position: TextPositionSelector | null;
}

/** A passage `text.slice(start, end)` that differs from the quote by `errors` edits. */
export interface Candidate {
  readonly start: number;
  readonly end: number;
  readonly errors: number;
}

export interface Scored extends Candidate {
  /** 0 to 1, everything weighed. */
  readonly score: number;
  /** 0 to 1, what stands around it alone. */
  readonly context: number;
  readonly contextExact: boolean;
}

const POSITION_WEIGHT = 0.02;
/** Text may have been slipped in between the quote and its context. */
const CONTEXT_SLACK_CHARS = 16;
/** A shorter context proves less. */
const TELLING_CONTEXT_CHARS = 12;

/** A short quote says little by itself, so its context weighs more: from half the score for a word to a tenth. */
export function contextWeightOf(quoteChars: number): number {
  return 0.1 + (0.5 * 16) / (16 + quoteChars);
}

export function scoreCandidate(text: string, sought: Sought, candidate: Candidate): Scored {
  const { exact, prefix, suffix } = sought.quote;
  const contextWeight = contextWeightOf(exact.length);
  const quoteWeight = 1 - contextWeight - POSITION_WEIGHT;
  const contextExact =
    text.startsWith(suffix, candidate.end) && text.endsWith(prefix, candidate.start);
  const context = contextExact && prefix + suffix !== '' ? 1 : contextOf(text, sought, candidate);
  const score =
    quoteWeight * steepen(1 - candidate.errors / exact.length) +
    contextWeight * context +
    POSITION_WEIGHT * nearness(text, sought, candidate);
  return { ...candidate, score: Math.min(1, score), context, contextExact };
}

/** Any two passages of one language share about half of their letters in order: that is worth nothing. */
function steepen(similarity: number): number {
  if (similarity >= 0.8) return similarity;
  return Math.max(0, ((similarity - 0.5) / 0.3) * 0.8);
}

/** The better side counts most: an edit beside a passage spoils one side of its context, seldom both. */
function contextOf(text: string, { quote }: Sought, { start, end }: Candidate): number {
  const { prefix, suffix } = quote;
  if (prefix === '' && suffix === '') return 0.5;
  const before = text.slice(Math.max(0, start - prefix.length - CONTEXT_SLACK_CHARS), start);
  const after = text.slice(end, end + suffix.length + CONTEXT_SLACK_CHARS);
  const sides = [strength(prefix, before), strength(suffix, after)];
  if (prefix === '' || suffix === '') return Math.max(...sides);
  return 0.8 * Math.max(...sides) + 0.2 * Math.min(...sides);
}

function strength(expected: string, found: string): number {
  if (expected === '') return 0;
  const telling = Math.min(1, expected.length / TELLING_CONTEXT_CHARS);
  if (found.includes(expected)) return telling;
  const allowed = Math.floor(expected.length / 2);
  const errors = search(found, expected, allowed)[0]?.errors;
  return errors === undefined ? 0 : telling * steepen(1 - errors / expected.length);
}

function nearness(text: string, { position }: Sought, { start }: Candidate): number {
  if (position === null) return 0.5;
  return 1 - Math.min(1, Math.abs(start - position.start) / Math.max(1, text.length));
}
