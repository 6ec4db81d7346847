// Which marks are under a point of the viewport.

/** The entries whose range has text at this point. */
export function rangesAt<T extends { readonly range: Range | null }>(
  entries: Iterable<T>,
  x: number,
  y: number,
): T[] {
  const caret = document.caretPositionFromPoint(x, y);
  if (caret === null) return [];
  return [...entries].filter(({ range }) => range !== null && covers(range, caret, x, y));
}

/** The caret is the nearest text to the point, which may be far away, so the boxes decide. */
function covers(
  range: Range,
  { offsetNode, offset }: CaretPosition,
  x: number,
  y: number,
): boolean {
  if (!range.intersectsNode(offsetNode) || !range.isPointInRange(offsetNode, offset)) return false;
  return [...range.getClientRects()].some(
    (rect) => x >= rect.left && x <= rect.right && y >= rect.top && y <= rect.bottom,
  );
}
