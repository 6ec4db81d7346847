// The MCP server of one agent's session. One factory serves both revisions in the field: 2025-11-25
// (initialize) and 2026-07-28 (stateless); the SDK chooses by what the client says first.
import {
  CLIENT_INFO_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { AgentCaller } from '../../wire/bridge.ts';
import { FailureError } from '../../wire/failure.ts';
import type { ToolDispatcher, ToolListing, ToolProgress } from './dispatcher.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { failureText, orFailure, toMcpResult } from './results.ts';
import { checkShape } from '../../wire/shape.ts';

export interface McpServerOptions {
  readonly dispatcher: ToolDispatcher;
  readonly caller: Omit<AgentCaller, 'clientName'>;
  /** Told whenever the client says what it is called. */
  readonly onClientName?: (name: string) => void;
  readonly version: string;
}

const LIST_TTL_MS = 60_000;

export function createMcpServer(options: McpServerOptions): Server {
  const { dispatcher } = options;
  const server = new Server(
    { name: 'commonplace', title: 'Commonplace', version: options.version },
    {
      capabilities: { tools: { listChanged: true } },
      instructions: INSTRUCTIONS,
      cacheHints: { 'tools/list': { ttlMs: LIST_TTL_MS, cacheScope: 'private' } },
    },
  );
  const nameOf = clientNamer(server, options);
  server.oninitialized = () => nameOf();
  server.setRequestHandler('tools/list', (_request, context) => {
    nameOf(context);
    return { tools: refusing(() => dispatcher.list().map(advertised)) };
  });
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const caller = { ...options.caller, clientName: nameOf(context) };
    const { signal } = context.mcpReq;
    const report = progressReporter(context);
    const args = params.arguments ?? {};
    return toMcpResult(await dispatcher.call(caller, params.name, args, signal, report));
  });
  return server;
}

function advertised(tool: ToolListing) {
  const { name, title, description, annotations, inputSchema, outputSchema } = tool;
  return {
    name,
    title,
    description,
    annotations: { title, ...annotations },
    inputSchema: { ...inputSchema },
    outputSchema: { ...orFailure(outputSchema) },
  };
}

function refusing<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    const { failure } = error;
    throw new ProtocolError(ProtocolErrorCode.InternalError, failureText(failure), { ...failure });
  }
}

const Envelope = z.looseObject({
  [CLIENT_INFO_META_KEY]: z.looseObject({ name: z.string().max(200) }),
});

/** Reads the client's name from a request's envelope (2026-07-28) or from `initialize` (2025-11-25). */
function clientNamer(server: Server, { onClientName }: McpServerOptions) {
  let known: string | null = null;
  return (context?: ServerContext): string | null => {
    const envelope = checkShape(Envelope, context?.mcpReq.envelope);
    const name = envelope.success
      ? envelope.data[CLIENT_INFO_META_KEY].name
      : server.getClientVersion()?.name.slice(0, 200);
    if (name !== undefined && name !== known) {
      known = name;
      onClientName?.(name);
    }
    return known;
  };
}

/** Sends `notifications/progress` for a request that asked for it. */
function progressReporter(context: ServerContext): (progress: ToolProgress) => void {
  const progressToken = context.mcpReq['_meta']?.progressToken;
  return (progress) => {
    if (progressToken === undefined) return;
    const params = { progressToken, ...progress };
    // A progress note that cannot be delivered is worth nothing; the call goes on.
    context.mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
  };
}
