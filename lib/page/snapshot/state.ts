// What an element is at the moment: checked, open, required, its value. Words of ours in brackets; the
// page's words among them always quoted.
import { isEditable, isInput, isSelect, isTextArea } from '../dom/kinds.ts';
import { attributeOf, closest, hasAttribute, localNameOf, matches } from '../dom/native.ts';
import { visibleText, type Sight } from '../dom/sight.ts';
import { clip, quote } from '../quote.ts';
import { MASK } from '../secrets.ts';

const MAX_VALUE_CHARS = 80;

/** States in a fixed order, each a token of its own, ready to be joined by spaces. */
export function statesOf(element: Element, role: string): readonly string[] {
  const states: string[] = [];
  const add = (state: string | null): void => void (state !== null && states.push(state));
  add(role === 'heading' ? `[level=${levelOf(element)}]` : null);
  add(typeOf(element));
  add(checkedOf(element));
  add(flag(element, 'aria-pressed', '[pressed]', '[pressed=mixed]'));
  add(selectedOf(element));
  add(expandedOf(element));
  add(isDisabled(element) ? '[disabled]' : null);
  add(isRequired(element) ? '[required]' : null);
  add(isReadOnly(element) ? '[readonly]' : null);
  add(isInvalid(element) ? '[invalid]' : null);
  add(hasAttribute(element, 'aria-current') ? currentOf(element) : null);
  add(attributeOf(element, 'aria-busy') === 'true' ? '[busy]' : null);
  return states;
}

export function isDisabled(element: Element): boolean {
  if (matches(element, ':disabled')) return true;
  return closest(element, '[aria-disabled=true], [inert]') !== null;
}

function levelOf(element: Element): number {
  const attribute = Number.parseInt(attributeOf(element, 'aria-level') ?? '', 10);
  if (attribute >= 1 && attribute <= 9) return attribute;
  const digit = /^h([1-6])$/u.exec(localNameOf(element))?.[1];
  return digit === undefined ? 2 : Number(digit);
}

const TYPES_WORTH_SAYING = new Set(
  'password email tel url date time datetime-local month week color file'.split(' '),
);

function typeOf(element: Element): string | null {
  if (!isInput(element) || !TYPES_WORTH_SAYING.has(element.type)) return null;
  return `[type=${element.type}]`;
}

function checkedOf(element: Element): string | null {
  if (isInput(element) && (element.type === 'checkbox' || element.type === 'radio')) {
    if (element.indeterminate) return '[checked=mixed]';
    return element.checked ? '[checked]' : null;
  }
  return flag(element, 'aria-checked', '[checked]', '[checked=mixed]');
}

function flag(element: Element, name: string, on: string, mixed: string): string | null {
  const value = attributeOf(element, name);
  return value === 'true' ? on : value === 'mixed' ? mixed : null;
}

function selectedOf(element: Element): string | null {
  if (localNameOf(element) === 'option') return matches(element, ':checked') ? '[selected]' : null;
  return flag(element, 'aria-selected', '[selected]', '[selected]');
}

function expandedOf(element: Element): string | null {
  if (localNameOf(element) === 'summary') {
    return closest(element, 'details[open]') === null ? '[collapsed]' : '[expanded]';
  }
  const value = attributeOf(element, 'aria-expanded');
  return value === 'true' ? '[expanded]' : value === 'false' ? '[collapsed]' : null;
}

function isRequired(element: Element): boolean {
  return hasAttribute(element, 'required') || attributeOf(element, 'aria-required') === 'true';
}

function isReadOnly(element: Element): boolean {
  if (attributeOf(element, 'aria-readonly') === 'true') return true;
  return (isInput(element) || isTextArea(element)) && element.readOnly;
}

function isInvalid(element: Element): boolean {
  const value = attributeOf(element, 'aria-invalid');
  return value !== null && value !== 'false' && value !== '';
}

function currentOf(element: Element): string | null {
  return attributeOf(element, 'aria-current') === 'false' ? null : '[current]';
}

/** `value=…` of a field, quoted or masked; null when it has none or is empty. */
export function valueOf(element: Element, role: string, sight: Sight): string | null {
  const value = rawValue(element, role, sight);
  if (value === null || value === '') return null;
  if (sight.secrets.isSecret(element)) return `value=${MASK}`;
  return `value=${quote(clip(sight.secrets.mask(value.slice(0, 2_000)), MAX_VALUE_CHARS))}`;
}

const NO_VALUE_INPUTS = new Set('checkbox radio button submit reset image hidden'.split(' '));

function rawValue(element: Element, role: string, sight: Sight): string | null {
  if (isInput(element)) {
    if (element.type === 'file') return fileNames(element);
    return NO_VALUE_INPUTS.has(element.type) ? null : element.value;
  }
  if (isTextArea(element)) return element.value;
  if (isSelect(element)) return selectedLabels(element);
  if (role === 'textbox' && isEditable(element)) {
    return visibleText(element, sight, MAX_VALUE_CHARS);
  }
  if (/^(slider|spinbutton|progressbar|meter|scrollbar)$/u.test(role)) return rangeValue(element);
  return null;
}

function fileNames(input: HTMLInputElement): string {
  return [...(input.files ?? [])].map((file) => file.name).join(', ');
}

function selectedLabels(select: HTMLSelectElement): string {
  return [...select.selectedOptions]
    .slice(0, 10)
    .map((option) => option.label)
    .join(', ');
}

function rangeValue(element: Element): string | null {
  return (
    attributeOf(element, 'aria-valuetext') ??
    attributeOf(element, 'aria-valuenow') ??
    attributeOf(element, 'value')
  );
}
