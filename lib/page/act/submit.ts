// Implicit submission (HTML, "Implicit submission"): Enter in a field clicks the form's default button, or
// submits a form that has none and only one field that would stand in the way.
import { isButton, isInput } from '../dom/kinds.ts';
import { formElementsOf } from '../dom/native.ts';
import { clickElement } from './pointer.ts';

const BLOCKING = new Set(
  'text search telephone tel url email password date month week time datetime-local number'.split(
    ' ',
  ),
);

/** True when the form was told to submit; what the page makes of that is its own affair. */
export function submitFrom(field: HTMLInputElement): boolean {
  const { form } = field;
  if (form === null) return false;
  const elements = [...formElementsOf(form)];
  const button = elements.find(isSubmitter);
  if (button !== undefined) {
    if (button.matches(':disabled')) return false;
    clickElement(button);
    return true;
  }
  const blocking = elements.filter((element) => isInput(element) && BLOCKING.has(element.type));
  if (blocking.length > 1) return false;
  HTMLFormElement.prototype.requestSubmit.call(form);
  return true;
}

function isSubmitter(element: Element): boolean {
  if (isButton(element)) return element.type === 'submit';
  return isInput(element) && (element.type === 'submit' || element.type === 'image');
}
