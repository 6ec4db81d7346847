// What an agent drives a browser with, ours or a peer's: an MCP server over stdio under the official client, reduced
// to the calls that are compared.
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

export interface Harness extends AsyncDisposable {
  readonly name: string;
  readonly client: Client;
  /** Opens a page, from now on the one that is looked at and clicked. */
  open(url: string): Promise<void>;
  /** All the text that one call gives the model. */
  snapshot(): Promise<string>;
  /** Clicks what the last snapshot gave this ref, and gives all the text of the answer. */
  click(ref: string): Promise<string>;
  /** How a snapshot writes the ref of a button, as a regular expression's source with the ref as its first group. */
  refOfButton(name: string): string;
}

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** Where it may leave files. */
  readonly folder?: string;
}

/** Spawns an MCP server and opens a session with it. */
export async function connectTo({ command, args, folder }: Program): Promise<Client> {
  const transport = new StdioClientTransport({
    command,
    args: [...args],
    stderr: 'ignore',
    ...(folder === undefined ? {} : { cwd: folder }),
  });
  const client = new Client({ name: 'bench', version: '1.0.0' });
  await client.connect(transport);
  return client;
}

/** Calls a tool and gives all the text of its answer; throws when the answer is an error. */
export async function textOf(
  client: Client,
  name: string,
  args: Record<string, unknown> = {},
): Promise<string> {
  const { content, isError } = await client.callTool({ name, arguments: args });
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  if (isError) throw new Error(`${name} answered: ${text.slice(0, 500)}`);
  return text;
}

/** The ref of a button in a snapshot. */
export function findButton(harness: Harness, snapshot: string, name: string): string {
  const ref = new RegExp(harness.refOfButton(name), 'u').exec(snapshot)?.[1];
  if (ref === undefined) throw new Error(`${harness.name} shows no button ${name}:\n${snapshot}`);
  return ref;
}
