// The colours of annotations in a page. The eight hues are the same as `--hue-0` to `--hue-7` in the panel's theme.
// Light grounds take lightness 0.45 and chroma 0.13, dark grounds 0.8 and 0.11: contrast is at least 4.5 on both.
// Only generic font families are used beside them: a page could define any named one and learn what is written in it.

/** OKLCH hue angle in degrees of hue 0 to 7. */
export const HUE_ANGLES = [250, 25, 145, 310, 75, 195, 345, 110] as const;

/** Whether the ground under something is light or dark. */
export type Tone = 'light' | 'dark';
export const TONES: readonly Tone[] = ['light', 'dark'];

const LIGHTNESS_CHROMA = { light: '0.45 0.13', dark: '0.8 0.11' } as const;

/** A CSS colour of a person's hue for text and marks on a ground of this tone. `alpha` is 0 to 1. */
export function hueColour(hue: number, tone: Tone, alpha = 1): string {
  const angle = HUE_ANGLES[hue % HUE_ANGLES.length] ?? HUE_ANGLES[0];
  const opacity = alpha === 1 ? '' : ` / ${alpha}`;
  return `oklch(${LIGHTNESS_CHROMA[tone]} ${angle}${opacity})`;
}
