// The browser's tabs behind the TabDriver interface: opens without taking the focus, waits for pages to load
// within a deadline, and puts the browser's many ways of saying "gone" into Failures.
import { browser } from 'wxt/browser';
import { fail, ok, type Result } from '../wire/failure.ts';
import { currentDocument, hasPage } from './browser-document.ts';
import { LOADING, watchLoads, type Loaded, type LoadWatch } from './browser-load.ts';
import { describeQuote, sendRequest, statusOf } from './browser-send.ts';
import type { Destination, Landing, TabDriver } from './tab-driver.ts';

const LOAD = { startMs: 3_000, deadlineMs: 15_000 };
/** A new tab is on its way from the start, but tells of it only when the server has begun to answer. */
const FIRST_LOAD = { ...LOAD, startMs: LOAD.deadlineMs };

/** Make it in the first turn of the background: it listens from then on. */
export function createBrowserTabs(): TabDriver {
  return {
    onReplaced: followReplacedTabs(),
    open: (url, signal) =>
      watching(async (watch) => {
        const id = await openInBackground(url);
        return id === null ? noWindow() : arrive(id, url, watch, signal);
      }),
    navigate: (id, to, signal) =>
      watching(async (watch) => {
        const there = await currentTab(id);
        if (!there.ok) return there;
        const sent = await sendTo(id, to);
        return sent.ok ? land(id, watch, signal) : sent;
      }),
    async close(id) {
      // A tab that is gone already is what was wanted.
      await browser.tabs.remove(id).catch(() => undefined);
      return ok(null);
    },
    facts: currentTab,
    count: async () => (await browser.tabs.query({})).length,
    send: sendRequest,
    describe: describeQuote,
  };
}

async function watching<T>(work: (watch: LoadWatch) => Promise<T>): Promise<T> {
  const watch = watchLoads();
  try {
    return await work(watch);
  } finally {
    watch.stop();
  }
}

/** Sleeping tabs have an address too, so this asks the tab and not its document. */
async function currentTab(id: number) {
  try {
    const tab = await browser.tabs.get(id);
    const url = hasPage(tab.url ?? '') ? tab.url : tab.pendingUrl;
    return ok({ id, url: url ?? '', title: tab.title ?? '' });
  } catch {
    // It rejects only for a tab that is not there.
    return gone();
  }
}

async function openInBackground(url: string): Promise<number | null> {
  const windowId = await normalWindow();
  if (windowId !== null) {
    const tab = await browser.tabs.create({ windowId, url, active: false });
    return tab.id ?? null;
  }
  const made = await browser.windows.create({ url, focused: false });
  return made?.tabs?.[0]?.id ?? null;
}

/** The normal window that the person used last; never a private one. */
async function normalWindow(): Promise<number | null> {
  const last = await browser.windows.getLastFocused().catch(() => null);
  const all = await browser.windows.getAll({ windowTypes: ['normal'] });
  const usable = all.filter(({ type, incognito }) => type === 'normal' && !incognito);
  return (usable.find(({ id }) => id === last?.id) ?? usable[0])?.id ?? null;
}

async function sendTo(id: number, to: Destination): Promise<Result<null>> {
  try {
    if (to.kind === 'url') await browser.tabs.update(id, { url: to.url });
    else if (to.kind === 'reload') await browser.tabs.reload(id);
    else await travel(id, to.kind);
    return ok(null);
  } catch (error) {
    return fail(
      'no_effect',
      `The browser would not go there: ${String(error).slice(0, 200)}`,
      'Pass the address to page_navigate instead.',
    );
  }
}

/**
 * The browser's own buttons skip pages that no person has clicked in, which is every page an agent was on; a
 * script in the page goes where it says. An error page takes no script, so there the buttons must do.
 */
async function travel(tabId: number, to: 'back' | 'forward'): Promise<void> {
  const func = to === 'back' ? () => history.back() : () => history.forward();
  try {
    const target = { tabId, frameIds: [0] };
    // At once, or a page that never ends loading could not be left.
    await browser.scripting.executeScript({ target, func, injectImmediately: true });
  } catch {
    await (to === 'back' ? browser.tabs.goBack(tabId) : browser.tabs.goForward(tabId));
  }
}

type OnReplaced = Parameters<TabDriver['onReplaced']>[0];

/** Keeps what happened before anyone listened, since it may be the very event that woke the node. */
function followReplacedTabs(): TabDriver['onReplaced'] {
  const early: [number, number][] = [];
  let tell: OnReplaced = (...ids) => early.push(ids);
  // Missing in browsers whose sleeping tabs keep their id.
  browser.tabs.onReplaced?.addListener((added, removed) => tell(removed, added));
  return (listener) => {
    tell = listener;
    for (const ids of early.splice(0)) listener(...ids);
  };
}

/** Where a new tab is; one whose server keeps it waiting is at the address that it was sent to. */
async function arrive(
  id: number,
  sentTo: string,
  watch: LoadWatch,
  signal: AbortSignal,
): Promise<Result<Landing>> {
  const course = await watch.settled(id, FIRST_LOAD, signal);
  const landing = await landingOf(id, course ?? LOADING);
  if (!landing.ok || landing.value.state !== 'loading' || hasPage(landing.value.url))
    return landing;
  return ok({ ...landing.value, url: sentTo, title: '' });
}

async function land(id: number, watch: LoadWatch, signal: AbortSignal): Promise<Result<Landing>> {
  const course = await watch.settled(id, LOAD, signal);
  if (course === null && !signal.aborted) return wentNowhere();
  return landingOf(id, course ?? LOADING);
}

async function landingOf(id: number, { state, error }: Loaded): Promise<Result<Landing>> {
  const document = await currentDocument(id);
  if (!document.ok) return document;
  const { url, title } = document.value;
  const status = state === 'complete' ? await statusOf(id) : null;
  return ok({ id, url, title, state, error, status });
}

function gone(): Result<never> {
  return fail('not_found', 'That tab is not there any more.', 'Open the page again with tab_open.');
}

function wentNowhere(): Result<never> {
  return fail(
    'no_effect',
    'The tab did not go anywhere: there may be no page to go to in its history.',
    'Pass an address to page_navigate.',
  );
}

function noWindow(): Result<never> {
  return fail(
    'unavailable',
    'The browser has no window that a tab could open in.',
    'Ask the person to open a browser window, then call again.',
  );
}
