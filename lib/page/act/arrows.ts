// Arrow keys where they change a value: radio groups, lists, sliders, numbers, dates.
import { isElement, isInput, isSelect, isTypedInput } from '../dom/kinds.ts';
import { childNodesOf, parentNodeOf, selectAll, setNative } from '../dom/native.ts';
import { clickElement } from './pointer.ts';
import { announceInput } from './write.ts';

const STEPS: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowLeft: -1,
  ArrowDown: 1,
  ArrowRight: 1,
};

/** True when the key changed a value here. */
export function stepChoice(element: Element, key: string): boolean {
  if (isSelect(element)) return stepSelect(element, key);
  if (!isInput(element)) return false;
  if (element.type === 'radio') return stepRadio(element, STEPS[key] ?? 0);
  if (element.type === 'range') return stepNumber(element, key);
  const isVertical = key === 'ArrowUp' || key === 'ArrowDown';
  if (element.type === 'number' && isVertical) return stepNumber(element, key);
  return isTypedInput(element) && moveCaret(element, key);
}

function stepSelect(select: HTMLSelectElement, key: string): boolean {
  if (select.multiple) return false;
  const options = [...select.options].filter((option) => !option.matches(':disabled'));
  const at = options.findIndex((option) => option.selected);
  const to =
    key === 'Home' ? 0 : key === 'End' ? options.length - 1 : Math.max(0, at + (STEPS[key] ?? 0));
  const option = options[to];
  if (option === undefined || option.selected) return false;
  setNative(option, HTMLOptionElement.prototype, 'selected', true);
  select.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  select.dispatchEvent(new Event('change', { bubbles: true }));
  return true;
}

function stepRadio(radio: HTMLInputElement, by: number): boolean {
  if (by === 0 || radio.name === '') return false;
  const group = radiosAround(radio).filter(
    (input) => !input.disabled && input.name === radio.name && input.form === radio.form,
  );
  const next = group[(group.indexOf(radio) + by + group.length) % group.length];
  if (next === undefined || next === radio) return false;
  next.focus({ preventScroll: true });
  clickElement(next);
  return true;
}

/** The radio buttons of its tree: a document or one shadow root. */
function radiosAround(radio: HTMLInputElement): HTMLInputElement[] {
  let root: Element = radio;
  for (let at: Node | null = radio; at !== null; at = parentNodeOf(at))
    if (isElement(at)) root = at;
  const siblings = parentNodeOf(root);
  const homes = siblings === null ? [root] : [...childNodesOf(siblings)].filter(isElement);
  return homes.flatMap((home) => [...selectAll(home, 'input[type=radio]')].filter(isInput));
}

function stepNumber(input: HTMLInputElement, key: string): boolean {
  const before = input.value;
  if (key === 'Home' || key === 'End') {
    const edge = key === 'Home' ? input.min || '0' : input.max || '100';
    setNative(input, HTMLInputElement.prototype, 'value', edge);
  } else if (key === 'ArrowUp' || key === 'ArrowRight') input.stepUp();
  else if (key === 'ArrowDown' || key === 'ArrowLeft') input.stepDown();
  if (input.value === before) return false;
  announceInput(input, 'input', input.value);
  input.dispatchEvent(new Event('change', { bubbles: true }));
  return true;
}

function moveCaret(input: HTMLInputElement, key: string): boolean {
  const { selectionStart: start, selectionEnd: end, value } = input;
  if (start === null || end === null) return false;
  const to = { Home: 0, End: value.length, ArrowLeft: start - 1, ArrowRight: end + 1 }[key];
  if (to === undefined) return false;
  const caret = Math.min(value.length, Math.max(0, to));
  input.setSelectionRange(caret, caret);
  return true;
}
