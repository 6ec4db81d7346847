// The page engine: answers the background's requests about the page it lives in, one at a time.
import { fail, failureOf, ok, type Result } from '../wire/failure.ts';
import type { PageReply, PageRequest } from '../wire/page.ts';
import { printable } from '../wire/printable.ts';
import { click } from './act/click.ts';
import { fill } from './act/fill.ts';
import { press } from './act/press.ts';
import { select } from './act/select.ts';
import { createCursors } from './cursors.ts';
import { readyStateOf, titleOf } from './dom/native.ts';
import { createPageTree, type ClosedShadowDoor } from './dom/tree.ts';
import { find } from './find/find.ts';
import { read } from './read/read.ts';
import { wait } from './wait.ts';
import { createNoise } from './noise.ts';
import { createPause, type LentSleep } from './pause.ts';
import { createRefs } from './refs.ts';
import { look, resolveRef, type Page, type Run } from './run.ts';
import { createSecrets } from './secrets.ts';
import { takeSnapshot } from './snapshot/snapshot.ts';

export interface PageEngineOptions {
  /** The document to work in; the content script's own unless told otherwise. */
  readonly document?: Document;
  /** Names this document among all that a tab shows in turn; random unless told. */
  readonly documentId?: string;
  /** Opens closed shadow roots: `chrome.dom.openOrClosedShadowRoot` where there is one. */
  readonly closedShadow?: ClosedShadowDoor;
  /** A sleep that a hidden tab does not slow, such as a timer of the background's. */
  readonly sleep?: LentSleep;
}

export interface PageEngine {
  readonly documentId: string;
  /** Never rejects; a bug comes back as an `internal` Failure. Requests wait for each other, except `probe`. */
  run(request: PageRequest, signal: AbortSignal): Promise<Result<PageReply>>;
}

const MAX_CURSORS = 300;
const MAX_READINGS = 12;

export function createPageEngine(options: PageEngineOptions = {}): PageEngine {
  const top = options.document ?? document;
  const refs = createRefs(options.documentId ?? randomId());
  const page: Page = {
    tree: createPageTree(top, options.closedShadow ?? (() => null)),
    refs,
    secrets: createSecrets(),
    pause: createPause(top, options.sleep),
    noise: createNoise(top),
    snapshotCursors: createCursors('s', MAX_CURSORS),
    readCursors: createCursors('r', MAX_READINGS),
  };
  let turn: Promise<unknown> = Promise.resolve();

  function run(request: PageRequest, signal: AbortSignal): Promise<Result<PageReply>> {
    const deadlineAt = performance.now() + request.deadlineMs;
    if (request.op === 'probe') return attempt(() => ok(probe(page)));
    const reply = turn.then(() =>
      attempt(() => begin(request, { page, signal, deadlineAt, isLate })),
    );
    turn = reply;
    return reply;

    function isLate(): boolean {
      return performance.now() > deadlineAt || signal.aborted;
    }
  }

  return { documentId: refs.documentId, run };
}

async function attempt(
  work: () => Result<PageReply> | Promise<Result<PageReply>>,
): Promise<Result<PageReply>> {
  try {
    return await work();
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

function begin(request: PageRequest, run: Run): Result<PageReply> | Promise<Result<PageReply>> {
  if (run.signal.aborted) {
    return fail('cancelled', 'The call was cancelled before it began.', 'Nothing was done.');
  }
  if (run.isLate()) {
    return fail(
      'timeout',
      'Its time ran out while an earlier call on this page was still at work. Nothing was done.',
      'Call again, with a longer deadline if the page is slow.',
    );
  }
  run.page.noise.listen();
  const { documentId } = run.page.refs;
  if (request.documentId !== undefined && request.documentId !== documentId) {
    return fail(
      'stale_ref',
      'The page has been replaced by another since that snapshot, so its refs and cursors mean nothing here.',
      'Take a new snapshot and use the refs that it gives.',
    );
  }
  return answer(request, run);
}

function answer(request: PageRequest, run: Run): Result<PageReply> | Promise<Result<PageReply>> {
  const { page } = run;
  switch (request.op) {
    case 'snapshot': {
      const describer = look(page);
      return takeSnapshot(request, {
        describer,
        cursors: page.snapshotCursors,
        resolve: (ref) => resolveRef(ref, page, describer),
        isLate: run.isLate,
      });
    }
    case 'click':
      return click(request, run);
    case 'fill':
      return fill(request, run);
    case 'select':
      return select(request, run);
    case 'press':
      return press(request, run);
    case 'find':
      return find(request, run);
    case 'read':
      return read(request, run);
    case 'wait':
      return wait(request, run);
    default:
      return ok(probe(page));
  }
}

function probe({ tree: { top }, refs, secrets }: Page): PageReply {
  return {
    op: 'probe',
    documentId: refs.documentId,
    url: top.URL.slice(0, 2_000),
    title: printable(secrets.mask(titleOf(top)), 300),
    readyState: readyStateOf(top),
    visible: !top.hidden,
  };
}

/** `crypto.randomUUID` is only there on pages that came over a safe connection. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(36)).join('');
}
