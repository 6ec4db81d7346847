// Text from a stranger made fit for one line that a person reads: a name, a title, a summary.

/** Control characters, line breaks, and marks that reorder or hide text around them. */
const DISTURBING = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** One line of at most `maxChars` UTF-16 units, never ending in half a character. */
export function printable(text: string, maxChars: number): string {
  const line = text
    .slice(0, maxChars * 8)
    .replace(DISTURBING, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  if (line.length <= maxChars) return line;
  return line.slice(0, maxChars - 1).replace(/[\uD800-\uDBFF]$/u, '') + '…';
}
