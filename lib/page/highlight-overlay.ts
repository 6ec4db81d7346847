// Draws marks where a browser lacks the CSS Custom Highlight API: thin lines under the text's boxes, in a
// closed shadow root that takes no pointer events and is laid out anew when the page scrolls or resizes.
import type { PaintedMark, Painter } from './highlight-paint.ts';
import { underlineOf } from './highlight-style.ts';

const MAX_BOXES = 4_000;

/** Draws into `layer`, an element that covers the viewport. Stops with the signal. */
export function createOverlayPainter(layer: HTMLElement, signal: AbortSignal): Painter {
  let marks: readonly PaintedMark[] = [];
  const tints = new Map<string, readonly Range[]>();
  let queued = false;
  const draw = (): void => {
    queued = false;
    const boxes = [
      ...[...tints.values()].flat().flatMap((range) => boxesOf(range, tintBox)),
      ...marks.flatMap((mark) => boxesOf(mark.range, (rect) => underlineBox(rect, mark))),
    ];
    layer.replaceChildren(...boxes.slice(0, MAX_BOXES));
  };
  const queue = (): void => {
    if (queued) return;
    queued = true;
    requestAnimationFrame(draw);
  };
  for (const type of ['scroll', 'resize']) {
    window.addEventListener(type, queue, { capture: true, passive: true, signal });
  }
  return {
    marks(next) {
      marks = next;
      queue();
    },
    tint(name, ranges) {
      tints.set(name, ranges);
      queue();
    },
    clear: () => layer.replaceChildren(),
  };
}

function boxesOf(range: Range, box: (rect: DOMRect) => HTMLElement): HTMLElement[] {
  return [...range.getClientRects()]
    .filter((rect) => rect.width > 0 && rect.bottom > 0 && rect.top < innerHeight)
    .map((rect) => box(rect));
}

function place(rect: DOMRect, top: number, height: number): HTMLElement {
  const element = document.createElement('div');
  const { style } = element;
  style.position = 'fixed';
  style.left = `${rect.left}px`;
  style.top = `${top}px`;
  style.width = `${rect.width}px`;
  style.height = `${height}px`;
  return element;
}

function underlineBox(rect: DOMRect, mark: PaintedMark): HTMLElement {
  const { line, width, colour } = underlineOf(mark.style);
  const element = place(rect, rect.bottom - 2, 0);
  element.style.borderBottom = `${width} ${line} ${colour}`;
  return element;
}

function tintBox(rect: DOMRect): HTMLElement {
  const element = place(rect, rect.top, rect.height);
  element.style.background = 'oklch(0.65 0.13 250 / 0.2)';
  return element;
}
