// The page as a stream of lines that can stop anywhere and go on later. The walk keeps its own stack, so no
// nesting exhausts ours, and a copy of that stack is all a cursor is: what was given is never given again.
import type { SnapshotView } from '../../wire/page.ts';
import { isElement, isText } from '../dom/kinds.ts';
import { isConnected, textContentOf } from '../dom/native.ts';
import { clip, quote } from '../quote.ts';
import { foldKey, foldLine, restOfRun, type Run } from './fold.ts';
import type { Describer } from './line.ts';
import { verdictOn, type Verdict } from './verdict.ts';

interface Frame {
  readonly nodes: readonly Node[];
  index: number;
  readonly end: number;
  readonly depth: number;
  /** Text here stands in a name already given. */
  readonly quiet: boolean;
  /** Text before and after this frame is not one paragraph with text in it. */
  readonly block: boolean;
  /** Whether long runs may be folded. */
  readonly folds: boolean;
  run: { readonly key: string; shown: number; mark: number; counted: boolean } | null;
}

/** Where a walk stands. Copied whole, so one place can be gone on from more than once. */
export interface Place {
  readonly frames: readonly Readonly<Frame>[];
  readonly pending: readonly string[];
  readonly words: string;
  readonly lines: number;
}

export interface WalkOptions {
  readonly view: SnapshotView;
  readonly describer: Describer;
  /** Items of a run shown before the rest is folded; Infinity to fold nothing. */
  readonly foldAfter: number;
  /** Takes a line if there is room. */
  offer(line: string): boolean;
  /** The cursor under which the folded rest can be had. */
  fold(rest: Place): string;
  isLate(): boolean;
}

export interface WalkEnd {
  /** Null when everything was given. */
  readonly rest: Place | null;
  readonly hidden: number;
}

const MAX_INDENT = 12;
const MAX_TEXT_CHARS = 400;
const STEPS_PER_CLOCK = 64;
/** Folding fewer than these saves nothing. */
const LEAST_FOLDED = 3;

export function placeAt(nodes: readonly Node[], folds = true): Place {
  return { frames: [frameOf(nodes, 0, false, true, folds)], pending: [], words: '', lines: 0 };
}

function frameOf(
  nodes: readonly Node[],
  depth: number,
  quiet: boolean,
  block: boolean,
  folds = true,
): Frame {
  return { nodes, index: 0, end: nodes.length, depth, quiet, block, folds, run: null };
}

function thaw(frame: Readonly<Frame>): Frame {
  return { ...frame, run: frame.run === null ? null : { ...frame.run } };
}

export function walk(from: Place, options: WalkOptions): WalkEnd {
  return new Walker(from, options).run();
}

class Walker {
  readonly #options: WalkOptions;
  readonly #frames: Frame[];
  #pending: readonly string[];
  #words: string;
  #lines: number;
  #hidden = 0;

  constructor(from: Place, options: WalkOptions) {
    this.#options = options;
    this.#frames = from.frames.map(thaw);
    this.#pending = from.pending;
    this.#words = from.words;
    this.#lines = from.lines;
  }

  run(): WalkEnd {
    for (let step = 1; ; step++) {
      if (step % STEPS_PER_CLOCK === 0 && this.#options.isLate()) break;
      if (!this.#givePending()) break;
      const frame = this.#frames.at(-1);
      if (frame === undefined) return { rest: null, hidden: this.#hidden };
      if (!this.#step(frame)) break;
    }
    return { rest: this.#here(), hidden: this.#hidden };
  }

  #here(): Place {
    const frames = this.#frames.map(thaw);
    return { frames, pending: this.#pending, words: this.#words, lines: this.#lines };
  }

  /** False when there is no room for the next line. */
  #step(frame: Frame): boolean {
    const node = frame.nodes[frame.index];
    if (frame.index >= frame.end || node === undefined) {
      if (frame.block) this.#flush(frame.depth);
      this.#frames.pop();
      return true;
    }
    if (isElement(node) && isConnected(node)) return this.#visit(node, frame);
    if (isText(node)) this.#readText(node, frame);
    frame.index++;
    return true;
  }

  #give(line: string): boolean {
    if (!this.#options.offer(line)) return false;
    this.#lines++;
    return true;
  }

  #givePending(): boolean {
    while (this.#pending.length > 0) {
      if (!this.#give(this.#pending[0] ?? '')) return false;
      this.#pending = this.#pending.slice(1);
    }
    return true;
  }

  /** Turns the words gathered so far into lines to give. True when there were any. */
  #flush(depth: number): boolean {
    const text = this.#words.replace(/\s+/gu, ' ').trim();
    this.#words = '';
    if (text === '') return false;
    const masked = this.#options.describer.sight.secrets.mask(text);
    const made = pieces(masked).map((piece) => `${indent(depth)}text ${quote(piece)}`);
    this.#pending = [...this.#pending, ...made];
    return true;
  }

  #readText(node: Text, frame: Frame): void {
    const { sight } = this.#options.describer;
    const owner = sight.tree.parentOf(node);
    const text = textContentOf(node) ?? '';
    if (owner === null || text.trim() === '') {
      if (text !== '') this.#words += ' ';
      return;
    }
    if (sight.textHidden(owner) !== null) this.#hidden++;
    else if (this.#options.view === 'full' && !frame.quiet) this.#words += text;
  }

  #visit(element: Element, frame: Frame): boolean {
    const folded = this.#tryFold(element, frame);
    if (folded !== 'not') return folded === 'folded';
    const { view, describer } = this.#options;
    const verdict = verdictOn(element, view, describer);
    if (verdict.kind === 'skip' && verdict.hidden) this.#hidden++;
    const parts = verdict.kind === 'line' || this.#isBlock(element, verdict);
    if (parts && this.#flush(frame.depth) && !this.#givePending()) return false;
    if (verdict.kind === 'line' && !this.#give(indent(frame.depth) + verdict.text())) return false;
    this.#enter(element, frame, verdict);
    return true;
  }

  #isBlock(element: Element, verdict: Verdict): boolean {
    if (verdict.kind !== 'through') return false;
    return this.#options.describer.sight.looks.of(element).style.display !== 'inline';
  }

  #enter(element: Element, frame: Frame, verdict: Verdict): void {
    frame.index++;
    if (verdict.kind === 'skip' || (verdict.kind === 'line' && verdict.inside === 'none')) return;
    const isLine = verdict.kind === 'line';
    const block = isLine || this.#isBlock(element, verdict);
    const quiet = frame.quiet || (isLine ? verdict.inside === 'quiet' : verdict.quiet);
    const depth = frame.depth + (isLine ? 1 : 0);
    const children = this.#options.describer.sight.tree.childrenOf(element);
    this.#frames.push(frameOf(children, depth, quiet, block));
  }

  /** `full` when the line of the fold found no room. */
  #tryFold(element: Element, frame: Frame): 'not' | 'folded' | 'full' {
    const key = foldKey(element);
    if (key === null || frame.run?.key !== key) {
      frame.run = key === null ? null : { key, shown: 0, mark: this.#lines, counted: false };
      return 'not';
    }
    const run = frame.run;
    if (this.#lines > run.mark) run.shown++;
    run.mark = this.#lines;
    if (!frame.folds || run.counted || run.shown < this.#options.foldAfter) return 'not';
    const rest = restOfRun(frame.nodes, frame.index, frame.end, key, this.#options.view);
    run.counted = rest.worth < LEAST_FOLDED;
    return run.counted ? 'not' : this.#fold(frame, key, rest);
  }

  #fold(frame: Frame, key: string, rest: Run): 'folded' | 'full' {
    if (this.#flush(frame.depth) && !this.#givePending()) return 'full';
    const folded: Frame = { ...frame, end: rest.end, folds: false, run: null };
    const place: Place = { frames: [folded], pending: [], words: '', lines: 0 };
    const line = foldLine(key, rest.worth, this.#options.fold(place));
    if (!this.#give(indent(frame.depth) + line)) return 'full';
    frame.index = rest.end;
    frame.run = null;
    return 'folded';
  }
}

function indent(depth: number): string {
  return '  '.repeat(Math.min(depth, MAX_INDENT));
}

/** Long text in pieces that end at a space where there is one. */
function pieces(text: string): string[] {
  const made: string[] = [];
  let rest = text;
  while (rest.length > MAX_TEXT_CHARS) {
    const space = rest.lastIndexOf(' ', MAX_TEXT_CHARS);
    const cut = space > MAX_TEXT_CHARS / 2 ? space : clip(rest, MAX_TEXT_CHARS).length - 1;
    made.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return rest === '' ? made : [...made, rest];
}
