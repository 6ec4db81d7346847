// `commonplace mcp`: what an MCP client spawns. Speaks MCP over stdio and keeps a session with the node of
// the person's browser, which may start later, restart, or lose its service worker at any time.
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_MCP_BYTES } from '../lib/wire/bridge.ts';
import type { Failure } from '../lib/wire/failure.ts';
import { agentNameFrom } from './agent-name.ts';
import { linkToNode, offline, type LinkOptions, type NodeLink } from './agent-link.ts';
import { errorAnswer, idAtEnds, type RpcMessage } from './json-rpc.ts';
import { createLineReader, type Line } from './lines.ts';
import { answerLocally } from './local-answer.ts';
import { McpProxy } from './mcp-proxy.ts';

export interface McpOptions extends Pick<LinkOptions, 'home'> {
  /** The name of the agent's key; null takes what the client calls itself. */
  readonly name: string | null;
  readonly input: Readable;
  readonly output: Writable;
  /** How long a request waits for the browser before it is answered with what to do. */
  readonly graceMs: number;
}

/** Runs until the client closes its end. */
export async function runMcp(options: McpOptions): Promise<void> {
  const { input, output } = options;
  const ended = new AbortController();
  const toClient = (message: RpcMessage): void => {
    if (output.writable) output.write(`${JSON.stringify(message)}\n`);
  };
  const proxy = new McpProxy(
    {
      toClient,
      graceMs: options.graceMs,
      answerLocally: (request, failure) => answerLocally(request, failure, toClient),
    },
    failureNow(),
  );
  const named = Promise.withResolvers<string | null>();
  readLines(input, (line) => {
    const message = takeLine(line, toClient);
    if (message === undefined) return;
    const said = agentNameFrom(message);
    if (said !== null) named.resolve(said);
    proxy.fromClient(message);
  });
  for (const event of ['end', 'close', 'error']) input.on(event, () => ended.abort());
  for (const event of ['close', 'error']) output.on(event, () => ended.abort());
  ended.signal.addEventListener('abort', () => named.resolve(null));
  const name = options.name ?? (await named.promise);
  if (name !== null) await keepLinked({ home: options.home, name }, proxy, ended.signal);
  proxy.close();
}

function failureNow(): Failure {
  const never = offline();
  if (never.ok) throw new Error('offline() is always a failure');
  return never.failure;
}

function readLines(input: Readable, take: (line: Line) => void): void {
  const read = createLineReader(MAX_MCP_BYTES);
  input.on('data', (bytes: Buffer) => read(bytes).forEach(take));
}

/** The message in a line; undefined for one that could not be read, which the client has been told. */
function takeLine(line: Line, toClient: (message: RpcMessage) => void): unknown {
  if (line.kind === 'too_long') return tooLarge(line.start, line.end, toClient);
  if (Buffer.byteLength(line.text) > MAX_MCP_BYTES) return tooLarge(line.text, line.text, toClient);
  try {
    return JSON.parse(line.text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    toClient(errorAnswer(null, -32700, 'malformed: the line is not JSON.'));
    return undefined;
  }
}

/** Answers the request if it can be told which one it was: a client waits long for an answer to nobody. */
function tooLarge(start: string, end: string, toClient: (message: RpcMessage) => void): undefined {
  const words = 'too_large: a message may have at most 4 MiB. Send it in smaller parts.';
  toClient(errorAnswer(idAtEnds(start, end), -32600, words));
}

async function keepLinked(
  options: LinkOptions,
  proxy: McpProxy,
  ended: AbortSignal,
): Promise<void> {
  let downSinceMs = performance.now();
  for (let attempt = 1; !ended.aborted; attempt++) {
    const link = await linkToNode({ ...options, mayMakeHome: attempt === 1 });
    if (ended.aborted) {
      if (link.ok) link.value.close();
      return;
    }
    if (link.ok) {
      await useLink(link.value, proxy, ended);
      downSinceMs = performance.now();
    } else {
      proxy.linkDown(link.failure);
    }
    await pause(link.ok ? 0 : retryDelayMs(performance.now() - downSinceMs), ended);
  }
}

async function useLink(link: NodeLink, proxy: McpProxy, ended: AbortSignal): Promise<void> {
  const close = (): void => link.close();
  ended.addEventListener('abort', close, { once: true });
  link.receive((message) => proxy.fromNode(message));
  proxy.linkUp(link);
  proxy.linkDown(await link.closed);
  ended.removeEventListener('abort', close);
}

/** A worker that died is back within a second; a browser that is closed may stay so for days. */
function retryDelayMs(downForMs: number): number {
  if (downForMs < 15_000) return 50;
  return downForMs < 120_000 ? 250 : 1000;
}

async function pause(delayMs: number, ended: AbortSignal): Promise<void> {
  // An abort ends the wait early, which is all that it is for.
  await sleep(delayMs, undefined, { signal: ended }).catch(() => {});
}
