// Changes of one text from two sides: property tests against random texts, and the cases that people meet.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, editsBetween, mergeTexts } from '../../../lib/space/documents/text-merge.ts';

const text = fc
  .array(fc.constantFrom('tide', 'moon', ' ', '\n', '.', 'é', '🌊', 'e\u0301'), { maxLength: 40 })
  .map((tokens) => tokens.join(''));

function merged(...[base, ours, theirs, prefer]: Parameters<typeof mergeTexts>) {
  const { edits, conflicts } = mergeTexts(base, ours, theirs, prefer);
  return { text: applyEdits(theirs, edits), conflicts };
}

describe('edits between two texts', () => {
  it('make the one of the other', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const edits = editsBetween(before, after);
        expect(applyEdits(before, edits)).toBe(after);
        edits.forEach(({ start, end }, i) => {
          expect(start).toBeLessThanOrEqual(end);
          expect(start).toBeGreaterThanOrEqual(edits[i - 1]?.end ?? 0);
        });
      }),
    );
  });

  it('are whole words', () => {
    expect(editsBetween('High tides come daily.', 'High tides come twice.')).toEqual([
      { start: 16, end: 21, text: 'twice' },
    ]);
  });

  it('of two long texts with nothing in common are one', () => {
    const [before, after] = ['a ', 'b '].map((word) => word.repeat(20_000));
    expect(editsBetween(before ?? '', after ?? '')).toHaveLength(1);
  });
});

describe('two sides', () => {
  it('that changed different words are both there, and nothing is in doubt', () => {
    expect(merged('one two three four', 'ONE two three four', 'one two three FOUR')).toEqual({
      text: 'ONE two three FOUR',
      conflicts: 0,
    });
  });

  it.each([
    ['ours', 'the wide bay'],
    ['theirs', 'the deep bay'],
    ['both', 'the deepwide bay'],
  ] as const)('that changed the same word are told of, and %s stands', (prefer, expected) => {
    expect(merged('the old bay', 'the wide bay', 'the deep bay', prefer)).toEqual({
      text: expected,
      conflicts: 1,
    });
  });

  it('that made the same change made it once', () => {
    expect(merged('a b c', 'a X c', 'a X c')).toEqual({ text: 'a X c', conflicts: 0 });
  });

  it('of which only one changed anything give that one', () => {
    fc.assert(
      fc.property(text, text, (base, changed) => {
        expect(merged(base, changed, base)).toEqual({ text: changed, conflicts: 0 });
        expect(merged(base, base, changed)).toEqual({ text: changed, conflicts: 0 });
      }),
    );
  });

  it('settled for one of them keep what that one wrote', () => {
    fc.assert(
      fc.property(text, text, text, (base, ours, theirs) => {
        const [mine, other] = [
          merged(base, ours, theirs, 'ours'),
          merged(base, theirs, ours, 'theirs'),
        ];
        expect(mine).toEqual(other);
      }),
    );
  });
});
