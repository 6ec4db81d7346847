// A page's words made safe to stand in a line of ours: one JSON string token, on one line, in which
// nothing reorders, hides or imitates. Whatever stands outside quotes in an answer, the page cannot write.

/** Control, format (bidi, zero-width, tags, soft hyphen), private and unpaired characters, separators. */
const TREACHEROUS =
  // oxlint-disable-next-line no-misleading-character-class -- single characters are meant, nothing joined
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u034F\u180B-\u180F\uFE00-\uFE0D]/gu;
const VARIATION_SUPPLEMENT = /[\u{E0100}-\u{E01EF}]/gu;

function escaped(char: string): string {
  let text = '';
  for (let i = 0; i < char.length; i++) {
    text += `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`;
  }
  return text;
}

/** Runs of white space as one space, none at the ends. Characters that only disturb stay, to be escaped. */
export function collapse(text: string): string {
  return text.replace(/[\s\u00A0]+/gu, ' ').trim();
}

/** At most `maxChars` UTF-16 units, never half a character; a cut ends in "…". */
export function clip(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return text.slice(0, maxChars - 1).replace(/[\uD800-\uDBFF]$/u, '') + '…';
}

/** One JSON string token of collapsed text. `JSON.parse` of it gives the collapsed text back. */
export function quote(text: string): string {
  return JSON.stringify(collapse(text))
    .replace(TREACHEROUS, escaped)
    .replace(VARIATION_SUPPLEMENT, escaped);
}

/** Text for a Markdown answer: line breaks and tabs stay, everything else treacherous is dropped. */
export function withoutTreachery(text: string): string {
  return text
    .replace(TREACHEROUS, (char) => (char === '\n' || char === '\t' ? char : ''))
    .replace(VARIATION_SUPPLEMENT, '');
}
