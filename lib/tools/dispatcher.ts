// From a named call with raw arguments to an answer: finds the tool, and sends the call through the one gate.
import type { Gate } from '../authority/gated-call.ts';
import { parseAgentIdentity } from '../wire/authority.ts';
import type { AgentCaller } from '../wire/bridge.ts';
import { fail, type Result } from '../wire/failure.ts';
import { listingOf } from './listing.ts';
import type { ToolDispatcher, ToolOutcome } from './mcp/dispatcher.ts';
import { quoted } from './text.ts';
import type { Tool, ToolWorld } from './tool.ts';

/** Arguments larger than this are not even looked at. */
const MAX_ARGUMENT_CHARS = 512 * 1024;

export interface DispatcherOptions extends ToolWorld {
  readonly tools: readonly Tool[];
  readonly gate: Gate;
}

export function createDispatcher(options: DispatcherOptions): ToolDispatcher {
  const { tools, gate, ...world } = options;
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const listings = tools.map(listingOf);
  return {
    list: () => listings,
    async call(caller, name, args, signal): Promise<ToolOutcome> {
      const agent = identify(caller);
      if (!agent.ok) return agent;
      const tool = byName.get(name);
      return gate.call({
        agent: agent.value,
        tool: tool?.name ?? 'unknown_tool',
        signal,
        parse: () => {
          if (tool === undefined) return unknownTool(name);
          return tooLarge(args) ?? tool.prepare(args, world, agent.value);
        },
      });
    },
  };
}

function identify({ did, name, clientName }: AgentCaller) {
  return parseAgentIdentity({ did, name, client: clientName ?? '' });
}

function unknownTool(name: string): Result<never> {
  return fail(
    'unknown_tool',
    `There is no tool ${quoted(name, 60)}.`,
    'tools/list names them all.',
  );
}

function tooLarge(args: unknown): Result<never> | null {
  const chars = JSON.stringify(args)?.length ?? 0;
  if (chars <= MAX_ARGUMENT_CHARS) return null;
  return fail(
    'too_large',
    `The arguments are ${chars} characters long; at most ${MAX_ARGUMENT_CHARS} are taken.`,
    'Send it in smaller parts.',
  );
}
