// The extension's end of the bridge over a linked port: who is let in, and what the panel can see of it.
import { afterEach, describe, expect, it } from 'vitest';
import { createAgentPort, type AgentPort } from '../../../lib/agents/native-port.ts';
import { signerOfSeed } from '../../../lib/identity/signer.ts';
import { MAX_MCP_BYTES, PIECE_CHARS, type MessagePipe } from '../../../lib/wire/bridge.ts';
import { answerTo, LinkedHost } from '../../support/linked-port.ts';

const NODE = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK';
const SESSION = '0123456789abcdef';
const HELLO = { kind: 'hello', version: 1, home: '/home/ada/.commonplace/bridge' };

let agents: AgentPort | null = null;
const served: { pipe: MessagePipe; named: (name: string) => void; got: unknown[] }[] = [];

afterEach(() => {
  agents?.close();
  served.length = 0;
});

function open(hosts: LinkedHost[] = [new LinkedHost()]) {
  let next = 0;
  agents = createAgentPort({
    connect: () => {
      const host = hosts[next++];
      if (host === undefined) throw new Error('There are no more hosts.');
      return host.port;
    },
    node: NODE,
    serve: (pipe, _agent, named) => {
      const got: unknown[] = [];
      pipe.receive((message) => got.push(message));
      served.push({ pipe, named, got });
    },
  });
  const [host] = hosts;
  if (host === undefined) throw new Error('A test needs a host.');
  return { agents, host };
}

async function openSession(host: LinkedHost, session = SESSION): Promise<void> {
  host.tell(HELLO);
  host.tell({ kind: 'open', session });
  const challenge = host.last('challenge');
  if (challenge === undefined) throw new Error('There was no challenge.');
  host.sayAs(session, await answerTo(challenge));
  await expect.poll(() => host.last('ready')).toBeDefined();
}

describe('a session', () => {
  it('opens for an agent that proves its key', async () => {
    const { agents: port, host } = open();
    await openSession(host);
    const { did } = await signerOfSeed(new Uint8Array(32).fill(1));
    expect(port.view()).toEqual({
      bridge: { kind: 'connected' },
      sessions: [{ sessionId: SESSION, did, name: 'agent', clientName: null }],
    });
  });

  it('shows what the client calls itself, and tells subscribers', async () => {
    const { agents: port, host } = open();
    await openSession(host);
    const seen: (string | null | undefined)[] = [];
    const stop = port.subscribe(({ sessions }) => seen.push(sessions[0]?.clientName));
    served[0]?.named('Claude Code');
    stop();
    served[0]?.named('Someone Else');
    expect(seen).toEqual(['Claude Code']);
  });

  it.each([
    ['a signature by another key', { publicKey: 'A'.repeat(43) }],
    ['another agent’s name', { did: NODE }],
    ['a signature under another key name', { name: 'other' }],
    ['a signature that is not one', { signature: 'A'.repeat(86) }],
  ])('is refused to an agent with %s', async (_what, wrong) => {
    const { agents: port, host } = open();
    host.tell(HELLO);
    host.tell({ kind: 'open', session: SESSION });
    const challenge = host.last('challenge') ?? { nonce: '', node: '' };
    host.sayAs(SESSION, { ...(await answerTo(challenge)), ...wrong });
    await expect
      .poll(() => host.last('refused'))
      .toMatchObject({ failure: { code: 'unauthenticated' } });
    expect(port.view().sessions).toEqual([]);
    expect(host.posted.at(-1)).toEqual({ kind: 'close', session: SESSION });
    expect(served).toHaveLength(0);
  });

  it('cannot be opened with the answer to an earlier challenge', async () => {
    const { host } = open();
    host.tell(HELLO);
    host.tell({ kind: 'open', session: SESSION });
    const first = await answerTo(host.last('challenge') ?? { nonce: '', node: '' });
    host.tell({ kind: 'close', session: SESSION });
    host.tell({ kind: 'open', session: 'fedcba9876543210' });
    host.sayAs('fedcba9876543210', first);
    await expect.poll(() => host.last('refused')).toBeDefined();
  });

  it.each([
    ['calls a tool before it proved its key', { kind: 'mcp', message: { jsonrpc: '2.0' } }],
    ['says something unknown', { kind: 'grant', everything: true }],
    ['sends MCP that is not JSON-RPC', { kind: 'mcp', message: { method: 'tools/list' } }],
  ])('ends when the agent %s', (_what, message) => {
    const { host } = open();
    host.tell(HELLO);
    host.tell({ kind: 'open', session: SESSION });
    host.sayAs(SESSION, message);
    expect(host.last('refused')).toMatchObject({ failure: { code: 'malformed' } });
    expect(host.posted.at(-1)).toEqual({ kind: 'close', session: SESSION });
  });

  it('ends when its pieces never end', async () => {
    const { host } = open();
    await openSession(host);
    const piece = { kind: 'piece', session: SESSION, text: 'x'.repeat(PIECE_CHARS), more: true };
    for (let sent = 0; sent <= MAX_MCP_BYTES + PIECE_CHARS; sent += PIECE_CHARS) host.tell(piece);
    expect(host.last('refused')).toMatchObject({ failure: { code: 'too_large' } });
  });

  it('answers a ping and hands MCP on', async () => {
    const { host } = open();
    await openSession(host);
    host.sayAs(SESSION, { kind: 'ping' });
    expect(host.last('pong')).toEqual({ kind: 'pong' });
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    host.sayAs(SESSION, { kind: 'mcp', message });
    expect(served[0]?.got).toEqual([message]);
  });

  it('replaces an answer that is too large by an error for the same request', async () => {
    const { host } = open();
    await openSession(host);
    const result = { text: 'x'.repeat(MAX_MCP_BYTES) };
    served[0]?.pipe.send({ jsonrpc: '2.0', id: 'big', result });
    expect(host.last('mcp')?.message).toMatchObject({
      id: 'big',
      error: { message: expect.stringContaining('too_large') },
    });
  });

  it('sends nothing that a browser would not carry in one message', async () => {
    const { host } = open();
    await openSession(host);
    // Control characters take six bytes each in JSON.
    served[0]?.pipe.send({ jsonrpc: '2.0', id: 1, result: { text: '\u0001'.repeat(200_000) } });
    const sizes = host.posted.map((message) => JSON.stringify(message).length);
    expect(Math.max(...sizes)).toBeLessThan(1024 * 1024);
    expect(host.last('mcp')?.message).toMatchObject({ id: 1 });
  });

  it('is ended for one agent only, who is told why', async () => {
    const { agents: port, host } = open();
    await openSession(host);
    const did = port.view().sessions[0]?.did ?? '';
    const failure = { code: 'stopped', message: 'Stopped.', remedy: 'Wait.' } as const;
    port.endSessionsOf('did:key:someone-else', failure);
    expect(port.view().sessions).toHaveLength(1);
    let closed = false;
    served[0]?.pipe.onClose(() => (closed = true));
    port.endSessionsOf(did, failure);
    expect(host.last('refused')).toEqual({ kind: 'refused', failure });
    expect(closed).toBe(true);
    expect(port.view().sessions).toEqual([]);
  });

  it('is refused beyond the sixty-fourth', () => {
    const { host } = open();
    host.tell(HELLO);
    for (let index = 0; index < 65; index++) {
      host.tell({ kind: 'open', session: index.toString(16).padStart(16, '0') });
    }
    expect(host.posted.at(-1)).toEqual({ kind: 'close', session: '0000000000000040' });
  });
});
