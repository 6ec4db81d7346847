// The name of each kind of highlight and the style sheet for them (`highlight.css`, injected by the manifest so
// that neither the page's policy nor its scripts can keep it out). A person's mark is a solid underline, an agent's a
// dashed one; an uncertain one is dotted and paler. Names are visible to the page; notes are not in them.
import type { Tone } from './palette.ts';
import { HUE_ANGLES, TONES, hueColour } from './palette.ts';

export interface MarkStyle {
  readonly hue: number;
  readonly kind: 'person' | 'agent';
  readonly state: 'anchored' | 'uncertain';
  readonly tone: Tone;
}

/** Passages that are being annotated, or shown on request, or under the pointer. */
export const DRAFT_HIGHLIGHT = 'commonplace-draft';
export const FLASH_HIGHLIGHT = 'commonplace-flash';

export function highlightName({ hue, kind, state, tone }: MarkStyle): string {
  return `commonplace-${kind}-${hue}-${tone}-${state}`;
}

const UNCERTAIN_ALPHA = 0.55;

/** How a mark is underlined, as values of the text-decoration properties. */
export function underlineOf(style: MarkStyle): { line: string; width: string; colour: string } {
  if (style.state === 'uncertain') {
    return {
      line: 'dotted',
      width: '2px',
      colour: hueColour(style.hue, style.tone, UNCERTAIN_ALPHA),
    };
  }
  const line = style.kind === 'agent' ? 'dashed' : 'solid';
  return { line, width: '2px', colour: hueColour(style.hue, style.tone) };
}

/** The text of `highlight.css`. A test compares the two. */
export function highlightSheet(): string {
  const rules = [
    '/* Written by `highlightSheet` in highlight-style.ts. */',
    tint(DRAFT_HIGHLIGHT, 0.16),
    tint(FLASH_HIGHLIGHT, 0.28),
    ...allStyles().map((style) => rule(style)),
  ];
  return rules.join('\n') + '\n';
}

function allStyles(): MarkStyle[] {
  const kinds = ['person', 'agent'] as const;
  const states = ['anchored', 'uncertain'] as const;
  return HUE_ANGLES.flatMap((_, hue) =>
    TONES.flatMap((tone) =>
      kinds.flatMap((kind) => states.map((state) => ({ hue, tone, kind, state }))),
    ),
  );
}

function tint(name: string, alpha: number): string {
  return `::highlight(${name}) {\n  background-color: oklch(0.65 0.13 250 / ${alpha});\n}`;
}

function rule(style: MarkStyle): string {
  const { line, width, colour } = underlineOf(style);
  return `::highlight(${highlightName(style)}) {\n  text-decoration: underline ${line} ${width} ${colour};\n}`;
}
