// The one floating piece that is shown at a time (button, card or hint), kept beside its passage.
import { boxOf, placeBeside } from './annotator-place.ts';
import type { AnnotatorRoot } from './annotator-root.ts';
import { createAnnotatorRoot } from './annotator-root.ts';

export interface Piece {
  readonly kind: 'button' | 'compose' | 'notes' | 'hint';
  readonly element: HTMLElement;
  /** The passage it stands beside. */
  readonly range: Range;
  readonly key?: (event: KeyboardEvent) => void;
  readonly input?: () => void;
  /** True while closing it would lose what a person wrote. */
  readonly isDirty?: () => boolean;
  readonly closed?: () => void;
}

export interface Float {
  readonly host: HTMLElement;
  current(): Piece | null;
  show(piece: Piece): void;
  /** Closes this piece if it is the one shown, or whichever is. True if something was closed. */
  close(piece?: Piece): boolean;
  place(): void;
}

export function createFloat(signal: AbortSignal): Float {
  let current: Piece | null = null;
  const root: AnnotatorRoot = createAnnotatorRoot(
    { key: (event) => current?.key?.(event), input: () => current?.input?.() },
    signal,
  );
  const place = (): void => {
    if (current !== null) placeBeside(current.element, boxOf(current.range));
  };
  const drop = (): void => {
    const gone = current;
    current = null;
    gone?.closed?.();
  };
  for (const type of ['scroll', 'resize']) {
    window.addEventListener(type, place, { capture: true, passive: true, signal });
  }
  return {
    host: root.host,
    current: () => current,
    place,
    show(piece) {
      if (current !== piece) drop();
      current = piece;
      root.show(piece.element);
      place();
    },
    close(piece) {
      if (current === null || (piece !== undefined && piece !== current)) return false;
      drop();
      root.show();
      return true;
    },
  };
}
