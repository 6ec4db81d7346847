// One act on the page from end to end: prepare, look, do, let the page come to rest, look again, and say
// what the difference is. An act after which nothing is different says so.
import { ok, type Result } from '../../wire/failure.ts';
import type { ActEffect, ActOutcome } from '../../wire/page.ts';
import { isElement } from '../dom/kinds.ts';
import { boxOf, parentNodeOf, textContentOf, windowOf } from '../dom/native.ts';
import { look, type Run } from '../run.ts';
import { isTextField, type Describer } from '../snapshot/line.ts';
import { lineOrText } from '../snapshot/text-line.ts';
import { estimateTokens } from '../tokens.ts';
import { capture, WEIGHT, type Captured } from './capture.ts';
import { changesBetween, sayChanges, type Change, type Seen } from './diff.ts';
import { focusedIn } from './focus.ts';
import { startWatch, type Departure, type Watch } from './watch.ts';

/** An act made ready: its element is found, in view and can be reached. */
export interface Prepared<Extra> {
  readonly element: Element | null;
  /** Done with the pointer, which puts the focus where it is wanted. */
  readonly isPointed?: boolean;
  perform(): Result<Performed<Extra>> | Promise<Result<Performed<Extra>>>;
}

export interface Performed<Extra> {
  /** It is known that something changed, so a page that stays silent need not be waited for. */
  readonly isKnown: boolean;
  readonly note?: string;
  readonly extra: Extra;
}

const DIFF_TOKENS = 60;
const MAX_OFF_SCREEN = 3;

export async function act<Extra extends object>(
  run: Run,
  prepare: (describer: Describer) => Result<Prepared<Extra>>,
): Promise<Result<ActOutcome & Extra>> {
  const prepared = prepare(look(run.page));
  if (!prepared.ok) return prepared;
  return run.page.noise.ignoreWhile(() => carryOut(run, prepared.value));
}

async function carryOut<Extra extends object>(
  run: Run,
  prepared: Prepared<Extra>,
): Promise<Result<ActOutcome & Extra>> {
  const before = standing(run);
  const watch = startWatch(run);
  try {
    const performed = await prepared.perform();
    if (!performed.ok) return performed;
    const { departure } = await watch.settle({ isKnown: performed.value.isKnown });
    const outcome =
      departure === null ? compare(run, before, prepared, watch) : departed(departure);
    const { note, extra } = performed.value;
    const { documentId } = run.page.refs;
    return ok({ documentId, ...outcome, ...(note === undefined ? {} : { note }), ...extra });
  } finally {
    watch.stop();
  }
}

type Outcome = Omit<ActOutcome, 'documentId' | 'note'>;

function departed({ kind, url }: Departure): Outcome {
  return { effect: kind, diff: '', url: url.slice(0, 2_000) };
}

/** What an act is compared against. */
interface Standing extends Captured {
  readonly focused: Element | null;
  readonly url: string;
  readonly scroll: string;
}

function standing(run: Run, describer: Describer = look(run.page)): Standing {
  const { tree } = run.page;
  const view = windowOf(tree.top);
  return {
    ...capture(describer),
    focused: focusedIn(tree),
    url: tree.top.URL,
    scroll: view === null ? '' : `${Math.round(view.scrollX)},${Math.round(view.scrollY)}`,
  };
}

function compare<Extra>(
  run: Run,
  before: Standing,
  { element, isPointed }: Prepared<Extra>,
  watch: Watch,
): Outcome {
  const describer = look(run.page);
  const after = standing(run, describer);
  const moved = after.scroll !== before.scroll;
  const looks = { before, after, run, describer, watch };
  const changes = changesBetween(before.seen, after.seen).filter(
    (change) =>
      !run.page.noise.has(change.key) && isOwn(change, before, after) && isSure(change, looks),
  );
  const quiet = isPointed === true && isTextField(element) ? null : element;
  const lines = [
    ...changes.map((change) => sayChange(change, describer)),
    ...offScreen(run, describer, after.seen, watch),
    ...focusMove(before, after, quiet, describer),
  ];
  // Content growing above the fold scrolls too: worth a word only when it is all there was.
  if (moved && lines.length === 0) lines.push('~ scrolled');
  const diff = sayChanges(lines, DIFF_TOKENS, estimateTokens);
  const navigated = after.url !== before.url;
  const effect = effectOf(changes, lines.length > 0, navigated);
  return { effect, diff, ...(navigated ? { url: after.url.slice(0, 2_000) } : {}) };
}

function effectOf(
  changes: readonly Change<Element>[],
  anything: boolean,
  navigated: boolean,
): ActEffect {
  if (navigated) return 'nav';
  if (changes.some(({ kind, weight }) => kind === '+' && weight >= WEIGHT.dialog)) return 'dialog';
  return anything ? 'dom' : 'none';
}

interface Looks {
  readonly before: Standing;
  readonly after: Standing;
  readonly run: Run;
  readonly describer: Describer;
  readonly watch: Watch;
}

/** What only came into sight or went out of it, as things moved, has not come or gone. */
function isOwn({ kind, key }: Change<Element>, before: Standing, after: Standing): boolean {
  const { farOff } = kind === '+' ? before : after;
  if (kind === '~' || farOff.size === 0) return true;
  for (let at: Node | null = key; at !== null; at = parentNodeOf(at)) {
    if (isElement(at) && farOff.has(at)) return false;
  }
  return true;
}

/** Where not all could be looked at, only what was seen to come or go counts. */
function isSure({ kind, key }: Change<Element>, looks: Looks): boolean {
  const { before, after, run, describer, watch } = looks;
  if (kind === '~' || (before.complete && after.complete)) return true;
  if (kind === '-') return !run.page.tree.isPresent(key) || describer.sight.gone(key) !== null;
  for (let at: Node | null = key; at !== null; at = parentNodeOf(at)) {
    if (watch.arrived.has(at)) return true;
  }
  return false;
}

function sayChange({ kind, key, line }: Change<Element>, describer: Describer): string {
  if (kind === '-' || line.startsWith('text ')) return `${kind} ${line}`;
  const ref = describer.refs.refOf(key, describer.bound(key));
  return `${kind} ${line} [ref=${ref}]`;
}

/** New things further down or up than was looked at. */
function offScreen(
  run: Run,
  describer: Describer,
  seen: ReadonlyMap<Element, Seen>,
  watch: Watch,
): string[] {
  const lines: string[] = [];
  for (const node of watch.changed) {
    const element = isElement(node) ? node : parentNodeOf(node);
    if (!isElement(element) || seen.has(element) || lines.length >= MAX_OFF_SCREEN) continue;
    if (!isTellingOffScreen(element, run, describer)) continue;
    lines.push(`~ off screen: ${lineOrText(element, describer)}`);
  }
  return lines;
}

function isTellingOffScreen(element: Element, run: Run, { sight }: Describer): boolean {
  if (!run.page.tree.isPresent(element) || run.page.noise.has(element)) return false;
  if (/^(html|body|head)$/u.test(element.localName) || sight.gone(element) !== null) return false;
  const { top, bottom, height } = boxOf(element);
  const view = windowOf(element.ownerDocument);
  if (height === 0 || view === null || (bottom >= 0 && top <= view.innerHeight)) return false;
  return (textContentOf(element) ?? '').trim() !== '';
}

/** The focus on what was acted on says nothing new, unless it was clicked to be typed in. */
function focusMove(
  before: Standing,
  { focused }: Standing,
  acted: Element | null,
  describer: Describer,
): string[] {
  if (focused === null || focused === before.focused || focused === acted) return [];
  return [`~ focus on ${describer.line(focused)}`];
}
