// Just enough colour to tell text nobody can see: computed colours read, layered and compared.

/** Channels 0–255, alpha 0–1. */
export interface Colour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

export const WHITE: Colour = { red: 255, green: 255, blue: 255, alpha: 1 };
export const NEAR_BLACK: Colour = { red: 18, green: 18, blue: 18, alpha: 1 };

/** A computed `rgb()`, `rgba()` or `color(srgb …)`; null for what this does not read. */
export function parseColour(text: string): Colour | null {
  const numbers = text.match(/-?[\d.]+(e-?\d+)?%?/gu)?.map(Number.parseFloat) ?? [];
  const [first, second, third, alpha = 1] = numbers;
  if (first === undefined || second === undefined || third === undefined) return null;
  if (text.startsWith('rgb')) return { red: first, green: second, blue: third, alpha };
  if (!text.startsWith('color(srgb ')) return null;
  return { red: first * 255, green: second * 255, blue: third * 255, alpha };
}

/** `top` painted over an opaque `bottom`. */
export function layer(top: Colour, bottom: Colour): Colour {
  const mix = (over: number, under: number): number => over * top.alpha + under * (1 - top.alpha);
  return {
    red: mix(top.red, bottom.red),
    green: mix(top.green, bottom.green),
    blue: mix(top.blue, bottom.blue),
    alpha: 1,
  };
}

/** WCAG 2 contrast ratio of two opaque colours, 1 to 21. */
export function contrast(a: Colour, b: Colour): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function luminance({ red, green, blue }: Colour): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
