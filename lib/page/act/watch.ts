// Watching a page from just before an act until it has come to rest, without a fixed wait: mutations that
// fall silent, a navigation that begins, or nothing at all for as long as it is fair to wait.
import { attributeOf, selectAllIn, windowOf } from '../dom/native.ts';
import { isLink } from '../dom/kinds.ts';
import type { PageTree } from '../dom/tree.ts';
import { documentsOf, type Run } from '../run.ts';

/** How the page was heard to leave or to want another window. */
export type Departure =
  | { readonly kind: 'nav'; readonly url: string }
  | { readonly kind: 'download'; readonly url: string }
  | { readonly kind: 'popup'; readonly url: string };

export interface Patience {
  /** An effect is plain already, so that silence needs no wait. */
  readonly isKnown: boolean;
  /** How long a page may keep changing; 1.5 s unless told. */
  readonly capMs?: number;
}

export interface Rest {
  readonly departure: Departure | null;
  /** False when the page was still changing when time was up. */
  readonly rested: boolean;
}

/** `settle` resolves when the page rests or departs, and never later than the run's deadline. */
export interface Watch {
  settle(patience: Patience): Promise<Rest>;
  /** Nodes that came, and nodes whose text or children became others, so far. */
  readonly arrived: ReadonlySet<Node>;
  readonly changed: ReadonlySet<Node>;
  stop(): void;
}

const QUIET_MS = 60;
const CAP_MS = 1_500;
const SILENCE_MS = 400;
/** A hidden tab's own timers come once a second, so what it means to do may take that long to show. */
const HIDDEN_SILENCE_MS = 1_100;
const KNOWN_SILENCE_MS = 60;
const STEP_MS = 15;
const MAX_TOUCHED = 2_000;
const MAX_SCANNED = 20_000;

/** What has been heard so far; written by the ears, read by the waiting. */
interface Heard {
  lastChangeAt: number | null;
  departure: Departure | null;
  leaving: NavigateEvent | null;
  /** Ends the present sleep: a page that leaves may be gone before it is over. */
  wake: () => void;
  readonly arrived: Set<Node>;
  readonly changed: Set<Node>;
}

export function startWatch(run: Run): Watch {
  const { tree, noise } = run.page;
  const ears = new AbortController();
  const heard: Heard = {
    lastChangeAt: null,
    departure: null,
    leaving: null,
    wake: () => undefined,
    arrived: new Set(),
    changed: new Set(),
  };
  const observer = new MutationObserver((records) => {
    for (const record of records) if (!noise.has(record.target)) hear(record, heard);
  });
  const everything = { subtree: true, childList: true, attributes: true, characterData: true };
  for (const root of rootsOf(tree)) observer.observe(root, everything);
  for (const home of documentsOf(tree)) listen(home, tree, heard, ears.signal);
  return {
    arrived: heard.arrived,
    changed: heard.changed,
    settle: (patience) => settle(patience, heard, run),
    stop: () => {
      observer.disconnect();
      ears.abort();
    },
  };
}

function hear(record: MutationRecord, heard: Heard): void {
  heard.lastChangeAt = performance.now();
  if (record.type === 'attributes' || heard.changed.size >= MAX_TOUCHED) return;
  heard.changed.add(record.target);
  for (const node of record.addedNodes) heard.arrived.add(node);
}

async function settle(patience: Patience, heard: Heard, run: Run): Promise<Rest> {
  const startedAt = performance.now();
  const endAt = Math.min(startedAt + (patience.capMs ?? CAP_MS), run.deadlineAt - STEP_MS);
  const { hidden } = run.page.tree.top;
  const silence = patience.isKnown ? KNOWN_SILENCE_MS : hidden ? HIDDEN_SILENCE_MS : SILENCE_MS;
  for (;;) {
    judgeLeaving(heard, run.page.tree);
    const now = performance.now();
    const restAt =
      heard.lastChangeAt === null ? startedAt + silence : heard.lastChangeAt + QUIET_MS;
    const rested = now >= restAt;
    const { departure } = heard;
    if (rested || departure !== null || now >= endAt || run.signal.aborted) {
      return { departure, rested };
    }
    await sleepUnlessWoken(Math.min(STEP_MS, restAt - now + 1), heard, run);
  }
}

async function sleepUnlessWoken(ms: number, heard: Heard, run: Run): Promise<void> {
  const woken = new Promise<void>((resolve) => {
    heard.wake = resolve;
  });
  await Promise.race([woken, run.page.pause.sleep(ms, run.signal)]);
}

/** Every root that mutations are told of separately: documents and shadow trees. */
function rootsOf(tree: PageTree): readonly Node[] {
  const roots: Node[] = [...documentsOf(tree)];
  for (const home of documentsOf(tree)) {
    const all = selectAllIn(home, '*');
    for (let i = 0; i < Math.min(all.length, MAX_SCANNED); i++) {
      const element = all[i];
      if (element !== undefined) addShadows(element, tree, roots);
    }
  }
  return roots;
}

function addShadows(element: Element, tree: PageTree, roots: Node[]): void {
  const shadow = tree.shadowOf(element);
  if (shadow === null || roots.length > 500) return;
  roots.push(shadow);
  for (const inner of shadow.querySelectorAll('*')) addShadows(inner, tree, roots);
}

function listen(home: Document, tree: PageTree, heard: Heard, signal: AbortSignal): void {
  const view = windowOf(home);
  if (view === null) return;
  if (home === tree.top) {
    const leave = (): void => depart(heard, { kind: 'nav', url: home.URL });
    view.addEventListener('pagehide', leave, { signal });
    if ('navigation' in view) {
      view.navigation.addEventListener('navigate', (event) => heed(event, heard), { signal });
    }
  }
  // Registered last and furthest out, so that it hears whether the page itself took the click.
  view.addEventListener('click', (event) => redirect(event, heard), { signal });
}

function depart(heard: Heard, departure: Departure): void {
  heard.departure ??= departure;
  heard.wake();
}

/** The Navigation API tells of a navigation as it begins, long before the old page goes. */
function heed(event: NavigateEvent, heard: Heard): void {
  heard.lastChangeAt = performance.now();
  const { url, sameDocument } = event.destination;
  if (event.downloadRequest !== null) depart(heard, { kind: 'download', url });
  else if (!sameDocument) {
    heard.leaving = event;
    afterThisTask(() => heard.wake());
  }
}

/** Sooner than any timer, but after whatever the page still does with the event at hand. */
function afterThisTask(work: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', work, { once: true });
  port1.start();
  port2.postMessage(0);
}

/** A page may still keep a navigation for itself: then its address is already the new one, or it was prevented. */
function judgeLeaving(heard: Heard, tree: PageTree): void {
  const { leaving } = heard;
  heard.leaving = null;
  if (leaving === null || leaving.defaultPrevented) return;
  const { url } = leaving.destination;
  if (tree.top.URL !== url) depart(heard, { kind: 'nav', url });
}

/** A link that would open a window opens none: the background does that, in a tab behind the others. */
function redirect(event: MouseEvent, heard: Heard): void {
  if (event.defaultPrevented) return;
  const link = linkOf(event);
  if (link === null) return;
  if (attributeOf(link, 'download') !== null) {
    depart(heard, { kind: 'download', url: link.href });
    return;
  }
  const target = (link.target || baseTarget(link)).toLowerCase();
  if (target === '' || /^_(self|parent|top)$/u.test(target)) return;
  if (target !== '_blank' && window.frames.length > 0) return;
  event.preventDefault();
  depart(heard, { kind: 'popup', url: link.href });
}

function linkOf(event: MouseEvent): HTMLAnchorElement | null {
  for (const step of event.composedPath()) {
    // By name, not by instanceof: a frame's elements are of another realm.
    if (isNode(step) && isLink(step)) return step;
  }
  return null;
}

function baseTarget(link: HTMLAnchorElement): string {
  const base = link.ownerDocument.querySelector('base[target]');
  return base === null ? '' : (attributeOf(base, 'target') ?? '');
}

function isNode(target: EventTarget): target is Node {
  return 'nodeType' in target;
}
