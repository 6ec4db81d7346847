import { expect, it } from 'vitest';
import { contrast, layer, parseColour, WHITE } from '../../../lib/page/dom/colour.ts';

it('reads computed colours and nothing else', () => {
  expect(parseColour('rgb(1, 2, 3)')).toEqual({ red: 1, green: 2, blue: 3, alpha: 1 });
  expect(parseColour('rgba(1, 2, 3, 0.5)')).toMatchObject({ alpha: 0.5 });
  expect(parseColour('color(srgb 1 0 0 / 0.25)')).toMatchObject({ red: 255, alpha: 0.25 });
  expect(parseColour('oklch(0.5 0.1 20)')).toBeNull();
  expect(parseColour('transparent')).toBeNull();
});

it('tells black on white from white on white, through layers', () => {
  const black = { red: 0, green: 0, blue: 0, alpha: 1 };
  expect(contrast(black, WHITE)).toBeCloseTo(21);
  expect(contrast(WHITE, WHITE)).toBe(1);
  expect(layer({ ...black, alpha: 0.5 }, WHITE)).toMatchObject({ red: 127.5, alpha: 1 });
});
