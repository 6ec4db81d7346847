import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { relativeTime } from '../../../lib/page/annotator-time.ts';
import { isLight } from '../../../lib/page/highlight-paint.ts';
import { highlightSheet } from '../../../lib/page/highlight-style.ts';
import { HUE_ANGLES, hueColour } from '../../../lib/page/palette.ts';

describe('the colours of marks', () => {
  it('are the ones in the style sheet that the manifest injects', () => {
    const path = new URL('../../../lib/page/highlight.css', import.meta.url);
    expect(readFileSync(path, 'utf8')).toBe(highlightSheet());
  });

  it.each(HUE_ANGLES.map((angle, hue) => [hue, angle]))(
    'have at least 4.5 contrast with both grounds: hue %i at %i degrees',
    (hue, angle) => {
      expect(hueColour(hue, 'light')).toBe(`oklch(0.45 0.13 ${angle})`);
      expect(hueColour(hue, 'dark')).toBe(`oklch(0.8 0.11 ${angle})`);
      expect(contrast(luminance(0.45, 0.13, angle), 1)).toBeGreaterThanOrEqual(4.5);
      expect(
        contrast(luminance(0.8, 0.11, angle), luminance(0.26, 0.01, 260)),
      ).toBeGreaterThanOrEqual(4.5);
    },
  );

  it('follow the ground, told by any form of colour that a browser computes', () => {
    expect(
      ['rgb(230, 230, 230)', 'color(srgb 0.9 0.9 0.9)', 'oklch(0.9 0.1 20)', 'lab(90 0 0)'].map(
        isLight,
      ),
    ).toEqual([true, true, true, true]);
    expect(
      [
        'rgb(20, 20, 20)',
        'rgba(0, 0, 0, 0.8)',
        'color(display-p3 0.1 0.2 0.1)',
        'oklab(0.3 0 0)',
      ].map(isLight),
    ).toEqual([false, false, false, false]);
  });
});

describe('times', () => {
  it('are said in the largest whole unit, and never lie in the future', () => {
    const now = Date.UTC(2026, 10, 20);
    const said = [-5_000, 20_000, 60_000 * 5, 3_600_000 * 3, 86_400_000 * 40].map((ago) =>
      relativeTime(now - ago, now),
    );
    expect(said).toEqual(['now', 'now', '5 minutes ago', '3 hours ago', 'last month']);
  });
});

/** Relative luminance (WCAG 2) of an OKLCH colour, clipped to sRGB; matrices from Ottosson's definition of OKLab. */
function luminance(lightness: number, chroma: number, degrees: number): number {
  const a = chroma * Math.cos((degrees * Math.PI) / 180);
  const b = chroma * Math.sin((degrees * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((channel) => Math.min(1, Math.max(0, channel)));
  const [red = 0, green = 0, blue = 0] = linear;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: number, other: number): number {
  const [light, dark] = one > other ? [one, other] : [other, one];
  return (light + 0.05) / (dark + 0.05);
}
