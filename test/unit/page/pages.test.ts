import { array, assert, constantFrom, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import { endOfPart } from '../../../lib/page/read/pages.ts';
import { estimateTokens } from '../../../lib/page/tokens.ts';

it('deals a text out whole, in parts that fit', () => {
  const words = array(string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 200 });
  assert(
    property(words, constantFrom(' ', '\n', '\n\n'), (parts, gap) => {
      const text = parts.join(gap).toWellFormed();
      let made = '';
      for (let from = 0; from < text.length;) {
        const end = endOfPart(text, from, 20);
        expect(end).toBeGreaterThan(from);
        const part = text.slice(from, end);
        expect(part.isWellFormed()).toBe(true);
        expect(estimateTokens(part)).toBeLessThanOrEqual(20);
        made += part;
        from = end;
      }
      expect(made).toBe(text);
    }),
  );
});
