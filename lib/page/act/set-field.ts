// Setting one field to a value, by the kind of field it is, and making sure that it took it.
import { fail, ok, type Result } from '../../wire/failure.ts';
import { isEditable, isInput, isSelect, isTextArea } from '../dom/kinds.ts';
import { attributeOf, selectFirst } from '../dom/native.ts';
import type { Describer } from '../snapshot/line.ts';
import { chooseOptions } from './choose.ts';
import { writeEditable, writeText, type SetContext } from './write.ts';
import type { Target } from './point.ts';
import { clickOnce } from './pointer.ts';

export type FieldValue = string | number | boolean;

export function setField(target: Target, value: FieldValue, context: SetContext): Result<null> {
  const { element } = target;
  const { describer } = context;
  if (isChoice(element, describer)) return setChoice(target, value, context);
  if (typeof value === 'boolean') {
    return expected(element, describer, 'a text value, not true or false');
  }
  const text = String(value);
  if (isSelect(element)) {
    const chosen = chooseOptions(element, [text], describer);
    return chosen.ok ? ok(null) : chosen;
  }
  if (isInput(element) || isTextArea(element)) return writeText(element, text, context);
  if (isEditable(element)) return writeEditable(element, text, context);
  const inner = selectFirst(element, 'input:not([type=hidden]), textarea');
  if (inner !== null && (isInput(inner) || isTextArea(inner)))
    return writeText(inner, text, context);
  return fail(
    'bad_arguments',
    `${describer.line(element)} is not a field that takes a value.`,
    'Take the ref of a text field, checkbox, radio button, list or editable text; click other things.',
  );
}

function isChoice(element: Element, describer: Describer): boolean {
  if (isInput(element)) return element.type === 'checkbox' || element.type === 'radio';
  return /^(checkbox|radio|switch|menuitemcheckbox|menuitemradio)$/u.test(describer.role(element));
}

function isChosen(element: Element): boolean {
  return isInput(element) ? element.checked : attributeOf(element, 'aria-checked') === 'true';
}

function setChoice(
  target: Target,
  value: FieldValue,
  { run, describer }: SetContext,
): Result<null> {
  const { element } = target;
  if (typeof value !== 'boolean') return expected(element, describer, 'true or false');
  const isMixed = isInput(element) && element.indeterminate;
  if (isChosen(element) === value && !isMixed) return ok(null);
  if (!value && describer.role(element).includes('radio')) {
    return expected(element, describer, 'true (choose another of its group to unset it)');
  }
  clickOnce(target, run.page.tree);
  if (isChosen(element) === value || !isInput(element)) return ok(null);
  return fail(
    'no_effect',
    `${describer.describe(element)} stayed as it was: the page undid the change.`,
    'Take a snapshot to see what the page asks for first.',
  );
}

export function expected(element: Element, describer: Describer, what: string): Result<never> {
  return fail(
    'bad_arguments',
    `${describer.line(element)} expects ${what}.`,
    'Send the field again with a value of that kind; the other fields are not affected.',
  );
}
