// Tabs: an agent opens its own, sends them places and ends them. It never sees what the person has open.
import { z } from 'zod';
import { NOWHERE } from '../authority/checks.ts';
import { ok, type Result } from '../wire/failure.ts';
import { inTab, nowhere, tab, webUrl } from './arguments.ts';
import { ABORTED, type Destination } from './tab-driver.ts';
import type { LandedView, TabView } from './tabs.ts';
import { address, counted, lines, quoted } from './text.ts';
import { defineTool, FREE, READ, type Given } from './tool.ts';

const landed = z.object({
  tab: z.string(),
  url: z.string(),
  title: z.string(),
  allowed: z.boolean(),
  state: z.enum(['complete', 'loading', 'failed']),
  error: z.string().optional(),
  status: z.int().optional(),
});

export const tabsList = defineTool({
  name: 'tabs_list',
  title: 'List your tabs',
  description: 'Tabs you opened. Of other tabs you learn only how many there are.',
  input: z.strictObject({}),
  output: z.object({
    tabs: z.array(
      z.object({ tab: z.string(), url: z.string(), title: z.string(), allowed: z.boolean() }),
    ),
    others: z.int(),
  }),
  hints: { readOnlyHint: true, openWorldHint: false },
  cost: FREE,
  target: nowhere,
  async handler({ tabs, permit }) {
    const { mine, others } = await tabs.list(permit);
    return ok({
      text: lines(
        mine.length === 0 ? 'You have no tabs. Open one with tab_open.' : null,
        ...mine.map(tabLine),
        `${counted(others, 'other tab')} not yours.`,
      ),
      structured: { tabs: [...mine], others },
      summary: 'Listed its tabs.',
    });
  },
});

export const tabOpen = defineTool({
  name: 'tab_open',
  title: 'Open a tab',
  description:
    'Open a page in a new background tab and wait for it to load. Returns the tab handle for all page tools.',
  input: z.strictObject({ url: webUrl }),
  output: landed,
  hints: { readOnlyHint: true, openWorldHint: true },
  cost: READ,
  target: ({ url }) => Promise.resolve(ok({ ...NOWHERE, urls: [url], where: url })),
  async handler({ tabs, permit }, { url }) {
    const opened = await tabs.open(permit, url);
    return opened.ok ? ok(given(opened.value, 'Opened')) : opened;
  },
});

export const tabEnd = defineTool({
  name: 'tab_end',
  title: 'Close a tab',
  description: 'Close a tab you opened.',
  input: z.strictObject({ tab }),
  output: z.object({ tab: z.string() }),
  hints: { destructiveHint: false, idempotentHint: true, openWorldHint: false },
  cost: FREE,
  target: nowhere,
  async handler({ tabs, permit }, args) {
    const ended = await tabs.end(permit, args.tab);
    if (!ended.ok) return ended;
    return ok({
      text: `Closed ${args.tab}.`,
      structured: args,
      summary: `Closed its tab ${args.tab}.`,
    });
  },
});

const HISTORY = ['back', 'forward', 'reload'] as const;

export const pageNavigate = defineTool({
  name: 'page_navigate',
  title: 'Go to a page',
  description: 'Send a tab to an address, or back, forward, reload; waits for the page to load.',
  input: z.strictObject({
    tab,
    url: z.union([z.enum(HISTORY), webUrl]).describe('An address, or back, forward, reload'),
  }),
  output: landed,
  hints: { readOnlyHint: true, openWorldHint: true },
  cost: READ,
  async target(args, whereabouts) {
    const to = destination(args.url);
    // Leaving a page that is not allowed must be possible, so only the way there is asked about.
    if (to.kind === 'url') {
      return ok({ ...NOWHERE, urls: [to.url], where: `${args.tab} ${to.url}` });
    }
    return to.kind === 'reload' ? inTab(args, whereabouts) : nowhere();
  },
  async handler({ tabs, permit }, args) {
    const gone = await tabs.navigate(permit, args.tab, destination(args.url));
    return gone.ok ? ok(given(gone.value, 'Went to')) : gone;
  },
});

function destination(to: string): Destination {
  const kind = HISTORY.find((one) => one === to);
  return kind === undefined ? { kind: 'url', url: to } : { kind };
}

function tabLine({ tab: handle, url, title, allowed }: TabView): string {
  if (allowed) return `${handle} ${address(url)} ${quoted(title)}`;
  return `${handle} ${address(url) || 'a page'} (outside your permission)`;
}

function given(view: LandedView, did: string): Given<z.output<typeof landed>> {
  const { tab: handle, url, title, allowed, state, error, status, refusal } = view;
  // An error page is nobody's site, so there is nothing to ask the person for.
  const nothingLoaded = state === 'failed' && url === '';
  return {
    text: lines(tabLine(view), howItWent(view), nothingLoaded ? null : refusalLine(refusal)),
    structured: {
      tab: handle,
      url,
      title,
      allowed,
      state,
      ...(error === null ? {} : { error }),
      ...(status === null ? {} : { status }),
    },
    summary: `${did} ${address(url)}${state === 'failed' ? ', which did not load' : ''}.`,
    url,
  };
}

function howItWent({ state, error, status }: LandedView): string | null {
  if (error === ABORTED) {
    return 'That address gave no page, perhaps a download. The tab stayed where it was.';
  }
  if (state === 'failed') return `The page did not load: ${error ?? 'unknown error'}.`;
  if (state === 'loading') return 'It is still loading; use page_wait or look already.';
  return status !== null && status >= 400 ? `The server answered HTTP ${status}.` : null;
}

export function refusalLine(refusal: Result<null>): string | null {
  if (refusal.ok) return null;
  const { message, remedy } = refusal.failure;
  return `It led outside your permission, so you cannot use this page. ${message} ${remedy}`;
}
