// One key's worth of typing, at the caret.
import { isEditable, isTextArea, isTypedInput } from '../dom/kinds.ts';
import { execCommand, ownerDocumentOf, windowOf } from '../dom/native.ts';
import { announceInput, setValue, type TextControl } from './write.ts';

/** `what`: a character, or Backspace or Delete. False when the element takes no typing. */
export function typeInto(element: Element, what: string): boolean {
  if (isEditable(element)) return edit(element, what);
  if (!isTypedInput(element) && !isTextArea(element)) return false;
  if (element.readOnly || element.disabled) return false;
  const edited = editedText(element, what);
  if (edited === null) return false;
  if (!announceInput(element, 'beforeinput', what)) return true;
  setValue(element, edited.text);
  putCaret(element, edited.caret);
  announceInput(element, 'input', what);
  return true;
}

function edit(element: Element, what: string): boolean {
  const home = ownerDocumentOf(element);
  if (home === null) return false;
  if (what === 'Backspace') return execCommand(home, 'delete', false, '');
  if (what === 'Delete') return execCommand(home, 'forwardDelete', false, '');
  return execCommand(home, 'insertText', false, what);
}

interface Edited {
  readonly text: string;
  readonly caret: number;
}

/** What the field would hold, or null when nothing would change. */
function editedText(field: TextControl, what: string): Edited | null {
  const { value } = field;
  // Types such as email and number tell no selection: there typing goes on at the end.
  const start = field.selectionStart ?? value.length;
  const end = field.selectionEnd ?? value.length;
  if (what === 'Backspace' || what === 'Delete') return without(value, start, end, what);
  if (field.maxLength >= 0 && value.length - (end - start) >= field.maxLength) return null;
  return { text: value.slice(0, start) + what + value.slice(end), caret: start + what.length };
}

function without(value: string, start: number, end: number, key: string): Edited | null {
  const from = start === end && key === 'Backspace' ? start - 1 : start;
  const to = start === end && key === 'Delete' ? end + 1 : end;
  if (from < 0 || to > value.length) return null;
  return { text: value.slice(0, from) + value.slice(to), caret: from };
}

function putCaret(field: TextControl, at: number): void {
  if (field.selectionStart !== null) field.setSelectionRange(at, at);
}

export function selectAllOf(element: Element): boolean {
  if (isTypedInput(element) || isTextArea(element)) {
    element.select();
    return true;
  }
  const home = ownerDocumentOf(element);
  const selection = home === null ? null : (windowOf(home)?.getSelection() ?? null);
  selection?.selectAllChildren(isEditable(element) ? element : (home?.body ?? element));
  return selection !== null;
}
