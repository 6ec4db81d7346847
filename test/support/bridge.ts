// The two ends that the bridge's tests need: a browser's part of native messaging around a real host
// process, and the official MCP client around a real `commonplace mcp` process.
import { Client, type ClientOptions } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFrameReader, encodeFrame } from '../../bridge/frames.ts';
import { createAgentPort, type AgentPort, type NativePort } from '../../lib/agents/native-port.ts';
import type { ToolDispatcher, ToolListing } from '../../lib/tools/mcp/dispatcher.ts';
import { serveMcp } from '../../lib/tools/mcp/serve.ts';
import { fail, ok } from '../../lib/wire/failure.ts';

const PROGRAM = join(import.meta.dirname, '../../bridge/main.ts');
export const NODE_DID = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK';
/** What browsers take from a host in one message. */
const BROWSER_LIMIT_BYTES = 1024 * 1024;

export async function makeHome(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'cp-bridge-'));
}

export async function removeHome(home: string): Promise<void> {
  await rm(home, { recursive: true, force: true });
}

export function spawnProgram(...args: string[]): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
}

/** Waits for a process to end; gives its exit code and what it wrote to stderr. */
export async function exitOf(
  child: ChildProcess,
): Promise<{ code: number | null; stderr: string }> {
  let stderr = '';
  child.stderr?.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stderr };
}

export interface BrowserPart {
  readonly port: NativePort;
  readonly child: ChildProcess;
}

/** Does what a browser does for `runtime.connectNative`: starts the host and frames messages. */
export function connectHost(home: string): BrowserPart {
  const child = spawnProgram(
    'host',
    'chrome-extension://oobkohdpiciabfffpjbodadedlpmdelp/',
    '--home',
    home,
  );
  const read = createFrameReader({ maxBytes: BROWSER_LIMIT_BYTES });
  const listeners: ((message: unknown) => void)[] = [];
  const goneListeners: ((reason: string | null) => void)[] = [];
  const gone = (reason: string): void => goneListeners.splice(0).forEach((tell) => tell(reason));
  child.on('exit', () => gone('Native host has exited.'));
  child.stdin?.on('error', () => {});
  child.stdout?.on('data', (bytes: Buffer) => {
    const texts = read(bytes);
    if (!texts.ok) child.kill('SIGKILL');
    else for (const text of texts.value) for (const tell of listeners) tell(JSON.parse(text));
  });
  const port: NativePort = {
    postMessage: (message) => void child.stdin?.write(encodeFrame(JSON.stringify(message))),
    disconnect: () => {
      goneListeners.length = 0;
      child.stdin?.end();
    },
    onMessage: (listener) => void listeners.push(listener),
    onDisconnect: (listener) => void goneListeners.push(listener),
  };
  return { port, child };
}

export interface TestBrowser {
  readonly agents: AgentPort;
  /** The host process that is running now. */
  host(): ChildProcess;
  close(): Promise<void>;
}

/** An extension's agent port over real host processes, serving the tools below. */
export function openBrowser(home: string, dispatcher: ToolDispatcher = testTools()): TestBrowser {
  const parts: BrowserPart[] = [];
  const agents = createAgentPort({
    connect: () => {
      const part = connectHost(home);
      parts.push(part);
      return part.port;
    },
    node: NODE_DID,
    serve: (pipe, caller, onClientName) => {
      serveMcp(pipe, { dispatcher, caller, onClientName, version: '1.2.3' });
    },
  });
  return {
    agents,
    host: () => {
      const last = parts.at(-1);
      if (last === undefined) throw new Error('No host has been started.');
      return last.child;
    },
    close: async () => {
      agents.close();
      await Promise.all(parts.map(({ child }) => ended(child)));
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => child.on('exit', resolve));
}

export interface AgentOptions {
  /** Null lets the program name the agent after its client. */
  readonly name?: string | null;
  readonly clientName?: string;
  readonly negotiation?: ClientOptions['versionNegotiation'];
  /** How long its requests wait for a browser. */
  readonly waitSeconds?: number;
}

export const REVISION_2026 = { mode: { pin: '2026-07-28' } } as const;

/** An official MCP client over a real `commonplace mcp`. Not connected yet. */
export function makeAgent(home: string, options: AgentOptions = {}) {
  const client = new Client(
    { name: options.clientName ?? 'test-agent', version: '1.0.0' },
    { versionNegotiation: options.negotiation ?? { mode: 'legacy' } },
  );
  const { name = 'agent', waitSeconds = 10 } = options;
  const flags = { home, wait: waitSeconds, ...(name === null ? {} : { name }) };
  const args = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [PROGRAM, 'mcp', ...args],
  });
  return { client, transport, connect: () => client.connect(transport, { timeout: 30_000 }) };
}

/** Polls until a condition holds; throws when it never does. */
export async function until<T>(
  what: string,
  probe: () => T | null | undefined | false | Promise<T | null | undefined | false>,
): Promise<T> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const value = await probe();
    if (value !== null && value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`It did not come to pass within 20 s: ${what}`);
}

export interface TestTools extends ToolDispatcher {
  readonly calls: { caller: string; clientName: string | null; name: string; args: unknown }[];
  /** Calls of `hold` that are running, and those that were cancelled. */
  held: number;
  cancelled: number;
  release(): void;
}

/** Tools behind the dispatcher's contract: one answers, one refuses, one is large, one waits. */
export function testTools(): TestTools {
  let release: (() => void) | null = null;
  const tools: TestTools = {
    calls: [],
    held: 0,
    cancelled: 0,
    release: () => release?.(),
    list: () => ['echo', 'refuse', 'large', 'hold'].map(listing),
    call: async (caller, name, args, signal, report) => {
      tools.calls.push({ caller: caller.did, clientName: caller.clientName, name, args });
      if (name === 'echo')
        return ok({ text: `echo ${JSON.stringify(args)}`, structured: { args } });
      if (name === 'large') return ok({ text: 'é'.repeat(1024 * 1024), structured: {} });
      if (name !== 'hold')
        return fail('budget_exhausted', 'Nothing is left.', 'Ask for more writes.');
      report?.({ progress: 1, total: 2, message: 'half' });
      tools.held++;
      await new Promise<void>((resolve) => {
        release = resolve;
        signal.addEventListener('abort', () => resolve());
      });
      tools.held--;
      if (signal.aborted) tools.cancelled++;
      return ok({ text: 'held', structured: {} });
    },
  };
  return tools;
}

function listing(name: string): ToolListing {
  return {
    name,
    title: `The ${name} tool`,
    description: `Does ${name}.`,
    inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
    outputSchema: {
      type: 'object',
      properties: name === 'echo' ? { args: {} } : {},
      required: name === 'echo' ? ['args'] : [],
      additionalProperties: false,
    },
    annotations: { readOnlyHint: name === 'echo', openWorldHint: false },
  };
}
