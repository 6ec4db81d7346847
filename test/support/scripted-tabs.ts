// A browser's tabs as a script: pages with an address and answers, without any browser. It stands in for
// the edge only; what agents may see of it is up to lib/tools.
import { fail, ok, type Result } from '../../lib/wire/failure.ts';
import { parsePageReply, type PageRequestInput } from '../../lib/wire/page.ts';
import type { Landing, TabDriver, TabFacts } from '../../lib/tools/tab-driver.ts';

export interface ScriptedTab {
  url: string;
  title: string;
  documentId: string;
}

export interface ScriptedTabs extends TabDriver {
  readonly tabs: Map<number, ScriptedTab>;
  readonly sent: { id: number; request: PageRequestInput }[];
  /** Where an address leads, when not to itself. */
  readonly redirects: Map<string, string>;
  /** Gives a tab another id, as a browser does. */
  putToSleep(id: number): void;
  /** What the page replies, when not the plain answer. */
  reply: (request: PageRequestInput, tab: ScriptedTab) => unknown;
}

export function createScriptedTabs(): ScriptedTabs {
  let next = 100;
  let replaced: Parameters<TabDriver['onReplaced']>[0] | null = null;
  const goTo = (tab: ScriptedTab, url: string): void => {
    tab.url = driver.redirects.get(url) ?? url;
    tab.title = `Title of ${tab.url}`;
    tab.documentId = `doc-${(next += 1)}`;
  };
  const landing = (id: number): Result<Landing> => {
    const there = facts(id);
    return there.ok ? ok({ ...there.value, state: 'complete', error: null, status: 200 }) : there;
  };
  const facts = (id: number): Result<TabFacts> => {
    const tab = driver.tabs.get(id);
    if (tab === undefined) return fail('not_found', 'Gone.', 'Open it again.');
    return ok({ id, url: tab.url, title: tab.title });
  };
  const driver: ScriptedTabs = {
    tabs: new Map(),
    sent: [],
    redirects: new Map(),
    reply: plainReply,
    open(url) {
      const id = (next += 1);
      const tab = { url: '', title: '', documentId: '' };
      goTo(tab, url);
      driver.tabs.set(id, tab);
      return Promise.resolve(landing(id));
    },
    navigate(id, to) {
      const tab = driver.tabs.get(id);
      if (tab !== undefined && to.kind === 'url') goTo(tab, to.url);
      return Promise.resolve(landing(id));
    },
    close(id) {
      driver.tabs.delete(id);
      return Promise.resolve(ok(null));
    },
    facts: (id) => Promise.resolve(facts(id)),
    count: () => Promise.resolve(driver.tabs.size),
    onReplaced: (listener) => (replaced = listener),
    putToSleep(id) {
      const tab = driver.tabs.get(id);
      if (tab === undefined) return;
      driver.tabs.delete(id);
      driver.tabs.set((next += 1), tab);
      replaced?.(id, next);
    },
    send(id, request, guard) {
      const tab = driver.tabs.get(id);
      if (tab === undefined) return Promise.resolve(facts(id).ok ? unreachable() : gone());
      const { url } = tab;
      const allowed = guard(url);
      if (!allowed.ok) return Promise.resolve(allowed);
      driver.sent.push({ id, request });
      if (request.documentId !== undefined && request.documentId !== tab.documentId) {
        return Promise.resolve(fail('stale_ref', 'Another page.', 'Take a new snapshot.'));
      }
      const reply = parsePageReply(driver.reply(request, tab));
      return Promise.resolve(reply.ok ? ok({ reply: reply.value, url }) : reply);
    },
    describe(id, { quote }, guard) {
      const tab = driver.tabs.get(id);
      if (tab === undefined) return Promise.resolve(gone());
      const { url, title } = tab;
      const allowed = guard(url);
      if (!allowed.ok) return Promise.resolve(allowed);
      const exact = { type: 'TextQuoteSelector', exact: quote, prefix: '', suffix: '' } as const;
      const position = { type: 'TextPositionSelector', start: 0, end: quote.length } as const;
      return Promise.resolve(ok({ target: { quote: exact, position }, url, title }));
    },
  };
  return driver;
}

function gone(): Result<never> {
  return fail('not_found', 'Gone.', 'Open it again.');
}

function unreachable(): Result<never> {
  return fail('unavailable', 'Unreachable.', 'Try another.');
}

/** What a page with one button would say. */
export function plainReply(request: PageRequestInput, tab: ScriptedTab): unknown {
  const { url, title, documentId } = tab;
  const page = { documentId, url, title, hidden: 0, tokens: 9, nextCursor: null };
  const act = { op: request.op, documentId, effect: 'dom', diff: '~ e1 button "Sent"' };
  switch (request.op) {
    case 'snapshot':
      return { op: 'snapshot', ...page, view: 'interactive', text: 'e1 button "Send"' };
    case 'find': {
      const match = { ref: 'e1', line: 'e1 button "Send"', context: null, score: 1 };
      return { op: 'find', documentId, matches: [match], complete: true };
    }
    case 'read': {
      const facts = { byline: null, words: 2, source: 'body', complete: true };
      return { op: 'read', ...page, ...facts, markdown: 'Hello reader.' };
    }
    case 'fill':
      return { ...act, fields: request.fields.map(({ ref }) => ({ ref, ok: true })) };
    case 'select':
      return { ...act, selected: request.values };
    case 'wait':
      return { op: 'wait', documentId, waitedMs: 5, url, line: null };
    case 'probe':
      return { op: 'probe', documentId, url, title, readyState: 'complete', visible: false };
    default:
      return act;
  }
}
