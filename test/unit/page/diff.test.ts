import { describe, expect, it } from 'vitest';
import { changesBetween, sayChanges, type Seen } from '../../../lib/page/act/diff.ts';

const seen = (...lines: [string, string, number?][]): Map<string, Seen> =>
  new Map(lines.map(([key, line, weight = 10]) => [key, { line, weight }]));

describe('changes between two looks', () => {
  it('are what came, what went and what became another, the most telling first', () => {
    const before = seen(['a', 'button "A"'], ['b', 'text "old"', 5], ['c', 'button "C"']);
    const after = seen(['a', 'button "A"'], ['b', 'text "new"', 5], ['d', 'dialog "D"', 30]);
    expect(changesBetween(before, after).map(({ kind, line }) => `${kind} ${line}`)).toEqual([
      '+ dialog "D"',
      '- button "C"',
      '~ text "new"',
    ]);
  });

  it('are none when things are drawn anew with the same words', () => {
    const before = seen(['a', 'button "A"'], ['b', 'button "A"']);
    const after = seen(['x', 'button "A"'], ['y', 'button "A"']);
    expect(changesBetween(before, after)).toEqual([]);
    const one = changesBetween(before, seen(['x', 'button "A"']));
    expect(one.map(({ kind }) => kind)).toEqual(['-']);
  });
});

const cost = (line: string): number => line.length;

describe('said changes', () => {
  it('keep to the budget and count what is left unsaid', () => {
    expect(sayChanges(['aaaa', 'bbbb', 'cccc'], 10, cost)).toBe('aaaa\nbbbb\n… 1 more changes');
    expect(sayChanges(['far too long for the budget'], 3, cost)).toBe(
      'far too long for the budget',
    );
    expect(sayChanges([], 3, cost)).toBe('');
  });
});
