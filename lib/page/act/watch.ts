// Watching a page from just before an act until it has come to rest, without a fixed wait: mutations that
// fall silent, a navigation that begins, or nothing at all for as long as it is fair to wait.
import { attributeOf, selectAllIn, windowOf } from '../dom/native.ts';
import type { PageTree } from '../dom/tree.ts';
import { documentsOf, type Run } from '../run.ts';

/** How the page was heard to leave or to want another window. */
export type Departure =
  | { readonly kind: 'nav'; readonly url: string }
  | { readonly kind: 'download'; readonly url: string }
  | { readonly kind: 'popup'; readonly url: string };

export interface Watch {
  /** Resolves when the page rests or departs. `isKnown`: an effect is plain already, so silence needs no wait. */
  settle(isKnown: boolean): Promise<Departure | null>;
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
  readonly arrived: Set<Node>;
  readonly changed: Set<Node>;
}

export function startWatch(run: Run): Watch {
  const { tree, noise } = run.page;
  const ears = new AbortController();
  const heard: Heard = {
    lastChangeAt: null,
    departure: null,
    arrived: new Set(),
    changed: new Set(),
  };
  const observer = new MutationObserver((records) => {
    for (const record of records) if (!noise.has(record.target)) hear(record, heard);
  });
  const everything = { subtree: true, childList: true, attributes: true, characterData: true };
  for (const root of rootsOf(tree)) observer.observe(root, everything);
  const depart = (seen: Departure): void => void (heard.departure ??= seen);
  for (const home of documentsOf(tree)) listen(home, tree, depart, ears.signal);
  return {
    arrived: heard.arrived,
    changed: heard.changed,
    settle: (isKnown) => settle(isKnown, heard, run),
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

async function settle(isKnown: boolean, heard: Heard, run: Run): Promise<Departure | null> {
  const startedAt = performance.now();
  const endAt = Math.min(startedAt + CAP_MS, run.deadlineAt - STEP_MS);
  const { hidden } = run.page.tree.top;
  const silence = isKnown ? KNOWN_SILENCE_MS : hidden ? HIDDEN_SILENCE_MS : SILENCE_MS;
  while (heard.departure === null && !run.signal.aborted) {
    const now = performance.now();
    const restAt =
      heard.lastChangeAt === null ? startedAt + silence : heard.lastChangeAt + QUIET_MS;
    if (now >= restAt || now >= endAt) break;
    await run.page.pause.sleep(Math.min(STEP_MS, restAt - now + 1), run.signal);
  }
  return heard.departure;
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

function listen(
  home: Document,
  tree: PageTree,
  depart: (seen: Departure) => void,
  signal: AbortSignal,
): void {
  const view = windowOf(home);
  if (view === null) return;
  const isTop = home === tree.top;
  if (isTop) {
    const leave = (): void => depart({ kind: 'nav', url: home.URL });
    view.addEventListener('pagehide', leave, { signal });
    if ('navigation' in view) {
      view.navigation.addEventListener('navigate', (event) => heed(event, depart), { signal });
    }
  }
  // Registered last and furthest out, so that it hears whether the page itself took the click.
  view.addEventListener('click', (event) => redirect(event, depart), { signal });
}

function heed(event: NavigateEvent, depart: (seen: Departure) => void): void {
  const { url, sameDocument } = event.destination;
  if (event.downloadRequest !== null) depart({ kind: 'download', url });
  else if (!sameDocument && !event.canIntercept) depart({ kind: 'nav', url });
  else if (!sameDocument)
    queueMicrotask(() => event.defaultPrevented || depart({ kind: 'nav', url }));
}

/** A link that would open a window opens none: the background does that, in a tab behind the others. */
function redirect(event: MouseEvent, depart: (seen: Departure) => void): void {
  if (event.defaultPrevented) return;
  const link = linkOf(event);
  if (link === null) return;
  if (attributeOf(link, 'download') !== null) {
    depart({ kind: 'download', url: link.href });
    return;
  }
  const target = (link.target || baseTarget(link)).toLowerCase();
  if (target === '' || /^_(self|parent|top)$/u.test(target)) return;
  if (target !== '_blank' && window.frames.length > 0) return;
  event.preventDefault();
  depart({ kind: 'popup', url: link.href });
}

function linkOf(event: MouseEvent): HTMLAnchorElement | null {
  for (const step of event.composedPath()) {
    if (step instanceof HTMLAnchorElement && step.href !== '') return step;
  }
  return null;
}

function baseTarget(link: HTMLAnchorElement): string {
  const base = link.ownerDocument.querySelector('base[target]');
  return base === null ? '' : (attributeOf(base, 'target') ?? '');
}
