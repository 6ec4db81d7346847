// Clicking an element as a hand would.
import { fail, ok, type Result } from '../../wire/failure.ts';
import type { PageReplyOf, PageRequestOf } from '../../wire/page.ts';
import { isInput, isOption, isSelect } from '../dom/kinds.ts';
import type { Run } from '../run.ts';
import type { Describer } from '../snapshot/line.ts';
import { act, type Prepared } from './act.ts';
import { clickAt } from './pointer.ts';
import { readyTarget } from './ready.ts';

export async function click(
  request: PageRequestOf<'click'>,
  run: Run,
): Promise<Result<PageReplyOf<'click'>>> {
  const outcome = await act(run, (describer) => prepare(request, run, describer));
  return outcome.ok ? ok({ op: 'click', ...outcome.value }) : outcome;
}

function prepare(
  { ref, button, count }: PageRequestOf<'click'>,
  run: Run,
  describer: Describer,
): Result<Prepared<object>> {
  const target = readyTarget(ref, run, describer);
  if (!target.ok) return target;
  const { element } = target.value;
  const refusal = refuse(element, describer);
  if (refusal !== null) return refusal;
  return ok({
    element,
    isPointed: true,
    perform: () => {
      const before = stateOf(element);
      clickAt(target.value, button, count, run.page.tree);
      return ok({ isKnown: stateOf(element) !== before, extra: {} });
    },
  });
}

/** What only a person's own hand may open. */
function refuse(element: Element, describer: Describer): Result<never> | null {
  if (isSelect(element) || isOption(element)) {
    return fail(
      'bad_arguments',
      `${describer.line(element)} belongs to a native list, which a click from a script does not open.`,
      'Use select with the ref of the list and the value or label to choose.',
    );
  }
  if (isInput(element) && element.type === 'file') {
    return fail(
      'unavailable',
      `${describer.line(element)} opens a file chooser, which only a person can.`,
      'Ask the person to choose the file.',
    );
  }
  return null;
}

/** The state that a click may change without any mutation to be seen. */
function stateOf(element: Element): string {
  return isInput(element) ? `${element.checked} ${element.value}` : '';
}
