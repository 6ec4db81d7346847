import { expect, it } from 'vitest';
import { normalize, similarity } from '../../../lib/page/match.ts';

const score = (query: string, text: string): number =>
  similarity(normalize(query), normalize(text));

it('ranks the same above what begins with, holds, and resembles the query', () => {
  const ranked = ['Save', 'Save draft', 'Please save', 'unsaved', 'Sav', 'Cancel'];
  const scores = ranked.map((text) => score('save', text));
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(scores[0]).toBe(1);
  expect(scores.at(-1)).toBe(0);
});

it('forgives case, accents, spacing and a slip, but not another word', () => {
  expect(score('CAFE  creme', 'Café crème')).toBe(1);
  expect(score('serch', 'Search')).toBeGreaterThan(0.35);
  expect(score('delete', 'select')).toBeLessThan(0.35);
  expect(score('', 'x')).toBe(0);
});

it('takes words in any order', () => {
  expect(score('order cancel', 'Cancel this order')).toBeGreaterThan(0.35);
});
