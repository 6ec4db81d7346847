// Makes an annotation's target: from a DOM range that a person selected, or from words that an agent quotes.
import type { AnnotationTarget } from '../wire/annotator.ts';
import { MAX_QUOTE_CHARS } from '../wire/annotator.ts';
import type { Result } from '../wire/failure.ts';
import { fail, ok } from '../wire/failure.ts';
import { exactCandidates } from './anchor-candidates.ts';
import { matchTarget } from './anchor-match.ts';
import { offsetsOf } from './anchor-range.ts';
import type { PageText } from './anchor-text.ts';
import { collapse } from './anchor-text.ts';

const CONTEXT_CHARS = 32;
/** An agent may slip a letter in what it quotes, not more. */
const MIN_QUOTED_SCORE = 0.8;
const MAX_NEAREST_CHARS = 200;

/** The target of a selection, or null if it holds no text. A longer one is cut to its first 1,000 characters. */
export function describeRange(page: PageText, range: Range): AnnotationTarget | null {
  const offsets = offsetsOf(page, range);
  return offsets === null ? null : targetAt(page.text, offsets.start, offsets.end);
}

/** The target of `text.slice(start, end)`, with 32 characters of context on each side. */
export function targetAt(text: string, start: number, end: number): AnnotationTarget {
  const exact = wholeCharacters(text.slice(start, Math.min(end, start + MAX_QUOTE_CHARS)));
  const to = start + exact.length;
  return {
    quote: {
      type: 'TextQuoteSelector',
      exact,
      prefix: wholeCharacters(text.slice(Math.max(0, start - CONTEXT_CHARS), start)),
      suffix: wholeCharacters(text.slice(to, to + CONTEXT_CHARS)),
    },
    position: { type: 'TextPositionSelector', start, end: to },
  };
}

export interface Quoted {
  readonly quote: string;
  readonly prefix?: string | undefined;
  readonly suffix?: string | undefined;
}

/**
 * The target of words that somebody quotes from this page. Failures: `not_found` (names the closest text),
 * `conflict` (the words occur more than once and nothing tells the places apart).
 */
export function* describeQuote(
  text: string,
  quoted: Quoted,
): Generator<void, Result<AnnotationTarget>> {
  const exact = collapse(quoted.quote).trim();
  if (exact === '') return notFound('');
  const prefix = collapse(quoted.prefix ?? '');
  const suffix = collapse(quoted.suffix ?? '');
  const quote = { type: 'TextQuoteSelector', exact, prefix, suffix } as const;
  const sought = { quote, position: null };
  const places = exactCandidates(text, sought);
  const only = places[0];
  if (only !== undefined && places.length === 1) return ok(targetAt(text, only.start, only.end));
  const match = yield* matchTarget(text, sought);
  if (match.state === 'anchored') return ok(targetAt(text, match.start, match.end));
  if (places.length > 1) return ambiguous(places.length);
  if (match.state === 'orphan') return notFound('');
  if (match.score < MIN_QUOTED_SCORE) return notFound(text.slice(match.start, match.end));
  return ok(targetAt(text, match.start, match.end));
}

function notFound(nearest: string): Result<never> {
  const hint =
    nearest === '' ? '' : ` The closest text there is: “${nearest.slice(0, MAX_NEAREST_CHARS)}”.`;
  return fail(
    'not_found',
    `The quoted text is not on this page.${hint}`,
    'Quote the words exactly as the page has them, in one piece of at most 1,000 characters.',
  );
}

function ambiguous(places: number): Result<never> {
  return fail(
    'conflict',
    `The quoted text occurs at least ${places} times on this page.`,
    'Quote more of the passage, or give the text right before or after it as prefix or suffix.',
  );
}

/** Leaves out half of a surrogate pair at either end. */
function wholeCharacters(text: string): string {
  return text.replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');
}
