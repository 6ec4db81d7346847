// How alike two short texts are, 0 to 1, for finding by name and for naming what a stale ref may have meant.

const SPACES = /[\s\u00A0\u200B-\u200D\uFEFF]+/gu;

/** Lower case, no accents, single spaces: what is compared. */
export function normalize(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(SPACES, ' ')
    .trim()
    .toLowerCase();
}

/** Both normalized. 1 is the same; 0.9 begins with it; 0.8 holds it as words; below 0.35 is not a match. */
export function similarity(query: string, text: string): number {
  if (query === '' || text === '') return 0;
  if (query === text) return 1;
  const shorter = 0.05 * Math.min(1, query.length / text.length);
  if (text.startsWith(query)) return 0.9 + shorter;
  const at = text.indexOf(query);
  if (at >= 0) return (isWordEdge(text, at) ? 0.8 : 0.65) + shorter;
  return wordsShared(query, text);
}

function isWordEdge(text: string, at: number): boolean {
  return !/[\p{L}\p{N}]/u.test(text[at - 1] ?? ' ');
}

const MAX_WORDS = 12;

/** The share of the query's words that the text has, spelling slips forgiven, scaled below a true hit. */
function wordsShared(query: string, text: string): number {
  const wanted = wordsOf(query).slice(0, MAX_WORDS);
  const given = wordsOf(text).slice(0, 60);
  if (wanted.length === 0 || given.length === 0) return 0;
  let found = 0;
  for (const word of wanted) found += bestWord(word, given);
  return (0.6 * found) / wanted.length;
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

function bestWord(word: string, given: readonly string[]): number {
  let best = 0;
  for (const other of given) {
    if (other === word) return 1;
    if (word.length >= 3 && other.startsWith(word)) best = Math.max(best, 0.85);
    else if (isSlipOf(word, other)) best = Math.max(best, 0.75);
  }
  return best;
}

/** One edit apart (two in long words), by Levenshtein within a band. */
function isSlipOf(a: string, b: string): boolean {
  const allowed = a.length >= 8 ? 2 : a.length >= 4 ? 1 : 0;
  if (allowed === 0 || Math.abs(a.length - b.length) > allowed || a.length > 40) return false;
  return editDistance(a, b) <= allowed;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitute, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
