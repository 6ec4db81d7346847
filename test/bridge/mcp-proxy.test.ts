// What the proxy does with a client's messages while the way to the node comes and goes.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RpcMessage, RpcRequest } from '../../bridge/json-rpc.ts';
import { idAtEnds } from '../../bridge/json-rpc.ts';
import { createLineReader } from '../../bridge/lines.ts';
import { McpProxy } from '../../bridge/mcp-proxy.ts';
import type { Failure } from '../../lib/wire/failure.ts';

const DOWN: Failure = { code: 'offline', message: 'No browser.', remedy: 'Open it.' };
const GONE: Failure = { code: 'closed', message: 'It closed.', remedy: 'Wait.' };

let toClient: RpcMessage[];
let local: { request: RpcRequest; failure: Failure }[];
let proxy: McpProxy;

beforeEach(() => {
  vi.useFakeTimers();
  toClient = [];
  local = [];
  proxy = new McpProxy(
    {
      toClient: (message) => toClient.push(message),
      answerLocally: (request, failure) => local.push({ request, failure }),
      graceMs: 10_000,
    },
    DOWN,
  );
});

afterEach(() => {
  proxy.close();
  vi.useRealTimers();
});

function way(alive: () => Promise<boolean> = () => Promise.resolve(true)) {
  const sent: RpcMessage[] = [];
  return { sent, send: (message: RpcMessage) => void sent.push(message), confirm: alive };
}

const request = (id: string | number, method: string, params = {}) => ({
  jsonrpc: '2.0' as const,
  id,
  method,
  params,
});
const call = (id: string | number) => request(id, 'tools/call', { name: 'echo' });
const settled = () => vi.advanceTimersByTimeAsync(0);

describe('a tool call', () => {
  it('waits while there is no way, and is sent once there is one', async () => {
    proxy.fromClient(call(1));
    await vi.advanceTimersByTimeAsync(9000);
    const node = way();
    proxy.linkUp(node);
    await settled();
    expect(node.sent).toEqual([call(1)]);
    expect(local).toEqual([]);
  });

  it('is answered with what to do when no way comes', async () => {
    proxy.fromClient(call(1));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(local).toEqual([{ request: call(1), failure: DOWN }]);
    proxy.fromClient(call(2));
    await vi.advanceTimersByTimeAsync(200);
    expect(local).toHaveLength(2);
  });

  it('is not sent to a node that shows no sign of life, but to the next', async () => {
    const dead = way(() => new Promise(() => {}));
    proxy.linkUp(dead);
    proxy.fromClient(call(1));
    await settled();
    expect(dead.sent).toEqual([]);
    proxy.linkDown(GONE);
    const next = way();
    proxy.linkUp(next);
    await settled();
    expect(next.sent).toEqual([call(1)]);
    expect(local).toEqual([]);
  });

  it('is never sent twice: once sent, its outcome is unknown when the way is lost', async () => {
    const first = way();
    proxy.linkUp(first);
    proxy.fromClient(call(1));
    await settled();
    proxy.linkDown(GONE);
    expect(local).toMatchObject([{ request: { id: 1 }, failure: { code: 'unavailable' } }]);
    const next = way();
    proxy.linkUp(next);
    await settled();
    expect(next.sent).toEqual([]);
    proxy.fromNode({ jsonrpc: '2.0', id: 1, result: {} });
    expect(toClient).toEqual([]);
  });

  it('that is cancelled before it was sent is forgotten', async () => {
    proxy.fromClient(call(1));
    const params = { requestId: 1 };
    proxy.fromClient({ jsonrpc: '2.0', method: 'notifications/cancelled', params });
    const node = way();
    proxy.linkUp(node);
    await vi.advanceTimersByTimeAsync(20_000);
    expect([node.sent, local, toClient]).toEqual([[], [], []]);
  });
});

describe('a session', () => {
  it('is opened anew on a new way before anything else is sent', async () => {
    const initialize = request('i', 'initialize', { protocolVersion: '2025-11-25' });
    const initialized = { jsonrpc: '2.0' as const, method: 'notifications/initialized' };
    const first = way();
    proxy.linkUp(first);
    proxy.fromClient(initialize);
    proxy.fromNode({ jsonrpc: '2.0', id: 'i', result: {} });
    proxy.fromClient(initialized);
    proxy.linkDown(GONE);
    proxy.fromClient(request(2, 'tools/list'));
    const next = way();
    proxy.linkUp(next);
    await settled();
    expect(next.sent).toEqual([{ ...initialize, id: expect.stringContaining('replayed') }]);
    proxy.fromNode({ jsonrpc: '2.0', id: next.sent[0]?.['id'], result: {} });
    expect(next.sent.slice(1)).toEqual([initialized, request(2, 'tools/list')]);
    expect(toClient).toEqual([{ jsonrpc: '2.0', id: 'i', result: {} }]);
  });

  it('asks again for what may be asked twice', async () => {
    proxy.linkUp(way());
    proxy.fromClient(request(1, 'tools/list'));
    proxy.linkDown(GONE);
    const next = way();
    proxy.linkUp(next);
    await settled();
    expect(next.sent).toEqual([request(1, 'tools/list')]);
  });

  it('tells requests with the ids 1 and "1" apart, and refuses one id twice', () => {
    proxy.linkUp(way());
    proxy.fromClient(request(1, 'tools/list'));
    proxy.fromClient(request('1', 'ping'));
    proxy.fromClient(request(1, 'ping'));
    expect(toClient).toMatchObject([{ id: 1, error: { code: -32600 } }]);
    proxy.fromNode({ jsonrpc: '2.0', id: '1', result: {} });
    expect(toClient).toHaveLength(2);
  });
});

describe('the id of a request that is too large to be read', () => {
  it.each([
    ['{"method":"tools/call","params":{"x":"…', '…"}},"jsonrpc":"2.0","id":12}', 12],
    ['{"jsonrpc":"2.0","id":"a-1","method":"tools/call","params":{"x":"…', '…"}}', 'a-1'],
    ['{"id": 0, "jsonrpc":"2.0"…', '…"}}', 0],
  ])('is found at either end', (start, end, id) => {
    expect(idAtEnds(start, end)).toBe(id);
  });

  it.each([
    ['{"jsonrpc":"2.0","method":"tools/call","params":{"id":3,…', '…,"id":4}}'],
    ['xxxx', 'xxxx'],
    ['{"id":{"id":5},…', '…"text":"\\"id\\":6}'],
    ['{"id":null,…', '…}'],
  ])('is never one of its arguments', (start, end) => {
    expect(idAtEnds(start, end)).toBeNull();
  });
});

describe('lines', () => {
  it('come out whole however they are cut, and one too long does not spoil the next', () => {
    const bytes = Buffer.from(`{"é":1}\n\n${'x'.repeat(30)}\nlast\n`);
    for (let size = 1; size <= bytes.length; size++) {
      const read = createLineReader(20);
      const lines = [];
      for (let at = 0; at < bytes.length; at += size)
        lines.push(...read(bytes.subarray(at, at + size)));
      expect(lines).toEqual([
        { kind: 'line', text: '{"é":1}' },
        { kind: 'too_long', start: 'x'.repeat(30), end: 'x'.repeat(30) },
        { kind: 'line', text: 'last' },
      ]);
    }
  });
});
