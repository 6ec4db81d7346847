// The one question that any agent may ask, allowed or not: what may I do?
import { z } from 'zod';
import type { GrantSummary } from '../authority/views.ts';
import { ok } from '../wire/failure.ts';
import { nowhere } from './arguments.ts';
import { lines } from './text.ts';
import { defineTool, FREE } from './tool.ts';

const meter = z.object({ limit: z.int(), left: z.int() });
const allOr = z.union([z.literal('all'), z.array(z.string())]);

export const authority = defineTool({
  name: 'authority',
  title: 'What may I do?',
  description:
    'Your permission: sites, tools, spaces, reads and writes left, end, and how to ask for more. Free.',
  input: z.strictObject({}),
  output: z.object({
    status: z.enum(['waiting', 'active', 'stopped', 'expired']),
    ask: z.string(),
    origins: z.array(z.string()).optional(),
    tools: allOr.optional(),
    spaces: allOr.optional(),
    reads: meter.optional(),
    writes: meter.optional(),
    expires_at: z.string().optional(),
  }),
  hints: { readOnlyHint: true, openWorldHint: false },
  cost: FREE,
  needsGrant: false,
  target: nowhere,
  handler({ permit, standing }) {
    const { status, grant, howToAsk } = standing(permit.agent);
    return Promise.resolve(
      ok({
        text: lines(STATUS[status], grant && describe(grant), howToAsk),
        structured: { status, ask: howToAsk, ...(grant === null ? {} : facts(grant)) },
        summary: 'Asked what it may do.',
      }),
    );
  },
});

const STATUS = {
  waiting: 'You have not been allowed to do anything yet.',
  active: 'You are allowed to act within this permission.',
  stopped: 'You have been stopped: every other call is refused.',
  expired: 'Your permission has ended.',
} as const;

function facts({ scope, limits, left, expiresAt }: GrantSummary) {
  return {
    ...scope,
    reads: { limit: limits.reads, left: left.reads },
    writes: { limit: limits.writes, left: left.writes },
    expires_at: new Date(expiresAt).toISOString(),
  };
}

function describe(grant: GrantSummary): string {
  const { scope, limits, used, reserved, left, expiresAt } = grant;
  const spent = (kind: 'reads' | 'writes') =>
    `${kind}: ${left[kind]} left of ${limits[kind]} (${used[kind]} used, ${reserved[kind]} held)`;
  return lines(
    `sites: ${scope.origins.join(', ') || 'none'}`,
    `tools: ${listed(scope.tools)}`,
    `spaces: ${listed(scope.spaces)}`,
    spent('reads'),
    spent('writes'),
    `until: ${new Date(expiresAt).toISOString()}`,
  );
}

function listed(names: 'all' | readonly string[]): string {
  return names === 'all' ? 'all' : names.join(', ') || 'none';
}
