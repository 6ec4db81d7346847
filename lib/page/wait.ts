// Waiting for the page to become something, no longer than asked, and saying what it was instead.
import { fail, ok, type Result } from '../wire/failure.ts';
import type { PageReplyOf, PageRequestOf } from '../wire/page.ts';
import { collapse, quote } from './quote.ts';
import { rootElementOf, textContentOf, titleOf } from './dom/native.ts';
import { isWordless, visibleText } from './dom/sight.ts';
import { elementsOf } from './find/scan.ts';
import { normalize } from './match.ts';
import { look, type Run } from './run.ts';
import type { Describer } from './snapshot/line.ts';
import { lineOrText } from './snapshot/text-line.ts';
import { printable } from '../wire/printable.ts';
import { startWatch } from './act/watch.ts';

type Until = PageRequestOf<'wait'>['until'];
type Reply = PageReplyOf<'wait'>;

const POLL_MS = 100;
/** Kept back for the answer to travel. */
const MARGIN_MS = 40;
const MAX_SCANNED = 100_000;

export async function wait({ until }: PageRequestOf<'wait'>, run: Run): Promise<Result<Reply>> {
  const startedAt = performance.now();
  if (until.kind === 'settle') return settled(run, startedAt);
  const refusal = until.kind === 'ref_gone' ? run.page.refs.refusalOf(until.ref) : null;
  if (refusal !== null) return refusal;
  const startUrl = run.page.tree.top.URL;
  for (;;) {
    const met = check(until, startUrl, run);
    if (met !== null) return ok(reply(run, startedAt, met.line));
    if (run.signal.aborted)
      return fail('cancelled', 'The wait was cancelled.', 'Wait again if needed.');
    const left = run.deadlineAt - MARGIN_MS - performance.now();
    if (left <= 0) return timedOut(until, run, startedAt);
    await run.page.pause.sleep(Math.min(POLL_MS, left), run.signal);
  }
}

async function settled(run: Run, startedAt: number): Promise<Result<Reply>> {
  const watch = startWatch(run);
  try {
    const { rested, departure } = await watch.settle({
      isKnown: false,
      capMs: run.deadlineAt - startedAt,
    });
    if (!rested && departure === null) return timedOut({ kind: 'settle' }, run, startedAt);
    return ok(reply(run, startedAt, null));
  } finally {
    watch.stop();
  }
}

function reply(run: Run, startedAt: number, line: string | null): Reply {
  const { tree, refs } = run.page;
  return {
    op: 'wait',
    documentId: refs.documentId,
    waitedMs: Math.round(performance.now() - startedAt),
    url: tree.top.URL.slice(0, 2_000),
    line,
  };
}

interface Met {
  readonly line: string | null;
}

function check(until: Exclude<Until, { kind: 'settle' }>, startUrl: string, run: Run): Met | null {
  const { tree } = run.page;
  switch (until.kind) {
    case 'text':
      return visibleLine(until.text, run);
    case 'text_gone':
      return visibleLine(until.text, run) === null ? { line: null } : null;
    case 'ref_gone':
      return isGone(until.ref, run) ? { line: null } : null;
    case 'url':
      return isAt(until.contains, startUrl, tree.top.URL) ? { line: null } : null;
    default:
      return null;
  }
}

function isAt(part: string | undefined, startUrl: string, url: string): boolean {
  return part === undefined ? url !== startUrl : url.includes(part);
}

function isGone(ref: string, run: Run): boolean {
  const element = run.page.refs.elementOf(ref);
  if (element === null || !run.page.tree.isPresent(element)) return true;
  return look(run.page).sight.gone(element) !== null;
}

/** The smallest thing on the page in which the text can be read, as a line. */
function visibleLine(text: string, run: Run): Met | null {
  const wanted = normalize(text);
  if (!mayHold(wanted, run)) return null;
  const describer = look(run.page);
  const holder = holderOf(wanted, run, describer);
  return holder === null ? null : { line: lineOrText(holder, describer) };
}

/** Whether the markup of any tree holds the words at all; most polls end here. */
function mayHold(wanted: string, run: Run): boolean {
  const { tree } = run.page;
  const root = rootElementOf(tree.top);
  if (root !== null && normalize(textContentOf(root) ?? '').includes(wanted)) return true;
  for (const element of elementsOf(tree, MAX_SCANNED)) {
    const other = tree.shadowOf(element) ?? tree.insideFrame(element)?.documentElement ?? null;
    if (other !== null && normalize(textContentOf(other) ?? '').includes(wanted)) return true;
  }
  return false;
}

function holderOf(wanted: string, run: Run, describer: Describer): Element | null {
  let holder: Element | null = null;
  for (const element of elementsOf(run.page.tree, MAX_SCANNED)) {
    if (run.isLate()) break;
    if (holder !== null && !run.page.tree.contains(holder, element)) continue;
    if (isWordless(element) || !normalize(textContentOf(element) ?? '').includes(wanted)) continue;
    if (describer.sight.gone(element) !== null) continue;
    if (!normalize(visibleText(element, describer.sight, 20_000)).includes(wanted)) continue;
    holder = element;
  }
  return holder;
}

function timedOut(until: Until, run: Run, startedAt: number): Result<never> {
  const waited = ((performance.now() - startedAt) / 1000).toFixed(1);
  return fail(
    'timeout',
    `Waited ${waited} s in vain: ${instead(until, run)}`,
    'Take a snapshot to see where the page is; wait again with a longer deadline if it is still at work.',
  );
}

function instead(until: Until, run: Run): string {
  const { top } = run.page.tree;
  switch (until.kind) {
    case 'text':
      return `${quote(until.text)} cannot be read on the page. ${glimpse(run)}`;
    case 'text_gone': {
      const line = visibleLine(until.text, run)?.line ?? null;
      return `${quote(until.text)} is still there${line === null ? '' : `, in ${line}`}.`;
    }
    case 'ref_gone': {
      const element = run.page.refs.elementOf(until.ref);
      return element === null
        ? 'it is gone just now.'
        : `${look(run.page).line(element)} is still there.`;
    }
    case 'url':
      return `the address is still ${quote(top.URL.slice(0, 300))}.`;
    default:
      return 'the page keeps changing.';
  }
}

/** The first words of the page, for a reader who waited for others. */
function glimpse(run: Run): string {
  const { top } = run.page.tree;
  const root = rootElementOf(top);
  const words = root === null ? '' : visibleText(root, look(run.page).sight, 120).slice(0, 120);
  const title = printable(titleOf(top), 100);
  return words === ''
    ? `The page ${quote(title)} shows no text.`
    : `It begins ${quote(collapse(words))}.`;
}
