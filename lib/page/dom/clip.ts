// Rectangles, and what an element's overflow leaves of its content. Viewport coordinates, CSS pixels.

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What a box that cuts its overflow leaves visible; null when it cuts nothing. */
export function clipOf(style: CSSStyleDeclaration, box: Box): Box | null {
  if (style.overflow === 'visible' || style.display === 'inline' || style.display === 'contents') {
    return null;
  }
  return box;
}

/** The common part of two clips; null stands for everywhere. */
export function meet(a: Box | null, b: Box | null): Box | null {
  if (a === null) return b;
  if (b === null) return a;
  const left = Math.max(a.left, b.left);
  const top = Math.max(a.top, b.top);
  const right = Math.min(a.left + a.width, b.left + b.width);
  const bottom = Math.min(a.top + a.height, b.top + b.height);
  return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

export function isOutside(box: Box, clip: Box | null): boolean {
  if (clip === null) return false;
  return (
    box.left >= clip.left + clip.width ||
    box.left + box.width <= clip.left ||
    box.top >= clip.top + clip.height ||
    box.top + box.height <= clip.top
  );
}
