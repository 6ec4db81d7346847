// Pressing a key: the events a keyboard sends, then what the browser itself would have done, as far as a
// script may do it. Where it may not, the answer says so.
import { fail, ok, type Result } from '../../wire/failure.ts';
import type { PageReplyOf, PageRequestOf } from '../../wire/page.ts';
import { bodyOf, rootElementOf } from '../dom/native.ts';
import type { Run } from '../run.ts';
import type { Describer } from '../snapshot/line.ts';
import { act, type Performed, type Prepared } from './act.ts';
import { parseChord, type Chord } from './chord.ts';
import { focus, focusedIn, isFocusable } from './focus.ts';
import { doDefault } from './key-default.ts';
import { readyTarget } from './ready.ts';

export async function press(
  request: PageRequestOf<'press'>,
  run: Run,
): Promise<Result<PageReplyOf<'press'>>> {
  const chord = parseChord(request.key);
  if (!chord.ok) return chord;
  const outcome = await act(run, (describer) => prepare(request, chord.value, run, describer));
  return outcome.ok ? ok({ op: 'press', ...outcome.value }) : outcome;
}

function prepare(
  { ref }: PageRequestOf<'press'>,
  chord: Chord,
  run: Run,
  describer: Describer,
): Result<Prepared<object>> {
  const { tree } = run.page;
  if (ref === undefined) {
    const element = focusedIn(tree) ?? bodyOf(tree.top) ?? rootElementOf(tree.top);
    if (element === null) return fail('not_found', 'The page is empty.', 'Wait for it to load.');
    return ok({ element, perform: () => ok(pressOn(element, chord, run)) });
  }
  const target = readyTarget(ref, run, describer);
  if (!target.ok) return target;
  const { element } = target.value;
  return ok({
    element,
    perform: () => {
      if (isFocusable(element)) focus(element, tree);
      return ok(pressOn(element, chord, run));
    },
  });
}

function pressOn(element: Element, chord: Chord, run: Run): Performed<object> {
  const go = send(element, 'keydown', chord);
  // The page may have moved the focus; the rest of the key goes to where it is now.
  const now = focusedIn(run.page.tree) ?? element;
  const typed = go && (chord.types !== null || chord.key === 'Enter');
  const goOn = go && (!typed || send(now, 'keypress', chord));
  const done = goOn ? doDefault(now, chord, run) : { isKnown: false };
  send(now.isConnected ? now : element, 'keyup', chord);
  return { ...done, extra: {} };
}

/** False when the page took the key for itself. */
function send(element: Element, type: string, chord: Chord): boolean {
  const { types: _types, ...init } = chord;
  return element.dispatchEvent(
    new KeyboardEvent(type, { ...init, bubbles: true, cancelable: true, composed: true }),
  );
}
