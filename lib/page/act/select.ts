// Choosing from lists: native ones directly, ARIA ones by opening them and clicking the option.
import { fail, ok, type Result } from '../../wire/failure.ts';
import type { PageReplyOf, PageRequestOf } from '../../wire/page.ts';
import { isOption as isNativeOption, isSelect } from '../dom/kinds.ts';
import { attributeOf } from '../dom/native.ts';
import { elementsOf } from '../find/scan.ts';
import { normalize } from '../match.ts';
import { clip, quote } from '../quote.ts';
import { look, type Run } from '../run.ts';
import type { Describer } from '../snapshot/line.ts';
import { act, type Performed, type Prepared } from './act.ts';
import { chooseOptions, sayOptions } from './choose.ts';
import { aim, type Target } from './point.ts';
import { clickOnce } from './pointer.ts';
import { readyTarget } from './ready.ts';

type Chosen = { selected: string[] };

export async function select(
  request: PageRequestOf<'select'>,
  run: Run,
): Promise<Result<PageReplyOf<'select'>>> {
  const outcome = await act(run, (describer) => prepare(request, run, describer));
  return outcome.ok ? ok({ op: 'select', ...outcome.value }) : outcome;
}

function prepare(
  { ref, values }: PageRequestOf<'select'>,
  run: Run,
  describer: Describer,
): Result<Prepared<Chosen>> {
  const target = readyTarget(ref, run, describer);
  if (!target.ok) return target;
  const { element } = target.value;
  if (isSelect(element)) {
    return ok({ element, perform: () => chooseNative(element, values, describer) });
  }
  const role = describer.role(element);
  if (/^(combobox|listbox|button|menu|radiogroup)$/u.test(role) || opensList(element)) {
    return ok({ element, perform: () => chooseByClicks(target.value, values, run) });
  }
  return fail(
    'bad_arguments',
    `${describer.line(element)} is not a list to choose from.`,
    'Use the ref of a combobox or listbox; click or fill other things.',
  );
}

function chooseNative(
  element: HTMLSelectElement,
  values: readonly string[],
  describer: Describer,
): Result<Performed<Chosen>> {
  const chosen = chooseOptions(element, values, describer);
  if (!chosen.ok) return chosen;
  return ok({ isKnown: true, extra: { selected: [...chosen.value] } });
}

function opensList(element: Element): boolean {
  return attributeOf(element, 'aria-haspopup') === 'listbox';
}

const OPEN_MS = 1_200;
const STEP_MS = 30;
const MAX_SCANNED = 60_000;
const OPTION_ROLES = /^(option|radio|menuitem|menuitemradio|treeitem)$/u;

async function chooseByClicks(
  target: Target,
  values: readonly string[],
  run: Run,
): Promise<Result<Performed<Chosen>>> {
  const selected: string[] = [];
  for (const value of values) {
    const option = await openUntil(target, value, run);
    if (!option.ok) return option;
    selected.push(option.value.name);
    clickOnce(option.value.target, run.page.tree);
  }
  return ok({ isKnown: true, extra: { selected } });
}

interface Option {
  readonly target: Target;
  readonly name: string;
}

/** Opens the list if the option is not to be seen, and waits for it to appear. */
async function openUntil(target: Target, value: string, run: Run): Promise<Result<Option>> {
  const until = Math.min(performance.now() + OPEN_MS, run.deadlineAt - STEP_MS);
  for (let opened = false; ;) {
    const describer = look(run.page);
    const options = optionsNear(target.element, run, describer);
    const match = options.find((option) => isCalled(option, value, describer));
    if (match !== undefined) return aimAt(match, describer);
    if (!opened && !isOpen(target.element, options)) clickOnce(target, run.page.tree);
    opened = true;
    if (performance.now() > until || run.signal.aborted) {
      return refuseUnknown(value, options, describer);
    }
    await run.page.pause.sleep(STEP_MS, run.signal);
  }
}

function isOpen(list: Element, options: readonly Element[]): boolean {
  const expanded = attributeOf(list, 'aria-expanded');
  return expanded === null ? options.length > 0 : expanded === 'true';
}

function aimAt(option: Element, describer: Describer): Result<Option> {
  const target = aim(option, describer);
  return target.ok ? ok({ target: target.value, name: describer.bound(option).name }) : target;
}

/** Visible options: inside the list, inside what it names as its list, else anywhere on the page. */
function optionsNear(list: Element, run: Run, describer: Describer): readonly Element[] {
  const { tree } = run.page;
  const owned = ['aria-controls', 'aria-owns']
    .flatMap((name) => attributeOf(list, name)?.split(/\s+/u) ?? [])
    .map((id) => list.ownerDocument.getElementById(id))
    .filter((element) => element !== null);
  const homes = [list, ...owned];
  const all: Element[] = [];
  for (const element of elementsOf(tree, MAX_SCANNED)) {
    const isOption = !isNativeOption(element) && OPTION_ROLES.test(describer.role(element));
    if (isOption && describer.sight.gone(element) === null) all.push(element);
  }
  const near = all.filter((option) => homes.some((home) => tree.contains(home, option)));
  return near.length > 0 ? near : all.filter((option) => describer.role(option) === 'option');
}

function isCalled(option: Element, value: string, describer: Describer): boolean {
  if (attributeOf(option, 'data-value') === value) return true;
  return normalize(describer.bound(option).name) === normalize(value);
}

function refuseUnknown(
  value: string,
  options: readonly Element[],
  describer: Describer,
): Result<never> {
  const known = options.map((option) => describer.bound(option).name);
  return fail(
    'bad_arguments',
    `No option ${quote(clip(value, 80))} came up. ${sayOptions(known)}`,
    'Send the name of an option as it is shown; type into the box first if it filters.',
  );
}
