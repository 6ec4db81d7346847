// What an agent is called when nobody gave it a name: as its client calls itself in its first request, so that two
// clients with the same configuration are two agents, each with a key and a permission of its own.
import { z } from 'zod';
import { isAgentName } from '../lib/wire/bridge.ts';
import { checkShape } from '../lib/wire/shape.ts';

const UNNAMED = 'agent';
const MAX_CHARS = 64;

const clientInfo = z.looseObject({ name: z.string() });

/** `initialize` says it in revision 2025-11-25, the envelope of every request in 2026-07-28. */
const introduction = z.looseObject({
  method: z.string(),
  params: z
    .looseObject({
      clientInfo: clientInfo.optional(),
      _meta: z
        .looseObject({ 'io.modelcontextprotocol/clientInfo': clientInfo.optional() })
        .optional(),
    })
    .optional(),
});

/**
 * A name that `isAgentName` takes, from the first request of an MCP client: "Claude Code" becomes
 * "Claude-Code". Null for what is no request.
 */
export function agentNameFrom(message: unknown): string | null {
  const parsed = checkShape(introduction, message);
  if (!parsed.success) return null;
  const { clientInfo: info, _meta: meta } = parsed.data.params ?? {};
  const said = (info ?? meta?.['io.modelcontextprotocol/clientInfo'])?.name ?? '';
  const name = said
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, MAX_CHARS)
    .replace(/-+$/, '');
  return isAgentName(name) ? name : UNNAMED;
}
