// The contrast of two OKLCH colours by WCAG 2.2, and the colours of the theme file. Conversion after Björn Ottosson's
// published OKLab matrices; what sRGB cannot show is clipped, as browsers do.

/** Lightness 0 to 1, chroma, hue in degrees. */
export type Oklch = readonly [number, number, number];

export function contrast(one: Oklch, other: Oklch): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance([lightness, chroma, hue]: Oklch): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const red = clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function clip(value: number): number {
  return Math.min(1, Math.max(0, value));
}

const COLOUR = /oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/.source;
const PROPERTY = new RegExp(`--([a-z0-9-]+): light-dark\\(${COLOUR}, ${COLOUR}\\)`, 'g');

export function readTheme(css: string): (name: string, mode: 'light' | 'dark') => Oklch {
  const found = new Map<string, { light: Oklch; dark: Oklch }>();
  for (const [, name = '', ...numbers] of css.matchAll(PROPERTY)) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = numbers.map(Number);
    found.set(name, { light: [a, b, c], dark: [d, e, f] });
  }
  return (name, mode) => {
    const colour = found.get(name);
    if (colour === undefined) throw new Error(`expected --${name} in the theme`);
    return colour[mode];
  };
}
