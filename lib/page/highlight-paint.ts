// Draws marks on a page: through the CSS Custom Highlight API, which does not touch the page's DOM, or with
// highlight-overlay.ts where a browser lacks it.
import type { MarkStyle } from './highlight-style.ts';
import { highlightName } from './highlight-style.ts';
import type { Tone } from './palette.ts';

export interface PaintedMark {
  readonly range: Range;
  readonly style: MarkStyle;
}

export interface Painter {
  /** Replaces all marks. */
  marks(marks: readonly PaintedMark[]): void;
  /** Replaces the passages of one tint (`DRAFT_HIGHLIGHT`, `FLASH_HIGHLIGHT`). */
  tint(name: string, ranges: readonly Range[]): void;
  clear(): void;
}

/** Null where the browser lacks the API. */
export function createHighlightPainter(): Painter | null {
  if (typeof Highlight === 'undefined' || !('highlights' in CSS)) return null;
  const used = new Set<string>();
  return {
    marks(marks) {
      const byName = Map.groupBy(marks, ({ style }) => highlightName(style));
      for (const name of used) if (!byName.has(name)) CSS.highlights.delete(name);
      used.clear();
      for (const [name, group] of byName) {
        used.add(name);
        set(
          name,
          group.map(({ range }) => range),
        );
      }
    },
    tint(name, ranges) {
      set(name, ranges);
      // A tint lies under the marks, so that an underline stays what it is.
      const highlight = CSS.highlights.get(name);
      if (highlight !== undefined) highlight.priority = -1;
    },
    clear() {
      const ours: string[] = [];
      // Firefox gives content scripts no iterators over these, only forEach.
      CSS.highlights.forEach((_, name) => {
        if (name.startsWith('commonplace-')) ours.push(name);
      });
      for (const name of ours) CSS.highlights.delete(name);
    },
  };
}

function set(name: string, ranges: readonly Range[]): void {
  if (ranges.length === 0) CSS.highlights.delete(name);
  else CSS.highlights.set(name, new Highlight(...ranges));
}

/** The tone of the ground under a range, told by its text: light text stands on something dark. */
export function toneAt(range: Range): Tone {
  const node = range.startContainer;
  const element = node instanceof Element ? node : node.parentElement;
  if (element === null) return 'light';
  return isLight(getComputedStyle(element).color) ? 'dark' : 'light';
}

/** True for a colour lighter than middle grey, in any form that a browser computes. */
export function isLight(colour: string): boolean {
  const [form = '', rest = ''] = colour.split('(', 2);
  const numbers = (rest.match(/(?<![\w-])-?[\d.]+/g) ?? []).map(Number);
  const [first = 0, second = 0, third = 0] = numbers;
  if (form === 'oklab' || form === 'oklch') return first > 0.62;
  if (form === 'lab' || form === 'lch') return first > 60;
  const whole = form.startsWith('rgb') ? 255 : 1;
  return 0.2126 * first + 0.7152 * second + 0.0722 * third > 0.55 * whole;
}
