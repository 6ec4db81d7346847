// Making an annotation: the button beside a selection, the card, saving. What a person wrote is never lost: a
// refusal leaves it in the card, and the card outlives a change of address.
import type { PageAnnotations } from '../wire/annotator.ts';
import type { Failure } from '../wire/failure.ts';
import { ok } from '../wire/failure.ts';
import { describeRange } from './anchor-describe.ts';
import { pace } from './anchor-pace.ts';
import { buildPageText, pageRoot } from './anchor-text.ts';
import { createComposeCard, createNoSpaceCard } from './annotator-compose.ts';
import { PEN_SHAPE, button, el, icon } from './annotator-element.ts';
import type { Float, Piece } from './annotator-float.ts';
import type { AnnotatorHost, Draft } from './annotator-host.ts';
import type { AnnotatorModel } from './annotator-model.ts';
import type { Painter } from './highlight-paint.ts';
import { DRAFT_HIGHLIGHT } from './highlight-style.ts';

export interface Drafting {
  /** Shows the button beside the selection, or takes it away. A key brings it only for a new selection. */
  offer(byKey: boolean): void;
  /** Opens the card for the selection. */
  begin(): Promise<void>;
  /** Spaces may have come. */
  stateChanged(): void;
}

export interface DraftingParts {
  readonly model: AnnotatorModel;
  readonly host: Pick<AnnotatorHost, 'openPanel'>;
  readonly float: Float;
  readonly painter: Painter;
  readonly signal: AbortSignal;
}

type Passage = Pick<Draft, 'url' | 'target'> & { readonly range: Range };

const HINT_MS = 4_000;

export function createDrafting({ model, host, float, painter, signal }: DraftingParts): Drafting {
  let waiting: Passage | null = null;
  let handled: Range | null = null;
  let focused: Element | null = null;

  const show = (piece: Piece): void => {
    painter.tint(DRAFT_HIGHLIGHT, [piece.range]);
    float.show({ ...piece, closed: () => painter.tint(DRAFT_HIGHLIGHT, []) });
  };
  const cancel = (): void => {
    float.close();
    refocus(focused);
    if (handled !== null) select(handled);
  };
  const compose = (passage: Passage, page: PageAnnotations): void => {
    waiting = null;
    const card = createComposeCard({
      quote: passage.target.quote.exact,
      page,
      cancel,
      save: (note, spaceId) => void save(passage, note, spaceId, card.fail),
    });
    show({ kind: 'compose', range: passage.range, ...card });
    card.focus();
  };
  const save = async (
    { url, target }: Passage,
    note: string,
    spaceId: string,
    refuse: (failure: Failure) => void,
  ): Promise<void> => {
    const card = float.current();
    const title = document.title.slice(0, 300);
    const reply = await model.create({ url, spaceId, target, note, title });
    if (!reply.ok) refuse(reply.failure);
    else if (card !== null && float.close(card)) refocus(focused);
    float.place();
  };
  const wait = (passage: Passage): void => {
    waiting = passage;
    const element = createNoSpaceCard(host.openPanel, cancel);
    show({
      kind: 'compose',
      range: passage.range,
      element,
      key: (event) => (event.key === 'Escape' ? cancel() : undefined),
    });
    element.querySelector<HTMLElement>('.primary')?.focus({ preventScroll: true });
  };
  const hint = (words: string, range: Range): void => showHint(float, words, range);

  const begin = async (): Promise<void> => {
    if (float.current()?.isDirty?.() === true) return;
    const range = selectedRange();
    if (range === null) return hint('Select some text first, then annotate it.', cornerRange());
    handled = range;
    focused = document.activeElement;
    const read = await pace(buildPageText(pageRoot()), signal);
    const url = model.url();
    if (read === null) return;
    const target = describeRange(read.value, range);
    if (target === null || url === null) return hint('This text cannot be annotated.', range);
    const known = model.page();
    const page = known === null ? await model.open(url) : ok(known);
    if (!page.ok) return hint(`${page.failure.message} ${page.failure.remedy}`, range);
    const passage = { url, target, range };
    if (canKeep(page.value)) compose(passage, page.value);
    else wait(passage);
  };

  return {
    begin,
    offer(byKey) {
      const range = selectedRange();
      const kind = float.current()?.kind;
      if (kind === 'compose' || (byKey && isSame(range, handled))) return;
      if (range === null || isInEditor(range)) {
        if (kind === 'button') float.close();
        return;
      }
      float.show({ kind: 'button', range, element: createAnnotateButton(() => void begin()) });
    },
    stateChanged() {
      const page = model.page();
      if (waiting === null || float.current()?.kind !== 'compose') return;
      if (page !== null && canKeep(page)) compose(waiting, page);
    },
  };
}

function showHint(float: Float, words: string, range: Range): void {
  const element = el('div', { class: 'float hint', role: 'status' }, words);
  const piece: Piece = { kind: 'hint', range, element };
  float.show(piece);
  setTimeout(() => float.close(piece), HINT_MS);
}

function createAnnotateButton(begin: () => void): HTMLElement {
  const element = button('float annotate', 'Annotate', begin, 'Annotate (Alt+Shift+A)');
  element.prepend(icon(PEN_SHAPE, 'pen'));
  // A press must not take the selection away.
  element.addEventListener('mousedown', (event) => event.preventDefault());
  return element;
}

function canKeep(page: PageAnnotations): boolean {
  return page.person !== null && page.spaces.length > 0;
}

/** A copy of what is selected in the page, or null if no text is. */
function selectedRange(): Range | null {
  const selection = document.getSelection();
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0).cloneRange();
  return range.toString().trim() === '' ? null : range;
}

function isInEditor({ commonAncestorContainer: node }: Range): boolean {
  const element = node instanceof HTMLElement ? node : node.parentElement;
  return element?.isContentEditable === true;
}

function isSame(one: Range | null, other: Range | null): boolean {
  return (
    one !== null &&
    one.startContainer === other?.startContainer &&
    one.endContainer === other.endContainer &&
    one.startOffset === other.startOffset &&
    one.endOffset === other.endOffset
  );
}

function refocus(element: Element | null): void {
  if (element instanceof HTMLElement) element.focus({ preventScroll: true });
}

function select(range: Range): void {
  const selection = document.getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
}

/** Stands for the top left corner of the page where there is no passage. */
function cornerRange(): Range {
  const range = document.createRange();
  range.setStart(pageRoot(), 0);
  return range;
}
