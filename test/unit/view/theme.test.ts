import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contrast, readTheme } from './oklch.ts';

const theme = readTheme(
  readFileSync(new URL('../../../components/theme.css', import.meta.url), 'utf8'),
);
const AA_TEXT = 4.5;
const AA_GRAPHIC = 3;
const themes = ['light', 'dark'] as const;
const hues = Array.from({ length: 8 }, (_, i) => `hue-${i}`);
const papers = ['paper', 'paper-raised', 'paper-sunk'];

/** Every pair of text and ground that components put together. */
const texts = [
  ...papers.flatMap((paper) =>
    ['ink', 'ink-quiet', 'accent', 'danger', 'warn', ...hues].map((ink) => [ink, paper] as const),
  ),
  ['on-accent', 'accent'] as const,
  ...hues.map((hue) => ['on-hue', hue] as const),
];

test.each(themes.flatMap((mode) => texts.map(([ink, paper]) => [mode, ink, paper] as const)))(
  'in the %s theme %s is readable on %s',
  (mode, ink, paper) => {
    expect(contrast(theme(ink, mode), theme(paper, mode))).toBeGreaterThanOrEqual(AA_TEXT);
  },
);

test.each(themes)('in the %s theme the edges of controls can be seen', (mode) => {
  for (const paper of papers) {
    expect(contrast(theme('line-strong', mode), theme(paper, mode))).toBeGreaterThanOrEqual(
      AA_GRAPHIC,
    );
  }
});

test('white on white is found out', () => {
  expect(contrast([1, 0, 0], [1, 0, 0])).toBeCloseTo(1);
  expect(contrast([0, 0, 0], [1, 0, 0])).toBeCloseTo(21, 0);
});
