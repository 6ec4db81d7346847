// What an answer costs a model, estimated without its tokenizer. Prose comes to about 3.5 to 4.5 characters a
// token; a snapshot's refs, brackets and numbers cost about twice that. So it is counted by runs: words, up to
// three digits, marks, and letters of other scripts one by one. Against o200k it errs high, so a budget is kept.

/** A word of this many letters or fewer is one token as a rule; longer ones break up. */
const WORD_CHARS = 6;
const LONG_WORD_SHARE = 1 / 5;
const DIGITS = 3;
/** Marks between digits merge with nothing. */
const DIGIT_EDGE_COST = 0.15;
const MARK_COST = 0.9;
/** A backslash parts what follows it from the rest. */
const ESCAPE_COST = 1.25;
const RUNS = /[A-Za-z]+|\d+| +(?=\d)| {2,}|[\t\n\r]+|[^\sA-Za-z\d]/gu;

function costOf(run: string): number {
  const code = run.charCodeAt(0);
  if (code === 32 || code < 32) return 1;
  if (code > 126) return run.length;
  if (code >= 48 && code <= 57) return Math.ceil(run.length / DIGITS) + DIGIT_EDGE_COST;
  const isWord = (code | 32) >= 97 && (code | 32) <= 122;
  if (!isWord) return run === '\\' ? ESCAPE_COST : MARK_COST;
  return run.length <= WORD_CHARS ? 1 : run.length * LONG_WORD_SHARE;
}

export function estimateTokens(text: string): number {
  let cost = 0;
  for (const [run] of text.matchAll(RUNS)) cost += costOf(run);
  return Math.ceil(cost);
}
