// The annotations of the page that is shown, each with its place in the DOM. Finds places again when the page
// changed, paints them, and reports how sure it is. Knows nothing of cards and buttons.
import type { AnchorState, PageAnnotation } from '../wire/annotator.ts';
import { matchTarget } from './anchor-match.ts';
import { pace } from './anchor-pace.ts';
import { rangeOf } from './anchor-range.ts';
import { buildPageText, pageRoot } from './anchor-text.ts';
import type { PaintedMark, Painter } from './highlight-paint.ts';
import { toneAt } from './highlight-paint.ts';

export interface Mark {
  readonly annotation: PageAnnotation;
  readonly state: AnchorState['state'];
  readonly score: number;
  readonly range: Range | null;
}

interface Placed {
  annotation: PageAnnotation;
  /** Null until it has been looked for. */
  state: AnchorState['state'] | null;
  score: number;
  range: Range | null;
  /** The range's text when it was found: while it is the same, the mark is where it should be. */
  rangeText: string;
}

export interface Marks {
  /** Replaces all annotations; the places of those that stay are kept. */
  set(annotations: readonly PageAnnotation[]): void;
  /** Looks again for what is not in its place. Resolves with the time it took. */
  refresh(): Promise<number>;
  list(): Mark[];
  get(id: string): Mark | null;
}

/** How many marks are found between two paints. */
const PAINT_EVERY = 50;

export function createMarks(
  painter: Painter,
  report: (states: AnchorState[]) => void,
  signal: AbortSignal,
): Marks {
  const placed = new Map<string, Placed>();
  let lastText = '';
  let running: Promise<number> | null = null;
  let again = false;

  const list = (): Mark[] => [...placed.values()].flatMap((one) => asMark(one));
  const paint = (): void => painter.marks(list().flatMap((mark) => paintedOf(mark)));

  const look = async (): Promise<void> => {
    const lost = [...placed.values()].filter((one) => !isInPlace(one));
    if (lost.length === 0) return;
    const read = await pace(buildPageText(pageRoot()), signal);
    if (read === null) return;
    const page = read.value;
    const sameText = page.text === lastText;
    lastText = page.text;
    for (const [index, one] of lost.entries()) {
      if (sameText && one.state === 'orphan') continue;
      const match = await pace(matchTarget(page.text, one.annotation.target), signal);
      if (match === null) return;
      put(one, match.value, (start, end) => rangeOf(page, start, end));
      if (index % PAINT_EVERY === PAINT_EVERY - 1) paint();
    }
  };

  const refresh = async (): Promise<number> => {
    const startMs = performance.now();
    do {
      again = false;
      await look();
    } while (again && !signal.aborted);
    if (signal.aborted) return 0;
    paint();
    report(list().map(({ annotation, state, score }) => ({ id: annotation.id, state, score })));
    return performance.now() - startMs;
  };

  return {
    list,
    get: (id) => {
      const one = placed.get(id);
      return one === undefined ? null : (asMark(one)[0] ?? null);
    },
    set(annotations) {
      const before = [...placed.values()];
      placed.clear();
      for (const annotation of annotations) {
        const known = before.find((one) => sameTarget(one.annotation, annotation));
        placed.set(annotation.id, { ...(known ?? UNPLACED), annotation });
      }
      paint();
    },
    refresh() {
      if (running !== null) {
        again = true;
        return running;
      }
      running = refresh().finally(() => (running = null));
      return running;
    },
  };
}

const UNPLACED = { state: null, score: 0, range: null, rangeText: '' } as const;

function asMark({ annotation, state, score, range }: Placed): Mark[] {
  return state === null ? [] : [{ annotation, state, score, range }];
}

function isInPlace({ state, range, rangeText }: Placed): boolean {
  if (state !== 'anchored' || range === null) return false;
  return range.startContainer.isConnected && !range.collapsed && range.toString() === rangeText;
}

function put(
  one: Placed,
  match: { state: AnchorState['state']; score: number; start?: number; end?: number },
  rangeAt: (start: number, end: number) => Range | null,
): void {
  const { start, end } = match;
  one.range = start === undefined || end === undefined ? null : rangeAt(start, end);
  // Found, but the page changed meanwhile: it is looked for again after that change.
  const overtaken = start !== undefined && one.range === null;
  one.state = overtaken ? null : match.state;
  one.score = match.score;
  one.rangeText = one.range?.toString() ?? '';
}

function sameTarget(a: PageAnnotation, b: PageAnnotation): boolean {
  const [one, other] = [a.target, b.target];
  return (
    one.quote.exact === other.quote.exact &&
    one.quote.prefix === other.quote.prefix &&
    one.quote.suffix === other.quote.suffix &&
    one.position.start === other.position.start
  );
}

function paintedOf({ annotation, state, range }: Mark): PaintedMark[] {
  if (range === null || state === 'orphan') return [];
  const { hue, kind } = annotation.by;
  return [{ range, style: { hue, kind, state, tone: toneAt(range) } }];
}
