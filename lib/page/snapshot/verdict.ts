// What a view makes of an element: a line, a way to its children, or nothing.
import type { SnapshotView } from '../../wire/page.ts';
import { isFrame, isInput, isLabel, isSelect } from '../dom/kinds.ts';
import { localNameOf, matches, selectAll, selectFirst, textContentOf } from '../dom/native.ts';
import { isWordless, visibleText, type Sight } from '../dom/sight.ts';
import { quote } from '../quote.ts';
import type { Describer } from './line.ts';
import { isLandmarkRole } from './role.ts';

export type Verdict =
  /** Not shown. `hidden` when a person cannot see it and it holds something. */
  | { readonly kind: 'skip'; readonly hidden: boolean }
  /** No line of its own; `quiet` when its text is some field's name. */
  | { readonly kind: 'through'; readonly quiet: boolean }
  /** A line; then its children, or none, or only what can be acted on (their text is in the name already). */
  | { readonly kind: 'line'; readonly inside: 'all' | 'quiet' | 'none'; text(): string };

/** What marks something worth acting on, for quick looks into subtrees not walked yet. */
export const ACTION_SELECTOR =
  'a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, ' +
  '[role=button], [role=link], [role=checkbox], [role=radio], [role=switch], [role=tab], ' +
  '[role=menuitem], [role=option], [role=textbox], [role=combobox], [role=slider], ' +
  '[onclick], [tabindex="0"], [contenteditable=""], [contenteditable=true]';

const SKIP: Verdict = { kind: 'skip', hidden: false };
const THROUGH: Verdict = { kind: 'through', quiet: false };
const QUIETLY: Verdict = { kind: 'through', quiet: true };
const MAX_CONTEXT_CHARS = 60;
const MAX_ALERT_CHARS = 200;
const NEVER = new Set('script style noscript template head link meta title base'.split(' '));
const CONTAINERS = new Set(
  'dialog alertdialog tabpanel tablist toolbar menu menubar tree radiogroup feed'.split(' '),
);
const STRUCTURE = new Set('table grid treegrid list article figure group'.split(' '));

export function verdictOn(element: Element, view: SnapshotView, describer: Describer): Verdict {
  if (NEVER.has(localNameOf(element))) return SKIP;
  const { sight } = describer;
  if (view === 'outline' && !hasStructure(element, sight)) return SKIP;
  if (isLabel(element) && element.control !== null) return QUIETLY;
  const gone = sight.gone(element);
  if (gone !== null) {
    if (isCoveredChoice(element, sight))
      return view === 'outline' ? SKIP : line(element, describer, 'none');
    return { kind: 'skip', hidden: hasContent(element) };
  }
  if (sight.looks.of(element).style.visibility !== 'visible') return THROUGH;
  const role = describer.role(element);
  if (view === 'outline') return outline(element, role, describer);
  if (describer.isActionable(element)) return actionable(element, role, describer);
  return context(element, role, view, describer);
}

function line(element: Element, describer: Describer, inside: 'all' | 'quiet' | 'none'): Verdict {
  return { kind: 'line', inside, text: () => describer.line(element) };
}

/** A drawn checkbox, radio or file button: the real one is invisible over or beside its visible label. */
function isCoveredChoice(element: Element, sight: Sight): boolean {
  if (!isInput(element) || !/^(checkbox|radio|file)$/u.test(element.type)) return false;
  const parent = sight.tree.parentOf(element);
  if (parent !== null && sight.gone(parent) !== null) return false;
  if (sight.looks.of(element).gone === 'display') return false;
  return [...(element.labels ?? [])].some((label) => sight.gone(label) === null);
}

function hasContent(element: Element): boolean {
  if (isWordless(element)) return isInput(element);
  return (
    (textContentOf(element) ?? '').trim() !== '' || selectFirst(element, ACTION_SELECTOR) !== null
  );
}

function actionable(element: Element, role: string, describer: Describer): Verdict {
  if (role === 'textbox' || isSelect(element) || isInput(element))
    return line(element, describer, 'none');
  if (role === 'listbox' || role === 'combobox') return line(element, describer, 'all');
  if (describer.facts(element).name.text.endsWith('…')) return line(element, describer, 'all');
  const nested =
    describer.sight.tree.shadowOf(element) !== null ||
    selectFirst(element, ACTION_SELECTOR) !== null;
  return line(element, describer, nested ? 'quiet' : 'none');
}

function context(
  element: Element,
  role: string,
  view: SnapshotView,
  describer: Describer,
): Verdict {
  if (role === 'heading') return line(element, describer, 'quiet');
  if (isLandmarkRole(role) || CONTAINERS.has(role)) return line(element, describer, 'all');
  if (isFrame(element)) return line(element, describer, 'all');
  if (role === 'alert' || role === 'status') return spoken(element, view, describer);
  if (role === 'row' || role === 'listitem') return item(element, role, view, describer);
  if (role === 'table' || role === 'grid' || role === 'treegrid') {
    const worth = view === 'full' || selectFirst(element, ACTION_SELECTOR) !== null;
    return worth ? line(element, describer, 'all') : THROUGH;
  }
  if (role === 'group' || (view === 'full' && (role === 'img' || role === 'list'))) {
    const named = role === 'list' || describer.facts(element).name.text !== '';
    return named ? line(element, describer, 'all') : THROUGH;
  }
  return isWordless(element) && localNameOf(element) !== 'svg'
    ? mediaVerdict(role, element, describer)
    : THROUGH;
}

function mediaVerdict(role: string, element: Element, describer: Describer): Verdict {
  const shown = role === 'video' || role === 'audio' || role === 'canvas' || role === 'embed';
  return shown ? line(element, describer, 'none') : SKIP;
}

/** A live message: its words are the point, so they stand in its line. */
function spoken(element: Element, view: SnapshotView, describer: Describer): Verdict {
  if (view === 'full') return line(element, describer, 'all');
  const words = visibleText(element, describer.sight, MAX_ALERT_CHARS);
  if (words === '') return THROUGH;
  return withText(element, words, describer);
}

/** A row or list item around actions, with the words that tell one from the next. */
function item(element: Element, role: string, view: SnapshotView, describer: Describer): Verdict {
  if (view === 'full') return { kind: 'line', inside: 'all', text: () => role };
  if (selectFirst(element, ACTION_SELECTOR) === null) return THROUGH;
  const words = visibleText(
    element,
    describer.sight,
    MAX_CONTEXT_CHARS,
    (part) =>
      describer.isActionable(part) ||
      describer.role(part) === 'heading' ||
      describer.role(part) === 'list',
  );
  return words === ''
    ? THROUGH
    : withText(element, words.slice(0, MAX_CONTEXT_CHARS), describer, role);
}

function withText(element: Element, words: string, describer: Describer, role?: string): Verdict {
  return {
    kind: 'line',
    inside: 'all',
    text: () => `${role ?? describer.role(element)} ${quote(words)}`,
  };
}

const STRUCTURE_SELECTOR =
  'h1, h2, h3, h4, h5, h6, main, nav, header, footer, aside, section, form, search, dialog, table, ' +
  'ul, ol, menu, article, figure, fieldset, details, iframe, frame, slot, [role], [popover]';

/** Lets an outline pass by whatever holds nothing for it without a look at styles. */
function hasStructure(element: Element, { tree }: Sight): boolean {
  if (matches(element, STRUCTURE_SELECTOR) || selectFirst(element, STRUCTURE_SELECTOR) !== null) {
    return true;
  }
  if (tree.shadowOf(element) !== null) return true;
  for (const inside of selectAll(element, '*')) if (tree.shadowOf(inside) !== null) return true;
  return false;
}

function outline(element: Element, role: string, describer: Describer): Verdict {
  if (role === 'heading') return line(element, describer, 'none');
  if (isLandmarkRole(role) || CONTAINERS.has(role) || isFrame(element)) {
    return line(element, describer, 'all');
  }
  if (!STRUCTURE.has(role)) return THROUGH;
  if (role === 'group' && describer.facts(element).name.text === '') return THROUGH;
  const counted = countOf(element, role);
  return {
    kind: 'line',
    inside: counted === '' ? 'all' : 'none',
    text: () => describer.line(element) + counted,
  };
}

function countOf(element: Element, role: string): string {
  if (role === 'list')
    return ` [items=${selectAll(element, ':scope > li, [role=listitem]').length}]`;
  if (!/grid|table/u.test(role)) return '';
  return ` [rows=${selectAll(element, 'tr, [role=row]').length}]`;
}
