import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeQuote, targetAt } from '../../../lib/page/anchor-describe.ts';
import type { Match } from '../../../lib/page/anchor-match.ts';
import { drain, matchTarget } from '../../../lib/page/anchor-match.ts';
import { collapse } from '../../../lib/page/anchor-text.ts';
import type { AnnotationTarget } from '../../../lib/wire/annotator.ts';
import { edit, prose } from './anchor-prose.ts';

function match(text: string, target: AnnotationTarget): Match {
  return drain(matchTarget(text, target));
}

function found(text: string, target: AnnotationTarget): string | null {
  const result = match(text, target);
  return result.state === 'orphan' ? null : text.slice(result.start, result.end);
}

const SEED = { seed: 20261120, numRuns: 300 } as const;
const passage = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  at: fc.double({ min: 0, max: 0.9, noNaN: true }),
  words: fc.integer({ min: 3, max: 40 }),
});

/** A page of words and the target of some words of it. */
function pageAndTarget({ seed, at, words }: { seed: number; at: number; words: number }) {
  const text = prose(seed, 600);
  const start = text.indexOf(' ', Math.floor(text.length * at)) + 1;
  const exact = text.slice(start).split(' ').slice(0, words).join(' ');
  return { text, target: targetAt(text, start, start + exact.length) };
}

describe('matching a target against a page', () => {
  it('finds what it described in the same text, in the same place, with full score', () => {
    fc.assert(
      fc.property(passage, (drawn) => {
        const { text, target } = pageAndTarget(drawn);
        expect(match(text, target)).toEqual({
          state: 'anchored',
          score: 1,
          start: target.position.start,
          end: target.position.end,
        });
      }),
      SEED,
    );
  });

  it('stays anchored when text comes before it, goes after it, or changes elsewhere', () => {
    fc.assert(
      fc.property(passage, fc.integer({ min: 1, max: 9_999 }), (drawn, seed) => {
        const { text, target } = pageAndTarget(drawn);
        const changed = `${prose(seed, 80)} ${text} ${prose(seed + 1, 30)}`;
        expect(match(changed, target).state).toBe('anchored');
        expect(found(changed, target)).toBe(target.quote.exact);
      }),
      SEED,
    );
  });

  it('never says the wrong place with confidence after a few edits inside the quote', () => {
    const states = { anchored: 0, uncertain: 0, orphan: 0 };
    fc.assert(
      fc.property(passage, fc.integer({ min: 1, max: 9_999 }), (drawn, seed) => {
        const { text, target } = pageAndTarget({ ...drawn, words: drawn.words + 6 });
        const { start, end } = target.position;
        const edits = 1 + Math.floor((end - start) / 40);
        const changed =
          text.slice(0, start) + edit(text.slice(start, end), edits, seed) + text.slice(end);
        const result = match(changed, target);
        states[result.state]++;
        if (result.state === 'orphan') return;
        expect(Math.abs(result.start - start)).toBeLessThanOrEqual(edits * 2 + 2);
      }),
      SEED,
    );
    expect(states.orphan).toBe(0);
    expect(states.anchored / SEED.numRuns).toBeGreaterThanOrEqual(0.95);
  });

  it('leaves a quote that was never on the page unanchored, and nearly always an orphan', () => {
    const states = { anchored: 0, uncertain: 0, orphan: 0 };
    fc.assert(
      fc.property(passage, fc.integer({ min: 2_000_000, max: 3_000_000 }), (drawn, other) => {
        const { target } = pageAndTarget(drawn);
        states[match(prose(other, 3_000), target).state]++;
      }),
      SEED,
    );
    expect(states.anchored).toBe(0);
    expect(states.orphan / SEED.numRuns).toBeGreaterThanOrEqual(0.99);
  });

  it('leaves a passage that was cut out of its page unanchored', () => {
    const states = { anchored: 0, uncertain: 0, orphan: 0 };
    fc.assert(
      fc.property(passage, (drawn) => {
        const { text, target } = pageAndTarget({ ...drawn, words: drawn.words + 3 });
        const { start, end } = target.position;
        states[match(text.slice(0, start) + text.slice(end), target).state]++;
      }),
      SEED,
    );
    expect(states.anchored).toBe(0);
    expect(states.orphan / SEED.numRuns).toBeGreaterThanOrEqual(0.97);
  });

  it('tells equal words apart by what stands around them, however long they are', () => {
    const refrain = prose(7, 40);
    const text = `${prose(1, 30)} ${refrain} ${prose(2, 30)} ${refrain} ${prose(3, 30)}`;
    const second = text.lastIndexOf(refrain);
    const target = targetAt(text, second, second + refrain.length);
    const result = match(`Something new. ${text}`, target);
    expect(result).toMatchObject({ state: 'anchored', start: second + 15 });
  });

  it('is uncertain where equal words have equal surroundings and have moved', () => {
    const row = 'Delete this row from the table ';
    const text = row.repeat(20);
    const target = targetAt(text, row.length * 9, row.length * 9 + 6);
    expect(match(text, target).state).toBe('anchored');
    expect(match(`New heading ${text}`, target).state).toBe('uncertain');
  });

  it('does not put one row’s mark on its like when the row is gone', () => {
    const rows = Array.from({ length: 30 }, (_, n) => `Item ${n} costs ${n * 7} euro today. `);
    const text = rows.join('');
    const start = text.indexOf('Item 12');
    const target = targetAt(text, start, start + 26);
    const without = rows.filter((_, n) => n !== 12).join('');
    expect(match(without, target).state).not.toBe('anchored');
  });

  it('finishes on hostile text: one letter a million times, and lone surrogates', () => {
    const same = 'a'.repeat(1_000_000);
    expect(match(same, targetAt(same, 500, 900)).state).toBe('anchored');
    expect(match(same.slice(0, 5_000), targetAt(same, 500_000, 501_000)).state).toBe('uncertain');
    const broken = `${'x'.repeat(40)}\uD83D${'y'.repeat(40)}`;
    expect(match(broken, targetAt(broken, 30, 60)).state).toBe('anchored');
  });
});

describe('describing words that somebody quotes', () => {
  const text = collapse(`The quick “brown” fox jumps over the lazy dog.
    The quick grey cat sleeps. The quick grey cat wakes up at nine.`);

  it('gives the words as the page has them, with context and position', () => {
    const result = drain(describeQuote(text, { quote: ' lazy\n dog. The quick grey cat sleeps' }));
    const target = result.ok ? result.value : null;
    expect(target?.quote.exact).toBe('lazy dog. The quick grey cat sleeps');
    expect(text.slice(target?.position.start, target?.position.end)).toBe(target?.quote.exact);
    expect(target?.quote.prefix.length).toBe(32);
  });

  it('forgives a slip in a longer quote', () => {
    const result = drain(
      describeQuote(text, { quote: 'The quick "brown" fox jumps over the lazy dog.' }),
    );
    expect(result).toMatchObject({
      ok: true,
      value: { quote: { exact: 'The quick “brown” fox jumps over the lazy dog.' } },
    });
  });

  it('refuses words that are not there and names the closest', () => {
    const result = drain(
      describeQuote(text, { quote: 'The rapid browse fox leaps across the lazy dog.' }),
    );
    expect(result).toMatchObject({ ok: false, failure: { code: 'not_found' } });
    const absent = drain(describeQuote(text, { quote: 'quarterly earnings rose in every region' }));
    expect(absent).toMatchObject({ ok: false, failure: { code: 'not_found' } });
  });

  it('refuses words that occur twice until something tells the places apart', () => {
    expect(drain(describeQuote(text, { quote: 'The quick grey cat' }))).toMatchObject({
      ok: false,
      failure: { code: 'conflict' },
    });
    const told = drain(describeQuote(text, { quote: 'The quick grey cat', suffix: ' wakes up' }));
    expect(told).toMatchObject({
      ok: true,
      value: { position: { start: text.indexOf('The quick grey cat w') } },
    });
  });
});
