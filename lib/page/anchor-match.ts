// Finds an annotated passage in a page's text and says how sure that is. A passage that is gone must
// not be found somewhere else, so there are three states, and doubt shows.
import { exactCandidates, fuzzyCandidates } from './anchor-candidates.ts';
import type { Scored, Sought } from './anchor-score.ts';
import { contextWeightOf, scoreCandidate } from './anchor-score.ts';

export type Match =
  | {
      readonly state: 'anchored' | 'uncertain';
      readonly score: number;
      readonly start: number;
      readonly end: number;
    }
  | { readonly state: 'orphan'; readonly score: number };

const ANCHORED_SCORE = 0.85;
const UNCERTAIN_SCORE = 0.5;
/** The best passage must be ahead of the next one by this much. */
const MARGIN = 0.1;
/** An only occurrence of this many letters is proof without any context. */
const PROOF_CHARS = 64;
/** A shorter inexact passage needs a context that agrees. */
const MIN_BARE_CHARS = 32;
const AGREEING_CONTEXT = 0.6;

/**
 * Matches a target against text whose runs of white space are one space (`buildPageText`). Yields between
 * steps of a few milliseconds so that the caller can let the page run; `drain` runs it in one go.
 */
export function* matchTarget(text: string, sought: Sought): Generator<void, Match> {
  const exact = exactCandidates(text, sought).map((one) => scoreCandidate(text, sought, one));
  const inPlace = exact.find((one) => one.start === sought.position?.start && one.contextExact);
  if (inPlace !== undefined) return matched('anchored', { ...inPlace, score: 1 });
  const known = exact.length === 1 ? exact.map((only) => credit(only)) : exact;
  const sure = decide(known);
  if (sure.state === 'anchored' || known.some((one) => one.score >= ANCHORED_SCORE)) return sure;
  const close = yield* fuzzyCandidates(text, sought);
  const inexact = close.filter((one) => one.errors > 0);
  return decide([
    ...known,
    ...inexact.map((one) => scoreCandidate(text, sought, one)).filter((one) => isBacked(one)),
  ]);
}

/** Runs a stepped computation to its end without a pause. */
export function drain<T>(steps: Generator<void, T>): T {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** The only place where the exact words occur is the more telling the more words they are. */
function credit(only: Scored): Scored {
  const length = only.end - only.start;
  const context = Math.max(only.context, Math.min(1, length / PROOF_CHARS));
  const gain = contextWeightOf(length) * (context - only.context);
  return { ...only, context, score: Math.min(1, only.score + gain) };
}

function isBacked(one: Scored): boolean {
  return one.end - one.start >= MIN_BARE_CHARS || one.context >= AGREEING_CONTEXT;
}

function decide(candidates: readonly Scored[]): Match {
  const ranked = candidates.toSorted((a, b) => b.score - a.score);
  const best = ranked[0];
  if (best === undefined || best.score < UNCERTAIN_SCORE) {
    return { state: 'orphan', score: best?.score ?? 0 };
  }
  const rival = ranked.find((one) => isElsewhere(one, best));
  const clear = best.score >= ANCHORED_SCORE && (rival === undefined || isAhead(best, rival));
  return matched(clear ? 'anchored' : 'uncertain', best);
}

/** Inexact matches of one passage overlap; the exact words at another offset are another passage. */
function isElsewhere(one: Scored, best: Scored): boolean {
  if (one.errors === 0 && best.errors === 0) return one.start !== best.start;
  return one.start >= best.end || one.end <= best.start;
}

/** Of two passages with the same words, what stands around them decides, however long they are. */
function isAhead(best: Scored, rival: Scored): boolean {
  const byContext = best.errors <= rival.errors ? (best.context - rival.context) * 0.3 : 0;
  return Math.max(best.score - rival.score, byContext) >= MARGIN;
}

function matched(state: 'anchored' | 'uncertain', { score, start, end }: Scored): Match {
  return { state, score, start, end };
}
