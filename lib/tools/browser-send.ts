// Page requests to a tab. An act may take its page away before it can answer; that is an answer too, and the
// browser's own navigation events say where it led.
import { browser } from 'wxt/browser';
import { annotationTarget, parseReply, type AnnotatorCommand } from '../wire/annotator.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { PAGE_LIMITS, type PageReply, type PageRequestInput } from '../wire/page.ts';
import { parsePageAnswer, type PageMessage } from '../wire/page-message.ts';
import { currentDocument, post, type PageDocument } from './browser-document.ts';
import { watchLoads, type LoadWatch } from './browser-load.ts';
import type { Answered, Described, Guard, QuoteAsk } from './tab-driver.ts';

/** Beyond the page's own deadline: for the way there and back, and for a page that is busy. */
const GRACE_MS = 3_000;
const DESCRIBE_MS = 10_000;
const LANDING = { startMs: 1_000, deadlineMs: 10_000 };

type Act = Extract<PageReply, { effect: string }>;

export async function sendRequest(
  tabId: number,
  request: PageRequestInput,
  guard: Guard,
  signal: AbortSignal,
): Promise<Result<Answered>> {
  const waitMs = (request.deadlineMs ?? PAGE_LIMITS.defaultDeadlineMs) + GRACE_MS;
  const message: PageMessage = { to: 'page', request };
  if (!isAct(request.op)) return ask(tabId, message, guard, waitMs, signal);
  const watch = watchLoads();
  try {
    return await act(tabId, message, guard, waitMs, watch, signal);
  } finally {
    watch.stop();
  }
}

export async function describeQuote(
  tabId: number,
  { quote, prefix, suffix }: QuoteAsk,
  guard: Guard,
  signal: AbortSignal,
): Promise<Result<Described>> {
  const command: AnnotatorCommand = {
    to: 'annotator',
    type: 'anchor.describe',
    quote,
    ...(prefix === undefined ? {} : { prefix }),
    ...(suffix === undefined ? {} : { suffix }),
  };
  const { posted, document } = await post(tabId, command, guard, DESCRIBE_MS, signal);
  if (posted.kind === 'refused') return posted.refusal;
  if (posted.kind !== 'answer' || document === null) return unanswered(posted.kind);
  const target = parseReply(annotationTarget, posted.answer);
  return target.ok
    ? ok({ target: target.value, url: document.url, title: document.title })
    : target;
}

async function ask(
  tabId: number,
  message: PageMessage,
  guard: Guard,
  waitMs: number,
  signal: AbortSignal,
): Promise<Result<Answered>> {
  const { posted, document } = await post(tabId, message, guard, waitMs, signal);
  if (posted.kind === 'refused') return posted.refusal;
  if (posted.kind !== 'answer' || document === null) return unanswered(posted.kind);
  const reply = parsePageAnswer(posted.answer);
  if (!reply.ok) return reply;
  const url = await answeredAt(document);
  const allowed = guard(url);
  return allowed.ok ? ok({ reply: reply.value, url }) : allowed;
}

/** Firefox cannot address one document, so the message may have met the next one in the tab. */
async function answeredAt(document: PageDocument): Promise<string> {
  if (document.id !== null) return document.url;
  const now = await currentDocument(document.tabId);
  return now.ok ? now.value.url : '';
}

async function act(
  tabId: number,
  message: PageMessage,
  guard: Guard,
  waitMs: number,
  watch: LoadWatch,
  signal: AbortSignal,
): Promise<Result<Answered>> {
  const { posted, document } = await post(tabId, message, guard, waitMs, signal);
  if (posted.kind === 'refused') return posted.refusal;
  if (document === null) return unanswered('lost');
  if (posted.kind === 'lost') return ledAway(message.request, document, watch, signal);
  if (posted.kind !== 'answer') return unanswered(posted.kind);
  const reply = parsePageAnswer(posted.answer);
  if (!reply.ok) return reply;
  const { url } = document;
  if (!isActReply(reply.value)) return ok({ reply: reply.value, url });
  if (reply.value.effect !== 'nav' && !watch.leaving(tabId)) return ok({ reply: reply.value, url });
  return ok({ reply: await landed(tabId, reply.value, watch, signal), url });
}

/** The address where the tab has come to rest, or at least where it is going. */
async function landed(
  tabId: number,
  reply: Act,
  watch: LoadWatch,
  signal: AbortSignal,
): Promise<Act> {
  const course = await watch.settled(tabId, LANDING, signal);
  // What was cut off without another document in its place, such as a download, leaves the page as it was.
  if (course?.state === 'failed' && reply.effect !== 'nav') return reply;
  const now = await currentDocument(tabId);
  const note = course?.state === 'failed' ? `It did not load: ${course.error}.` : reply.note;
  return {
    ...reply,
    effect: 'nav',
    ...(now.ok ? { url: now.value.url.slice(0, 2_000) } : {}),
    ...(note === undefined ? {} : { note }),
  };
}

async function ledAway(
  request: PageRequestInput,
  { tabId, url }: PageDocument,
  watch: LoadWatch,
  signal: AbortSignal,
): Promise<Result<Answered>> {
  const course = await watch.settled(tabId, LANDING, signal);
  if (course === null) return unanswered('lost');
  const now = await currentDocument(tabId);
  if (!now.ok) return now;
  const left = {
    documentId: '',
    effect: 'nav' as const,
    diff: '',
    url: now.value.url.slice(0, 2_000),
    ...(course.state === 'failed' ? { note: `It did not load: ${course.error}.` } : {}),
  };
  switch (request.op) {
    case 'fill':
      return ok({ reply: { op: 'fill', ...left, fields: [] }, url });
    case 'select':
      return ok({ reply: { op: 'select', ...left, selected: [] }, url });
    case 'press':
      return ok({ reply: { op: 'press', ...left }, url });
    default:
      return ok({ reply: { op: 'click', ...left }, url });
  }
}

function isAct(op: PageRequestInput['op']): boolean {
  return op === 'click' || op === 'fill' || op === 'select' || op === 'press';
}

function isActReply(reply: PageReply): reply is Act {
  return 'effect' in reply;
}

function unanswered(kind: 'lost' | 'late' | 'cancelled' | 'answer'): Result<never> {
  if (kind === 'cancelled') {
    return fail('cancelled', 'The call was cancelled.', 'Look at the page before trying again.');
  }
  if (kind === 'late') {
    return fail(
      'timeout',
      'The page did not answer in time. It may be busy, or show a dialog that only a person can close.',
      'Try again, or load the page again with page_navigate.',
    );
  }
  return fail(
    'closed',
    'The page went away before it could answer.',
    'Take a new snapshot with page_snapshot and go on from there.',
  );
}

/** HTTP status of the document, as the page's own timing says it; null where that is not told. */
export async function statusOf(tabId: number): Promise<number | null> {
  try {
    const [frame] = await browser.scripting.executeScript({
      target: { tabId, frameIds: [0] },
      injectImmediately: true,
      func: () => {
        const [entry] = performance.getEntriesByType('navigation');
        return entry !== undefined && 'responseStatus' in entry ? entry.responseStatus : null;
      },
    });
    const status: unknown = frame?.result;
    return typeof status === 'number' && status >= 100 && status < 600 ? status : null;
  } catch {
    // Error pages and the browser's own pages take no scripts.
    return null;
  }
}
