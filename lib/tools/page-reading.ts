// Looking at a page: snapshot, find, read, wait. Page text comes out as quoted lines or between fences.
import { z } from 'zod';
import { ok } from '../wire/failure.ts';
import { PAGE_LIMITS, SNAPSHOT_VIEWS, type PageReplyOf } from '../wire/page.ts';
import { cursor, inTab, maxTokens, ref, tab } from './arguments.ts';
import { present } from './present.ts';
import { address, counted, fenced, lines, quoted } from './text.ts';
import { defineTool, READ } from './tool.ts';

const LOOK = { readOnlyHint: true, openWorldHint: true } as const;

const query = z.string().trim().min(1).max(PAGE_LIMITS.maxQueryChars);

const pageText = z.object({
  url: z.string(),
  title: z.string(),
  text: z.string(),
  next_cursor: z.string().optional(),
});

export const pageSnapshot = defineTool({
  name: 'page_snapshot',
  title: 'See a page',
  description:
    'What is on the page, one line a node, with refs to act on. outline: headings and regions; full: every visible word.',
  input: z.strictObject({
    tab,
    view: z.enum(SNAPSHOT_VIEWS).optional().describe('interactive if left out'),
    root: ref.optional().describe('Only below this ref'),
    max_tokens: maxTokens,
    cursor,
  }),
  output: pageText,
  hints: LOOK,
  cost: READ,
  target: inTab,
  async handler({ tabs, permit }, args) {
    const sent = await tabs.send(permit, args.tab, {
      op: 'snapshot',
      ...present({ view: args.view, root: args.root, cursor: args.cursor }),
      ...present({ maxTokens: args.max_tokens }),
    });
    if (!sent.ok) return sent;
    const { url, title, text, nextCursor, hidden } = sent.value.reply;
    return ok({
      text: lines(header(url, title), text, hiddenLine(hidden), more(nextCursor)),
      structured: { url, title, text, ...present({ next_cursor: nextCursor ?? undefined }) },
      summary: `Looked at ${address(url)}.`,
      url,
    });
  },
});

export const pageFind = defineTool({
  name: 'page_find',
  title: 'Find on a page',
  description:
    'Elements that match a text, a role or an accessible name, with refs. Cheaper than a snapshot.',
  input: z
    .strictObject({
      tab,
      text: query.optional(),
      role: query.optional().describe('ARIA role'),
      name: query.optional(),
      limit: z.int().min(1).max(PAGE_LIMITS.maxFound).optional(),
    })
    .refine(
      ({ text, role, name }) => text ?? role ?? name,
      'needs at least one of text, role, name',
    ),
  output: z.object({
    matches: z.array(z.object({ ref: z.string(), line: z.string() })),
    complete: z.boolean(),
  }),
  hints: LOOK,
  cost: READ,
  target: inTab,
  async handler({ tabs, permit }, { tab: handle, ...wanted }) {
    const sent = await tabs.send(permit, handle, { op: 'find', ...present(wanted) });
    if (!sent.ok) return sent;
    const { matches, complete } = sent.value.reply;
    return ok({
      text: lines(
        matches.length === 0 ? 'Nothing on the page matches.' : null,
        ...matches.map(matchLine),
        complete ? null : 'The search stopped early; more may match. Be more precise.',
      ),
      structured: { matches: matches.map(({ ref: at, line }) => ({ ref: at, line })), complete },
      summary: `Found ${counted(matches.length, 'match', 'matches')} on ${address(sent.value.url)}.`,
      url: sent.value.url,
    });
  },
});

export const pageRead = defineTool({
  name: 'page_read',
  title: 'Read a page',
  description: 'The main text of the page as Markdown, without refs. For articles and documents.',
  input: z.strictObject({ tab, max_tokens: maxTokens, cursor }),
  output: pageText,
  hints: LOOK,
  cost: READ,
  target: inTab,
  async handler({ tabs, permit }, args) {
    const sent = await tabs.send(permit, args.tab, {
      op: 'read',
      ...present({ cursor: args.cursor, maxTokens: args.max_tokens }),
    });
    if (!sent.ok) return sent;
    const { reply } = sent.value;
    const { url, title, markdown, nextCursor } = reply;
    return ok({
      text: lines(
        header(url, title),
        byline(reply),
        fenced(markdown),
        whole(reply),
        more(nextCursor),
      ),
      structured: {
        url,
        title,
        text: markdown,
        ...present({ next_cursor: nextCursor ?? undefined }),
      },
      summary: `Read ${address(url)}.`,
      url,
    });
  },
});

const WAITS = ['text', 'text_gone', 'ref_gone', 'url', 'settle'] as const;

export const pageWait = defineTool({
  name: 'page_wait',
  title: 'Wait for a page',
  description:
    'Wait until a text appears or goes, a ref goes, the address changes, or the page settles.',
  input: z
    .strictObject({
      tab,
      until: z.enum(WAITS),
      value: query.optional().describe('The text, the ref, or a part of the new address'),
      timeout_ms: z.int().min(100).max(25_000).optional().describe('10000 if left out'),
    })
    .refine(({ until, value }) => value !== undefined || until === 'url' || until === 'settle', {
      message: 'needed for this kind of wait',
      path: ['value'],
    })
    .refine(({ until, value }) => until !== 'ref_gone' || /^e[1-9]\d{0,8}$/.test(value ?? ''), {
      message: 'a ref from a snapshot, such as "e12"',
      path: ['value'],
    }),
  output: z.object({ waited_ms: z.int(), url: z.string(), line: z.string().optional() }),
  hints: LOOK,
  cost: READ,
  timeoutMs: 40_000,
  target: inTab,
  async handler({ tabs, permit }, args) {
    const sent = await tabs.send(permit, args.tab, {
      op: 'wait',
      until: condition(args.until, args.value ?? ''),
      ...present({ deadlineMs: args.timeout_ms }),
    });
    if (!sent.ok) return sent;
    const { waitedMs, url, line } = sent.value.reply;
    return ok({
      text: lines(`Came true after ${waitedMs} ms on ${address(url)}.`, line),
      structured: { waited_ms: waitedMs, url, ...present({ line: line ?? undefined }) },
      summary: `Waited on ${address(url)}.`,
      url,
    });
  },
});

function condition(until: (typeof WAITS)[number], value: string) {
  if (until === 'text' || until === 'text_gone') return { kind: until, text: value };
  if (until === 'ref_gone') return { kind: until, ref: value };
  if (until === 'settle') return { kind: until };
  return { kind: until, ...present({ contains: value === '' ? undefined : value }) };
}

function header(url: string, title: string): string {
  return `${address(url)} ${quoted(title)}`;
}

function byline({ byline: by, words }: PageReplyOf<'read'>): string {
  return by === null ? counted(words, 'word') : `By ${quoted(by)}, ${counted(words, 'word')}`;
}

function whole({ complete }: PageReplyOf<'read'>): string | null {
  return complete ? null : 'The page is too large to be read whole; this is its beginning.';
}

function matchLine({ line, context }: PageReplyOf<'find'>['matches'][number]): string {
  return context === null ? line : `${line} in ${quoted(context)}`;
}

function hiddenLine(hidden: number): string | null {
  return hidden === 0 ? null : `(${counted(hidden, 'hidden part')} left out)`;
}

function more(next: string | null): string | null {
  return next === null ? null : `There is more: call again with cursor "${next}".`;
}
