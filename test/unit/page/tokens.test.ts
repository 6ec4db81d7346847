import { encode } from 'gpt-tokenizer';
import { expect, it } from 'vitest';
import { estimateTokens } from '../../../lib/page/tokens.ts';

const SNAPSHOT = Array.from(
  { length: 60 },
  (_, i) =>
    `    listitem "Order ${i} of ${i * 37}"\n      button "Cancel" [disabled] [ref=e${i + 100}]`,
).join('\n');

it.each([
  ['a snapshot', SNAPSHOT],
  [
    'prose',
    'The river carries water and stories to the sea, slowly and with patience. '.repeat(40),
  ],
  ['addresses', 'https://example.org/a/b?c=d&e=f#g12345 '.repeat(40)],
  ['Japanese', '東京都の天気は晴れです。'.repeat(40)],
  ['Russian', 'Быстрая коричневая лиса прыгает через ленивую собаку. '.repeat(40)],
  ['escapes', '"\\u200b\\u202e\\udb40\\udc41"'.repeat(40)],
  ['digits', '8461 22.5 1,000,000 '.repeat(40)],
])('an estimate for %s is never too low and less than three times too high', (_name, text) => {
  const real = encode(text).length;
  expect(estimateTokens(text)).toBeGreaterThanOrEqual(real);
  expect(estimateTokens(text)).toBeLessThan(real * 3);
});
