// Writing text into fields so that frameworks notice: through the platform's own setter, which a framework's
// record of the last value does not see, then the events that typing ends in.
import { fail, ok, type Result } from '../../wire/failure.ts';
import { isInput } from '../dom/kinds.ts';
import { execCommand, ownerDocumentOf, setNative, textContentOf, windowOf } from '../dom/native.ts';
import { collapse, quote } from '../quote.ts';
import type { Describer } from '../snapshot/line.ts';
import { MASK } from '../secrets.ts';
import type { Run } from '../run.ts';
import { focus } from './focus.ts';

export interface SetContext {
  readonly run: Run;
  readonly describer: Describer;
}

export type TextControl = HTMLInputElement | HTMLTextAreaElement;

/** What the platform accepts as a value, by type of input. */
const FORMS: Readonly<Record<string, string>> = {
  date: 'a date as YYYY-MM-DD',
  time: 'a time as HH:MM',
  'datetime-local': 'a date and time as YYYY-MM-DDTHH:MM',
  month: 'a month as YYYY-MM',
  week: 'a week as YYYY-Www',
  number: 'a number such as 12 or 1.5',
  range: 'a number within its range',
  color: 'a colour as #rrggbb',
};

export function writeText(field: TextControl, text: string, context: SetContext): Result<null> {
  const { run, describer } = context;
  const refusal = refuse(field, text, describer);
  if (refusal !== null) return refusal;
  focus(field, run.page.tree);
  const before = field.value;
  if (!announceInput(field, 'beforeinput', text)) return afterwards(field, before, text, describer);
  setValue(field, text);
  if (field.value === '' && text !== '') return refuseForm(field, before, describer);
  announceInput(field, 'input', text);
  field.dispatchEvent(new Event('change', { bubbles: true }));
  return afterwards(field, before, text, describer);
}

/** The value as the platform keeps it, without a word to the page. */
export function setValue(field: TextControl, text: string): void {
  const owner = isInput(field) ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
  setNative(field, owner, 'value', text);
}

export function announceInput(
  field: Element,
  type: 'beforeinput' | 'input',
  data: string,
): boolean {
  return field.dispatchEvent(
    new InputEvent(type, {
      bubbles: true,
      cancelable: type === 'beforeinput',
      composed: true,
      inputType: 'insertText',
      data,
    }),
  );
}

function refuse(field: TextControl, text: string, describer: Describer): Result<never> | null {
  if (isInput(field) && /^(file|button|submit|reset|image|hidden)$/u.test(field.type)) {
    return fail(
      'bad_arguments',
      `${describer.line(field)} takes no text.`,
      field.type === 'file' ? 'Ask the person to choose the file.' : 'Click it instead.',
    );
  }
  if (field.readOnly) {
    return fail(
      'no_effect',
      `${describer.line(field)} can be read but not changed.`,
      'Look for a button or picker beside it that sets it.',
    );
  }
  if (field.maxLength < 0 || text.length <= field.maxLength) return null;
  return fail(
    'bad_arguments',
    `${describer.line(field)} holds at most ${field.maxLength} characters, not ${text.length}.`,
    'Send a shorter value.',
  );
}

function refuseForm(field: TextControl, before: string, describer: Describer): Result<never> {
  setValue(field, before);
  return fail(
    'bad_arguments',
    `${describer.line(field)} expects ${FORMS[field.type] ?? 'another kind of value'}.`,
    'Send the value in that form.',
  );
}

/** A page may tidy what it is given, but not put back what was there. */
function afterwards(
  field: TextControl,
  before: string,
  text: string,
  describer: Describer,
): Result<null> {
  if (field.value === text || field.value !== before || before === text) return ok(null);
  const kept = describer.sight.secrets.isSecret(field) ? MASK : quote(before.slice(0, 80));
  return fail(
    'no_effect',
    `${describer.line(field)} kept ${kept}: the page undid the change.`,
    'Take a snapshot to see what the page asks for, or press keys in the field one by one.',
  );
}

/** Rich text: replaced as typing over a selection would, so that the editor's own model follows. */
export function writeEditable(
  element: HTMLElement,
  text: string,
  { run, describer }: SetContext,
): Result<null> {
  const home = ownerDocumentOf(element);
  const selection = home === null ? null : (windowOf(home)?.getSelection() ?? null);
  if (home === null || selection === null) {
    return fail('unavailable', `${describer.line(element)} cannot be edited.`, 'Click it first.');
  }
  focus(element, run.page.tree);
  selection.selectAllChildren(element);
  const did =
    text === ''
      ? execCommand(home, 'delete', false, '')
      : execCommand(home, 'insertText', false, text);
  if (did && holds(element, text)) return ok(null);
  if (announceInput(element, 'beforeinput', text)) {
    element.textContent = text;
    announceInput(element, 'input', text);
  }
  if (holds(element, text)) return ok(null);
  return fail(
    'no_effect',
    `${describer.line(element)} did not take the text: its editor put back its own.`,
    'Click in it, then press keys, or use a plain field if the page offers one.',
  );
}

/** Whatever the editor wraps its paragraphs in. */
function holds(element: Element, text: string): boolean {
  return withoutSpace(textContentOf(element) ?? '') === withoutSpace(text);
}

function withoutSpace(text: string): string {
  return collapse(text).replace(/\s/gu, '');
}
