// Choosing options of a native list by value or label, as a person's choice would tell the page.
import { fail, ok, type Result } from '../../wire/failure.ts';
import { setNative } from '../dom/native.ts';
import { normalize } from '../match.ts';
import { clip, quote } from '../quote.ts';
import type { Describer } from '../snapshot/line.ts';

const MAX_NAMED = 12;

/** The labels of what is selected afterwards. */
export function chooseOptions(
  select: HTMLSelectElement,
  wanted: readonly string[],
  describer: Describer,
): Result<readonly string[]> {
  if (wanted.length > 1 && !select.multiple) {
    return fail(
      'bad_arguments',
      `${describer.line(select)} takes one value, not ${wanted.length}.`,
      'Send the one value to choose.',
    );
  }
  const chosen = new Set<HTMLOptionElement>();
  for (const value of wanted) {
    const option = optionFor(select, value);
    if (option === null) return refuseUnknown(select, value, describer);
    if (isOff(option)) return refuseDisabled(option, value);
    chosen.add(option);
  }
  apply(select, chosen);
  return ok([...select.selectedOptions].map((option) => clip(option.label, 200)));
}

/** By value, then label exactly, then label whatever its case and spacing. */
function optionFor(select: HTMLSelectElement, wanted: string): HTMLOptionElement | null {
  const options = [...select.options];
  const near = normalize(wanted);
  return (
    options.find((option) => option.value === wanted) ??
    options.find((option) => option.label === wanted) ??
    options.find((option) => normalize(option.label) === near) ??
    null
  );
}

function isOff(option: HTMLOptionElement): boolean {
  return option.matches(':disabled');
}

function apply(select: HTMLSelectElement, chosen: ReadonlySet<HTMLOptionElement>): void {
  let changed = false;
  for (const option of select.options) {
    const isChosen = chosen.has(option);
    if (option.selected === isChosen) continue;
    changed = true;
    if (isChosen || select.multiple)
      setNative(option, HTMLOptionElement.prototype, 'selected', isChosen);
  }
  if (!changed) return;
  select.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

function refuseUnknown(
  select: HTMLSelectElement,
  wanted: string,
  describer: Describer,
): Result<never> {
  const known = [...select.options].map((option) => describer.sight.secrets.mask(option.label));
  return fail(
    'bad_arguments',
    `The list has no option ${quote(clip(wanted, 80))}. ${sayOptions(known)}`,
    'Send the value or label of one of its options.',
  );
}

export function sayOptions(labels: readonly string[]): string {
  const named = labels.slice(0, MAX_NAMED).map((label) => quote(clip(label, 40)));
  const more = labels.length > MAX_NAMED ? ` and ${labels.length - MAX_NAMED} more` : '';
  return labels.length === 0 ? 'It has no options now.' : `It has ${named.join(', ')}${more}.`;
}

function refuseDisabled(option: HTMLOptionElement, wanted: string): Result<never> {
  return fail(
    'no_effect',
    `The option ${quote(clip(wanted, 80))} is disabled${option.value === '' ? ' (a placeholder)' : ''}.`,
    'Choose another, or do first what enables it.',
  );
}
