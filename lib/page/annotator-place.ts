// Where a floating piece goes: under the passage it belongs to, or above it, always inside the viewport.

const GAP_PX = 8;

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
}

/** Puts a fixed element next to a box; `maxTop` and the like follow from the element's own size. */
export function placeBeside(element: HTMLElement, box: Box): void {
  const { offsetWidth: width, offsetHeight: height } = element;
  const { clientWidth, clientHeight } = document.documentElement;
  const below = box.bottom + GAP_PX;
  const above = box.top - GAP_PX - height;
  const fitsBelow = below + height + GAP_PX <= clientHeight;
  const top = fitsBelow || above < GAP_PX ? below : above;
  element.style.left = `${clamp(box.left, clientWidth - width - GAP_PX)}px`;
  element.style.top = `${clamp(top, clientHeight - height - GAP_PX)}px`;
}

function clamp(wanted: number, most: number): number {
  return Math.round(Math.max(GAP_PX, Math.min(wanted, most)));
}

/** The whole height of a range and the left edge of its last line, so that a card covers none of its text. */
export function boxOf(range: Range): Box {
  const whole = range.getBoundingClientRect();
  const lines = [...range.getClientRects()].filter((rect) => rect.width > 0);
  const lastLine = lines.filter((rect) => rect.bottom > whole.bottom - rect.height / 2);
  const left = lastLine.length === 0 ? whole.left : Math.min(...lastLine.map((rect) => rect.left));
  return { left, top: whole.top, bottom: whole.bottom };
}
