// An agent as the world has them: the official MCP client, over the command that a person's node gives.
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { StagedPerson } from './staged-person.ts';

export interface Answer {
  readonly isError: boolean;
  readonly text: string;
  readonly structured: Readonly<Record<string, unknown>>;
}

export interface McpAgent extends AsyncDisposable {
  readonly client: Client;
  call(tool: string, args?: Record<string, unknown>): Promise<Answer>;
}

/** Spawns the program and initialises a session under the given client name. */
export async function startAgent(person: StagedPerson, name = 'test-agent'): Promise<McpAgent> {
  const { command, args } = person.mcp;
  const transport = new StdioClientTransport({ command, args: [...args, '--name', name] });
  const client = new Client({ name, version: '1.0.0' });
  await client.connect(transport);
  return {
    client,
    call: async (tool, given = {}) => {
      const result = await client.callTool({ name: tool, arguments: given });
      const [first] = result.content;
      return {
        isError: result.isError ?? false,
        text: first?.type === 'text' ? first.text : '',
        // The client has checked it against the tool's output schema.
        structured: (result.structuredContent ?? {}) as Record<string, unknown>,
      };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
