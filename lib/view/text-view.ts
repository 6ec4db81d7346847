// One text, or a copy of it, as its page sees it: read again whenever the node says that something may have changed.
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { TextArgsPlace, TextView } from '../messaging/text-calls.ts';
import type { Failure } from '../wire/failure.ts';
import type { PanelView } from './panel-view.ts';

export interface TextPageView {
  readonly panel: PanelView;
  readonly place: ReadonlySignal<TextArgsPlace>;
  /** Null until it was read, and while another place is being read. */
  readonly text: ReadonlySignal<TextView | null>;
  readonly failure: ReadonlySignal<Failure | null>;
  /** Turns to a copy, or back to the text. */
  readonly turnTo: (branch: string | null) => void;
  /** Reads again now, and settles when that is done. */
  reread(): Promise<void>;
}

export function createTextView(panel: PanelView, first: TextArgsPlace): TextPageView {
  const place = signal(first);
  const text = signal<TextView | null>(null);
  const failure = signal<Failure | null>(null);
  let reading: Promise<void> | null = null;
  let isStale = false;
  const readOnce = async (): Promise<void> => {
    const asked = place.value;
    const read = await panel.ask('readText', asked);
    if (asked !== place.value) return;
    if (read.ok) text.value = read.value;
    failure.value = read.ok ? null : read.failure;
  };
  /** One at a time; what changes meanwhile is read in one more. */
  const reread = async (): Promise<void> => {
    isStale = true;
    reading ??= (async () => {
      while (isStale) {
        isStale = false;
        await readOnce();
      }
      reading = null;
    })();
    await reading;
  };
  effect(() => {
    if (panel.state.value !== null) void reread();
  });
  return {
    panel,
    place,
    text,
    failure,
    turnTo: (branch) => {
      place.value = { ...place.value, branch };
      text.value = null;
      void reread();
    },
    reread,
  };
}
