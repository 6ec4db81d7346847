// The node as a page of the extension sees it: signals that mirror the pushed snapshot, and the way to ask.
// Nothing is kept here that the node does not also have, but for what the page is looking at.
import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { Failure } from '../wire/failure.ts';
import { createPanelCall } from '../messaging/call.ts';
import type { PanelCall, Subscription } from '../messaging/panel.ts';
import type { PanelState } from '../messaging/panel-state.ts';
import type { ClientRuntime } from '../messaging/runtime.ts';
import { openViewPort } from '../messaging/view-port.ts';

const CLOCK_TICK_MS = 10_000;
export const ANNOTATIONS_AT_FIRST = 200;

export interface PanelView {
  /** Null until the node has spoken. */
  readonly state: ReadonlySignal<PanelState | null>;
  /** Why the node could not give a snapshot; null again with the next one. */
  readonly failure: ReadonlySignal<Failure | null>;
  readonly reachable: ReadonlySignal<boolean>;
  /** The time, every few seconds, for words like "3 min ago". */
  readonly now: ReadonlySignal<number>;
  readonly ask: PanelCall;
  /** Changes what the snapshots are about. */
  look(at: Partial<Subscription>): void;
  readonly lookingAt: ReadonlySignal<Subscription>;
  close(): void;
}

export function createPanelView(runtime: ClientRuntime): PanelView {
  const state = signal<PanelState | null>(null);
  const failure = signal<Failure | null>(null);
  const reachable = signal(true);
  const now = signal(Date.now());
  const lookingAt = signal<Subscription>({
    spaceId: null,
    url: null,
    tabId: null,
    annotationLimit: ANNOTATIONS_AT_FIRST,
  });
  const port = openViewPort(runtime, {
    state(next) {
      now.value = Date.now();
      failure.value = null;
      state.value = next;
    },
    failure: (next) => (failure.value = next),
    reachable: (next) => (reachable.value = next),
  });
  const clock = setInterval(() => (now.value = Date.now()), CLOCK_TICK_MS);
  port.subscribe(lookingAt.value);
  return {
    state,
    failure,
    reachable,
    now,
    lookingAt,
    ask: createPanelCall(runtime),
    look(at) {
      lookingAt.value = { ...lookingAt.value, ...at };
      port.subscribe(lookingAt.value);
    },
    close() {
      clearInterval(clock);
      port.close();
    },
  };
}
