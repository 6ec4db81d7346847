// One message to the very document whose address was just checked, and what became of it.
import { browser } from 'wxt/browser';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { Guard } from './tab-driver.ts';

/** The document in the main frame of a tab. */
export interface PageDocument {
  readonly tabId: number;
  readonly url: string;
  readonly title: string;
  /** The browser's own name for it, where it has one (Chrome); null in Firefox. */
  readonly id: string | null;
}

/**
 * `lost`: it arrived, and the document went away without an answer. `late`: no answer in time, which is also
 * what a page looks like that shows a dialog of the browser's.
 */
export type Posted =
  | { readonly kind: 'answer'; readonly answer: unknown }
  | { readonly kind: 'lost' | 'late' | 'cancelled' }
  | { readonly kind: 'refused'; readonly refusal: Result<never> };

const CONTENT_SCRIPT = '/content-scripts/content.js';
/** A document that has just begun gets its content script in a moment; only then is it put in by hand. */
const ARRIVES_WITHIN_MS = 150;
const MAX_TRIES = 4;

export async function post(
  tabId: number,
  message: object,
  guard: Guard,
  waitMs: number,
  signal: AbortSignal,
): Promise<{ readonly posted: Posted; readonly document: PageDocument | null }> {
  for (let tries = 1; ; tries++) {
    const document = await currentDocument(tabId);
    if (!document.ok) return { posted: { kind: 'refused', refusal: document }, document: null };
    const allowed = hasPage(document.value.url) ? guard(document.value.url) : nothingYet();
    if (!allowed.ok) return { posted: { kind: 'refused', refusal: allowed }, document: null };
    const posted = await postOnce(document.value, message, waitMs, signal);
    if (posted.kind !== 'nobody') return { posted, document: document.value };
    const ready = tries < MAX_TRIES ? await bringScript(tabId, tries) : unreachable();
    if (!ready.ok) return { posted: { kind: 'refused', refusal: ready }, document: null };
  }
}

/** False for the empty document of a new tab whose first page has not come. */
export function hasPage(url: string): boolean {
  return url !== '' && url !== 'about:blank';
}

export async function currentDocument(tabId: number): Promise<Result<PageDocument>> {
  try {
    const tab = await browser.tabs.get(tabId);
    if (tab.discarded) return asleep();
    const frame = await browser.webNavigation.getFrame({ tabId, frameId: 0 });
    const url = frame?.url ?? tab.url ?? '';
    return ok({ tabId, url, title: tab.title ?? '', id: frame?.documentId ?? null });
  } catch {
    // Both calls reject for a tab that is not there.
    return gone();
  }
}

async function postOnce(
  { tabId, id }: PageDocument,
  message: object,
  waitMs: number,
  signal: AbortSignal,
): Promise<Posted | { readonly kind: 'nobody' }> {
  const { promise, resolve } = Promise.withResolvers<Posted>();
  const timer = setTimeout(() => resolve({ kind: 'late' }), waitMs);
  const onAbort = () => resolve({ kind: 'cancelled' });
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const to = id === null ? { frameId: 0 } : { frameId: 0, documentId: id };
  const sending = browser.tabs.sendMessage(tabId, message, to).then(
    (answer: unknown) =>
      answer === undefined ? ({ kind: 'nobody' } as const) : ({ kind: 'answer', answer } as const),
    (error: unknown) => ({ kind: lossOf(error) }),
  );
  try {
    return await Promise.race([promise, sending]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** Both browsers say it in these words when nobody was there to hear; then nothing was done. */
function lossOf(error: unknown): 'nobody' | 'lost' {
  return /Receiving end does not exist/i.test(String(error)) ? 'nobody' : 'lost';
}

async function bringScript(tabId: number, tries: number): Promise<Result<null>> {
  await new Promise((resolve) => setTimeout(resolve, ARRIVES_WITHIN_MS));
  if (tries === 1) return ok(null);
  try {
    const target = { tabId, frameIds: [0] };
    const files = [CONTENT_SCRIPT];
    await browser.scripting.executeScript({ target, files, injectImmediately: true });
    return ok(null);
  } catch {
    // The browser's own pages, its error pages, its store, and crashed tabs take no scripts.
    return unreachable();
  }
}

function gone(): Result<never> {
  return fail('not_found', 'That tab is not there any more.', 'Open the page again with tab_open.');
}

function nothingYet(): Result<never> {
  return fail(
    'unavailable',
    'There is no page in this tab yet: the server has not begun to answer.',
    'Call again in a moment, or send the tab elsewhere with page_navigate.',
  );
}

function asleep(): Result<never> {
  return fail(
    'unavailable',
    'The browser has put this tab to sleep.',
    'Wake it with page_navigate to "reload".',
  );
}

function unreachable(): Result<never> {
  return fail(
    'unavailable',
    'This page cannot be read: it failed to load, it crashed, or it belongs to the browser.',
    'Load it again with page_navigate, or use another page.',
  );
}
