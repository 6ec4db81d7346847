import { assert, nat, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, collapse, quote, withoutTreachery } from '../../../lib/page/quote.ts';

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\uFE00-\uFE0D\u3164]/u;

describe('a quoted page string', () => {
  it('is one JSON token on one line that gives the collapsed text back', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 200 }), (text) => {
        const token = quote(text);
        expect(token).not.toMatch(INVISIBLE);
        expect(JSON.parse(token)).toBe(collapse(text));
      }),
    );
  });

  it('spells out what would reorder, hide or imitate', () => {
    expect(quote('a\u202Eb\u200Bc\u{E0041}d')).toBe('"a\\u202eb\\u200bc\\udb40\\udc41d"');
    expect(quote('x"\nbutton "y" [ref=e1]')).toBe('"x\\" button \\"y\\" [ref=e1]"');
    expect(quote('vs\u{E0101}\uFE0F')).toBe('"vs\\udb40\\udd01\uFE0F"');
  });
});

describe('clipping', () => {
  it('never leaves half a character and never exceeds its bound', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 50 }), nat(40), (text, max) => {
        const cut = clip(text.toWellFormed(), max + 1);
        expect(cut.length).toBeLessThanOrEqual(max + 1);
        expect(cut.isWellFormed()).toBe(true);
      }),
    );
  });
});

it('text for Markdown keeps its line breaks and loses what cannot be seen', () => {
  expect(withoutTreachery('a\n\tb\u200B\u202Ec\u0007')).toBe('a\n\tbc');
});
