// Which role an element plays: its own `role` attribute where that is a real role, else what HTML gives it.
// The word is always one of ours, never the page's, so it can stand unquoted in a line.
import { isEditable, isFrame, isHtml, isInput, isLink, isSelect } from '../dom/kinds.ts';
import { attributeOf, closest, hasAttribute, localNameOf } from '../dom/native.ts';

/** The concrete roles of WAI-ARIA 1.2 and Graphics-ARIA. */
export const ARIA_ROLES = new Set(
  (
    'alert alertdialog application article banner blockquote button caption cell checkbox code ' +
    'columnheader combobox complementary contentinfo definition deletion dialog directory document ' +
    'emphasis feed figure form generic grid gridcell group heading img insertion link list listbox ' +
    'listitem log main mark marquee math menu menubar menuitem menuitemcheckbox menuitemradio meter ' +
    'navigation none note option paragraph presentation progressbar radio radiogroup region row ' +
    'rowgroup rowheader scrollbar search searchbox separator slider spinbutton status strong ' +
    'subscript superscript switch tab table tablist tabpanel term textbox time timer toolbar ' +
    'tooltip tree treegrid treeitem graphics-document graphics-object graphics-symbol'
  ).split(' '),
);

/** What HTML-AAM gives elements by name alone, and words of our own for what has no ARIA role. */
const ROLE_OF_TAG: Readonly<Record<string, string>> = {
  article: 'article',
  aside: 'complementary',
  audio: 'audio',
  blockquote: 'blockquote',
  button: 'button',
  canvas: 'canvas',
  caption: 'caption',
  code: 'code',
  datalist: 'listbox',
  dd: 'definition',
  details: 'group',
  dialog: 'dialog',
  dt: 'term',
  embed: 'embed',
  fieldset: 'group',
  figure: 'figure',
  frame: 'iframe',
  h1: 'heading',
  h2: 'heading',
  h3: 'heading',
  h4: 'heading',
  h5: 'heading',
  h6: 'heading',
  hgroup: 'group',
  hr: 'separator',
  iframe: 'iframe',
  li: 'listitem',
  main: 'main',
  math: 'math',
  menu: 'list',
  meter: 'meter',
  nav: 'navigation',
  object: 'embed',
  ol: 'list',
  optgroup: 'group',
  option: 'option',
  output: 'status',
  p: 'paragraph',
  progress: 'progressbar',
  search: 'search',
  summary: 'button',
  table: 'table',
  tbody: 'rowgroup',
  td: 'cell',
  textarea: 'textbox',
  tfoot: 'rowgroup',
  th: 'columnheader',
  thead: 'rowgroup',
  time: 'time',
  tr: 'row',
  ul: 'list',
  video: 'video',
};

const ROLE_OF_INPUT: Readonly<Record<string, string>> = {
  button: 'button',
  checkbox: 'checkbox',
  color: 'button',
  file: 'button',
  hidden: 'none',
  image: 'button',
  number: 'spinbutton',
  radio: 'radio',
  range: 'slider',
  reset: 'button',
  search: 'searchbox',
  submit: 'button',
};

/** Sections whose header and footer belong to them, not to the page. */
const SECTIONING = 'article, aside, main, nav, section';

export function roleOf(element: Element): string {
  const explicit = explicitRole(element);
  if (explicit !== null && explicit !== 'none' && explicit !== 'presentation') return explicit;
  const implicit = implicitRole(element);
  return explicit === null || isOperable(element) ? implicit : 'none';
}

function explicitRole(element: Element): string | null {
  const attribute = attributeOf(element, 'role');
  if (attribute === null) return null;
  for (const word of attribute.slice(0, 200).toLowerCase().split(/\s+/u)) {
    if (ARIA_ROLES.has(word)) return word === 'presentation' ? 'none' : word;
  }
  return null;
}

function implicitRole(element: Element): string {
  const name = localNameOf(element);
  if (isInput(element)) return inputRole(element);
  if (isSelect(element)) return element.multiple || element.size > 1 ? 'listbox' : 'combobox';
  if (isEditable(element) && isEditingHost(element)) return 'textbox';
  if (name === 'form' || name === 'section') return isNamed(element) ? landmark(name) : 'generic';
  if (name === 'header' || name === 'footer') return edgeRole(element, name);
  if (name === 'a' || name === 'area') return isLink(element) ? 'link' : 'generic';
  if (name === 'img' || name === 'svg') return imageRole(element, name);
  return (isHtml(element) ? ROLE_OF_TAG[name] : undefined) ?? 'generic';
}

function edgeRole(element: Element, name: string): string {
  if (closest(element, SECTIONING) !== null) return 'generic';
  return name === 'header' ? 'banner' : 'contentinfo';
}

function imageRole(element: Element, name: string): string {
  if (name === 'svg') return isNamed(element) ? 'img' : 'none';
  return attributeOf(element, 'alt') === '' && !isNamed(element) ? 'none' : 'img';
}

function landmark(name: string): string {
  return name === 'form' ? 'form' : 'region';
}

function isNamed(element: Element): boolean {
  return (
    hasAttribute(element, 'aria-label') ||
    hasAttribute(element, 'aria-labelledby') ||
    hasAttribute(element, 'title')
  );
}

function inputRole(input: HTMLInputElement): string {
  const role = ROLE_OF_INPUT[input.type] ?? 'textbox';
  const suggests = hasAttribute(input, 'list');
  return suggests && (role === 'textbox' || role === 'searchbox') ? 'combobox' : role;
}

/** The outermost editable element: what is inside edits as part of it. */
function isEditingHost(element: HTMLElement): boolean {
  const mode = attributeOf(element, 'contenteditable');
  return mode !== null && mode.toLowerCase() !== 'false';
}

function isOperable(element: Element): boolean {
  return (
    isLink(element) ||
    hasAttribute(element, 'tabindex') ||
    isInput(element) ||
    isFrame(element) ||
    /^(button|select|textarea|summary)$/u.test(localNameOf(element))
  );
}

const ACTIONABLE = new Set(
  (
    'button checkbox combobox link listbox menuitem menuitemcheckbox menuitemradio option radio ' +
    'scrollbar searchbox slider spinbutton switch tab textbox treeitem'
  ).split(' '),
);

export function isActionableRole(role: string): boolean {
  return ACTIONABLE.has(role);
}

const LANDMARKS = new Set(
  'banner complementary contentinfo form main navigation region search'.split(' '),
);

export function isLandmarkRole(role: string): boolean {
  return LANDMARKS.has(role);
}

const NAMED_BY_CONTENT = new Set(
  (
    'button cell checkbox columnheader gridcell heading link menuitem menuitemcheckbox ' +
    'menuitemradio option radio row rowheader switch tab tooltip treeitem'
  ).split(' '),
);

export function isNamedByContent(role: string): boolean {
  return NAMED_BY_CONTENT.has(role);
}
