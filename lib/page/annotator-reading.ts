// Reading annotations in the page: rest the pointer on a mark or click it, and a card shows what was written there.
import type { Result } from '../wire/failure.ts';
import { fail, ok } from '../wire/failure.ts';
import type { Float, Piece } from './annotator-float.ts';
import type { Mark, Marks } from './annotator-marks.ts';
import type { AnnotatorModel } from './annotator-model.ts';
import { createNotesCard } from './annotator-notes.ts';
import { rangesAt } from './highlight-hit.ts';
import type { Painter } from './highlight-paint.ts';
import { FLASH_HIGHLIGHT } from './highlight-style.ts';

const REST_MS = 300;

export interface Reader {
  /** Scrolls to an annotation, lights it up and opens its card. */
  reveal(id: string): Result<null>;
  /** Annotations changed: what is shown follows. */
  stateChanged(): void;
}

export interface ReadingParts {
  readonly model: AnnotatorModel;
  readonly marks: Marks;
  readonly float: Float;
  readonly painter: Painter;
  readonly signal: AbortSignal;
}

export function createReader({ model, marks, float, painter, signal }: ReadingParts): Reader {
  let shown: readonly Mark[] = [];
  /** Opened by a click or from the panel: stays when the pointer leaves. */
  let pinned = false;
  let rest: ReturnType<typeof setTimeout> | undefined;

  const flash = (ranges: readonly Range[]): void => painter.tint(FLASH_HIGHLIGHT, ranges);
  const close = (): void => {
    if (float.current()?.kind === 'notes') float.close();
  };
  const open = (found: readonly Mark[], pin: boolean): void => {
    const ordered = found.toSorted((a, b) => a.annotation.createdAt - b.annotation.createdAt);
    const range = ordered[0]?.range ?? null;
    if (range === null) return;
    pinned ||= pin;
    if (float.current()?.kind === 'notes' && contentsOf(ordered) === contentsOf(shown)) return;
    show(ordered, range);
  };
  const show = (found: readonly Mark[], range: Range): void => {
    shown = found;
    const card = createNotesCard({
      marks: found,
      nowMs: Date.now(),
      edit: (annotation, note) => model.edit(annotation, note),
      remove: (annotation) => model.remove(annotation),
      close,
      resized: () => float.place(),
    });
    const piece: Piece = {
      kind: 'notes',
      range,
      ...card,
      closed: () => {
        pinned = false;
        flash([]);
      },
    };
    float.show(piece);
    flash(found.flatMap((mark) => mark.range ?? []));
  };
  const isBusy = (): boolean => {
    const current = float.current();
    return current?.kind === 'compose' || current?.isDirty?.() === true;
  };
  const overMark = ({ clientX, clientY, target }: MouseEvent): Mark[] =>
    target === float.host ? [] : rangesAt(marks.list(), clientX, clientY);

  const rested = (event: MouseEvent): void => {
    if (isBusy() || event.target === float.host || event.buttons !== 0) return;
    const found = overMark(event);
    if (found.length > 0 && float.current()?.kind !== 'button') open(found, false);
    else if (!pinned) close();
  };
  const clicked = (event: MouseEvent): void => {
    if (!event.isTrusted || event.target === float.host || isBusy()) return;
    const selecting = document.getSelection()?.isCollapsed === false;
    const found = selecting ? [] : overMark(event);
    if (found.length > 0) open(found, true);
    else close();
  };
  const pointerMoved = (event: MouseEvent): void => {
    clearTimeout(rest);
    if (event.isTrusted) rest = setTimeout(() => rested(event), REST_MS);
  };
  const keyed = (event: KeyboardEvent): void => {
    if (event.isTrusted && event.key === 'Escape' && !isBusy()) close();
  };
  const options = { capture: true, passive: true, signal };
  window.addEventListener('pointermove', pointerMoved, options);
  window.addEventListener('click', clicked, options);
  window.addEventListener('keydown', keyed, options);

  return {
    reveal(id) {
      const mark = marks.get(id);
      if (mark === null || mark.range === null) return notOnPage();
      if (isBusy()) return ok(null);
      scrollTo(mark.range);
      float.close();
      open([mark], true);
      return ok(null);
    },
    stateChanged() {
      const current = float.current();
      if (current?.kind !== 'notes' || current.isDirty?.() === true) return;
      const still = shown.flatMap(({ annotation }) => marks.get(annotation.id) ?? []);
      const range = still[0]?.range ?? null;
      const keep = pinned;
      if (range === null) return close();
      if (contentsOf(still) === contentsOf(shown)) return;
      show(still, range);
      pinned = keep;
    },
  };
}

/** Equal for equal cards. */
function contentsOf(marks: readonly Mark[]): string {
  return JSON.stringify(marks.map(({ annotation, state }) => [annotation, state]));
}

function scrollTo(range: Range): void {
  const node = range.startContainer;
  const element = node instanceof Element ? node : node.parentElement;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  element?.scrollIntoView({ block: 'center', behavior: calm ? 'instant' : 'smooth' });
}

function notOnPage(): Result<never> {
  return fail(
    'not_found',
    'The words of this annotation are not on the page as it is now.',
    'Read them in the side panel, where the old words are kept.',
  );
}
