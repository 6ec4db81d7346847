// A person's hue as a style: sets `--hue`, which marks, quotes and underlines draw with.

const HUES = 8;

export function hueStyle(hue: number): { '--hue': string } {
  const index = Number.isInteger(hue) ? Math.abs(hue) % HUES : 0;
  return { '--hue': `var(--hue-${index})` };
}
