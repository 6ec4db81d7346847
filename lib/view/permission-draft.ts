// What a person fills in to give an agent permission, and its reading as a grant draft. Pure.
import type { Result } from '../wire/failure.ts';
import { fail, ok } from '../wire/failure.ts';
import type { GrantDraft } from '../wire/authority.ts';
import { AUTHORITY_LIMITS } from '../wire/authority.ts';
import type { GrantView } from '../messaging/panel-state.ts';

export const READ_TOOLS = [
  'authority',
  'space_list',
  'tabs_list',
  'page_snapshot',
  'page_find',
  'page_read',
  'page_wait',
  'tab_open',
  'tab_end',
  'page_navigate',
] as const;
export const ACT_TOOLS = ['page_click', 'page_fill', 'page_select', 'page_press'] as const;
export const ANNOTATE_TOOLS = ['annotate'] as const;

export interface PermissionDraft {
  readonly sites: 'this' | 'listed';
  /** The origin the person was looking at when the prompt appeared; it does not follow them to other tabs. */
  readonly thisSite: string | null;
  readonly siteList: string;
  readonly mayAct: boolean;
  readonly mayAnnotate: boolean;
  readonly spaces: 'all' | readonly string[];
  readonly reads: string;
  readonly writes: string;
  readonly minutes: string;
}

/** A first permission: one site, reading only, an hour. */
export function firstDraft(pageUrl: string | null, spaceId: string | null): PermissionDraft {
  const thisSite = originOf(pageUrl);
  return {
    sites: thisSite === null ? 'listed' : 'this',
    thisSite,
    siteList: '',
    mayAct: false,
    mayAnnotate: false,
    spaces: spaceId === null ? [] : [spaceId],
    reads: '200',
    writes: '20',
    minutes: '60',
  };
}

/** The permission an agent has, to be changed; the clock starts anew. */
export function draftOf(grant: GrantView, pageUrl: string | null): PermissionDraft {
  const allows = (tools: readonly string[]) =>
    grant.tools === 'all' || tools.some((tool) => grant.tools.includes(tool));
  return {
    sites: 'listed',
    thisSite: originOf(pageUrl),
    siteList: grant.origins.join('\n'),
    mayAct: allows(ACT_TOOLS),
    mayAnnotate: allows(ANNOTATE_TOOLS),
    spaces: grant.spaces,
    reads: String(grant.reads.limit),
    writes: String(Math.max(grant.writes.limit, 1)),
    minutes: '60',
  };
}

/** Failure: `bad_arguments`, naming the first field that cannot be read. */
export function readDraft(draft: PermissionDraft): Result<GrantDraft> {
  const origins = readSites(draft);
  if (!origins.ok) return origins;
  const writing = draft.mayAct || draft.mayAnnotate;
  const reads = readCount(draft.reads, 'reads', 0);
  const writes = writing ? readCount(draft.writes, 'writes', 0) : ok(0);
  const minutes = readCount(draft.minutes, 'minutes', 1, AUTHORITY_LIMITS.minutes);
  if (!reads.ok) return reads;
  if (!writes.ok) return writes;
  if (!minutes.ok) return minutes;
  return ok({
    origins: origins.value,
    tools: toolsOf(draft),
    spaces: draft.spaces === 'all' ? 'all' : [...draft.spaces],
    reads: reads.value,
    writes: writes.value,
    minutes: minutes.value,
  });
}

function toolsOf(draft: PermissionDraft): string[] {
  return [
    ...READ_TOOLS,
    ...(draft.mayAct ? ACT_TOOLS : []),
    ...(draft.mayAnnotate ? ANNOTATE_TOOLS : []),
  ];
}

function readSites(draft: PermissionDraft): Result<string[]> {
  const typed = draft.siteList
    .split(/[\n,]/)
    .map((word) => word.trim())
    .filter(Boolean);
  const words = draft.sites === 'this' ? [draft.thisSite ?? ''] : typed;
  const patterns = words.map(sitePattern);
  const wrong = patterns.indexOf(null);
  if (words.length === 0 || wrong >= 0) {
    return fail(
      'bad_arguments',
      words.length === 0 ? 'No site is listed.' : `“${words[wrong]}” is not a site.`,
      'List sites as example.org or http://127.0.0.1:8080, one on each line.',
    );
  }
  return ok([...new Set(patterns.filter((pattern) => pattern !== null))]);
}

/**
 * What was typed as an origin pattern: `example.org/page` → `https://example.org`. A host may begin with `*.`
 * and a port may be `*`; `*` alone is every site. Null where it is none. The node has the last word.
 */
export function sitePattern(typed: string): string | null {
  if (typed === '*') return '*';
  const parts = /^(?:(https?):\/\/)?(\*\.)?([^/:*]+|\[[^\]]+\])(:\*|:\d+)?(?:\/.*)?$/i.exec(typed);
  const [, scheme = 'https', below = '', host = '', port = ''] = parts ?? [];
  const anyPort = port === ':*' ? port : '';
  const origin = originOf(`${scheme}://${host}${anyPort ? '' : port}`);
  if (origin === null) return null;
  return below ? `${origin.replace('://', '://*.')}${anyPort}` : origin + anyPort;
}

/** The origin of a web address; null for anything else. */
export function originOf(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const { origin, protocol } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? origin : null;
}

function readCount(
  text: string,
  what: string,
  least: number,
  most: number = AUTHORITY_LIMITS.amount,
): Result<number> {
  const value = Number(text.trim() || Number.NaN);
  if (Number.isInteger(value) && value >= least && value <= most) return ok(value);
  return fail(
    'bad_arguments',
    `“${text}” is not a number of ${what}.`,
    `Write a whole number from ${least} to ${most}.`,
  );
}
