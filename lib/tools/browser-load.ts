// Watches the main frame of tabs come and go, so that "the page has loaded" and "that click led elsewhere"
// are facts and not guesses. A watch hears everything from its start on, for every tab, until it is stopped.
import { browser } from 'wxt/browser';
import { ABORTED } from './tab-driver.ts';

export interface Loaded {
  readonly state: 'complete' | 'loading' | 'failed';
  readonly error: string | null;
}

export interface LoadWatch {
  /** Whether this tab has begun to go to another document since the watch began. */
  leaving(tabId: number): boolean;
  /**
   * How the newest navigation of a tab ended. `loading` when `deadlineMs` or the signal came first; null
   * when none began within `startMs`.
   */
  settled(tabId: number, limits: LoadLimits, signal: AbortSignal): Promise<Loaded | null>;
  stop(): void;
}

export interface LoadLimits {
  readonly startMs: number;
  readonly deadlineMs: number;
}

interface Course {
  begun: boolean;
  committed: boolean;
  /** Moved within its document, which loads nothing. */
  moved: boolean;
  end: Loaded | null;
  endedAt: number;
}

type Listened<T> = {
  addListener(listener: (details: T) => void): void;
  removeListener(listener: (details: T) => void): void;
};

interface Happening {
  readonly tabId: number;
  readonly frameId: number;
}

const AT_REST: Course = {
  begun: false,
  committed: false,
  moved: false,
  end: null,
  endedAt: 0,
};

/** Chrome's net::ERR_ABORTED; Firefox says NS_BINDING_ABORTED by its number. */
const CUT_OFF = /ABORTED|2152398850/;

const COMPLETE: Loaded = { state: 'complete', error: null };
export const LOADING: Loaded = { state: 'loading', error: null };
/** A navigation that is cut off is often replaced by another at once; then the other one counts. */
const REPLACED_WITHIN_MS = 400;

export function watchLoads(): LoadWatch {
  const courses = new Map<number, Course>();
  const wakers = new Set<() => void>();
  const stops: (() => void)[] = [];
  const courseOf = (tabId: number): Course => {
    const course = courses.get(tabId) ?? { ...AT_REST };
    courses.set(tabId, course);
    return course;
  };
  const wake = () => {
    for (const waker of wakers) waker();
  };
  const on = <T extends Happening>(
    event: Listened<T>,
    change: (course: Course, details: T) => void,
  ) => {
    const listener = (details: T) => {
      if (details.frameId !== 0) return;
      change(courseOf(details.tabId), details);
      wake();
    };
    event.addListener(listener);
    stops.push(() => event.removeListener(listener));
  };

  const { webNavigation } = browser;
  on(webNavigation.onBeforeNavigate, (course) => begin(course));
  on(webNavigation.onCommitted, (course) => {
    begin(course);
    course.committed = true;
  });
  on(webNavigation.onCompleted, (course) => finish(course));
  on(webNavigation.onReferenceFragmentUpdated, (course) => (course.moved = true));
  on(webNavigation.onHistoryStateUpdated, (course) => (course.moved = true));
  on(webNavigation.onErrorOccurred, (course, { error }) => {
    course.begun = true;
    course.end = { state: 'failed', error: CUT_OFF.test(error) ? ABORTED : error };
    course.endedAt = Date.now();
  });
  stops.push(watchTabs(courseOf, wake));

  return {
    leaving: (tabId) => courseOf(tabId).begun,
    settled: (tabId, limits, signal) => settled(courseOf(tabId), wakers, limits, signal),
    stop: () => stops.forEach((stop) => stop()),
  };
}

function begin(course: Course): void {
  course.begun = true;
  course.committed = false;
  course.end = null;
}

/** Ends only a navigation that this watch saw commit: an older one may still be finishing. */
function finish(course: Course): void {
  if (course.committed) course.end = COMPLETE;
}

/** A page that comes back from the back-forward cache completes without a webNavigation event. */
function watchTabs(courseOf: (tabId: number) => Course, wake: () => void): () => void {
  const onUpdated = (tabId: number, info: { status?: string | undefined }) => {
    if (info.status !== 'complete') return;
    finish(courseOf(tabId));
    wake();
  };
  const onRemoved = (tabId: number) => {
    courseOf(tabId).end = { state: 'failed', error: 'the tab was closed' };
    wake();
  };
  browser.tabs.onUpdated.addListener(onUpdated);
  browser.tabs.onRemoved.addListener(onRemoved);
  return () => {
    browser.tabs.onUpdated.removeListener(onUpdated);
    browser.tabs.onRemoved.removeListener(onRemoved);
  };
}

async function settled(
  course: Course,
  wakers: Set<() => void>,
  { startMs, deadlineMs }: LoadLimits,
  signal: AbortSignal,
): Promise<Loaded | null> {
  const startedAt = Date.now();
  for (;;) {
    const elapsedMs = Date.now() - startedAt;
    const { end } = course;
    if (signal.aborted || elapsedMs >= deadlineMs) return end ?? (course.begun ? LOADING : null);
    if (end?.state === 'complete' || (end !== null && end.error !== ABORTED)) return end;
    if (!course.begun && course.moved) return COMPLETE;
    if (!course.begun && elapsedMs >= startMs) return null;
    if (end !== null) {
      const leftMs = REPLACED_WITHIN_MS - (Date.now() - course.endedAt);
      if (leftMs <= 0) return end;
      await nextChange(wakers, leftMs, signal);
      continue;
    }
    const waitMs = (course.begun ? deadlineMs : Math.min(startMs, deadlineMs)) - elapsedMs;
    await nextChange(wakers, waitMs, signal);
  }
}

async function nextChange(
  wakers: Set<() => void>,
  waitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, waitMs);
  wakers.add(resolve);
  const onAbort = () => resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  await promise;
  signal.removeEventListener('abort', onAbort);
  clearTimeout(timer);
  wakers.delete(resolve);
}
