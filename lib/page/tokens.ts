// What an answer costs a model, estimated from its characters. Prose comes to about 3.5 characters a
// token; refs, brackets and digits cost more each, and letters outside ASCII about one token apiece.
// Measured against o200k on snapshots and prose it errs high, so a budget is kept.

const ASCII_LETTER_COST = 1 / 4;
const DIGIT_COST = 1 / 2;
const SPACE_COST = 1 / 8;
const MARK_COST = 0.55;
const OTHER_COST = 1;

function costOf(code: number): number {
  if (code === 32) return SPACE_COST;
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) return ASCII_LETTER_COST;
  if (code >= 48 && code <= 57) return DIGIT_COST;
  return code < 128 ? MARK_COST : OTHER_COST;
}

export function estimateTokens(text: string): number {
  let cost = 0;
  for (let i = 0; i < text.length; i++) cost += costOf(text.charCodeAt(i));
  return Math.ceil(cost);
}
