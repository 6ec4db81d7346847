// The MCP server over a message pipe, as raw messages: what goes over the wire in each revision.
import { describe, expect, it } from 'vitest';
import { createPipe } from '../../../lib/agents/pipe.ts';
import { INSTRUCTIONS } from '../../../lib/tools/mcp/instructions.ts';
import { serveMcp } from '../../../lib/tools/mcp/serve.ts';
import { testTools } from '../../support/bridge.ts';

const CALLER = { sessionId: '0123456789abcdef', did: 'did:key:z6Mk', name: 'agent' };
const MODERN = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'Codex', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

function serve() {
  const sent: Record<string, unknown>[] = [];
  const names: string[] = [];
  const tools = testTools();
  const far = { send: (message: unknown) => void sent.push(Object(message)), close: () => {} };
  const end = createPipe(far);
  serveMcp(end.pipe, {
    dispatcher: tools,
    caller: CALLER,
    onClientName: (name) => names.push(name),
    version: '1.2.3',
  });
  const answer = async (message: { id?: unknown; [key: string]: unknown }) => {
    end.deliver({ jsonrpc: '2.0', ...message });
    const found = () => sent.find(({ id }) => id === message.id);
    await expect.poll(found).toBeDefined();
    return found() ?? {};
  };
  return { sent, names, tools, end, answer };
}

describe('the MCP server', () => {
  it('answers initialize in the revision that is asked for, and otherwise in its newest', async () => {
    const params = { capabilities: {}, clientInfo: { name: 'Claude Code', version: '2' } };
    for (const [asked, given] of [
      ['2025-11-25', '2025-11-25'],
      ['2025-06-18', '2025-06-18'],
      ['1999-01-01', '2025-11-25'],
    ]) {
      const { answer } = serve();
      const initialize = { method: 'initialize', params: { ...params, protocolVersion: asked } };
      expect(await answer({ id: 1, ...initialize })).toMatchObject({
        result: {
          protocolVersion: given,
          serverInfo: { name: 'commonplace', title: 'Commonplace', version: '1.2.3' },
          capabilities: { tools: {} },
          instructions: INSTRUCTIONS,
        },
      });
    }
  });

  it('answers server/discover without a handshake', async () => {
    const { answer } = serve();
    const params = { _meta: MODERN };
    expect(await answer({ id: 'd', method: 'server/discover', params })).toMatchObject({
      result: {
        resultType: 'complete',
        supportedVersions: ['2026-07-28'],
        instructions: INSTRUCTIONS,
      },
    });
  });

  it('marks results and names the client per request in 2026-07-28', async () => {
    const { answer, names, tools } = serve();
    const params = { name: 'echo', arguments: { text: 'x' }, _meta: MODERN };
    expect(await answer({ id: 1, method: 'tools/call', params })).toMatchObject({
      result: { resultType: 'complete', structuredContent: { args: { text: 'x' } } },
    });
    expect(names).toEqual(['Codex']);
    expect(tools.calls[0]).toMatchObject({ caller: CALLER.did, clientName: 'Codex' });
  });

  it('calls a tool that was given no arguments with none', async () => {
    const { answer, tools } = serve();
    await answer({ id: 1, method: 'tools/call', params: { name: 'echo' } });
    expect(tools.calls[0]?.args).toEqual({});
  });

  it('lists the same bytes each time', async () => {
    const { answer } = serve();
    const first = await answer({ id: 1, method: 'tools/list' });
    const second = await answer({ id: 2, method: 'tools/list' });
    expect(JSON.stringify(second['result'])).toBe(JSON.stringify(first['result']));
  });

  it('aborts running calls when the pipe closes', async () => {
    const { end, tools } = serve();
    const params = { name: 'hold', arguments: {} };
    end.deliver({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    await expect.poll(() => tools.held).toBe(1);
    end.closed();
    await expect.poll(() => tools.cancelled).toBe(1);
  });

  it.each([
    ['an unknown method', { id: 9, method: 'resources/steal' }, -32601],
    ['a call without a name', { id: 9, method: 'tools/call', params: {} }, -32602],
    [
      'arguments that are no object',
      { id: 9, method: 'tools/call', params: { name: 'echo', arguments: [1] } },
      -32602,
    ],
    ['a message that is neither request nor answer', { id: 9 }, -32600],
    ['parameters that are no object', { id: 9, method: 'tools/list', params: 'x' }, -32600],
    [
      'an unknown revision',
      {
        id: 9,
        method: 'tools/list',
        params: { _meta: { ...MODERN, 'io.modelcontextprotocol/protocolVersion': '2031-01-01' } },
      },
      -32022,
    ],
  ])('answers %s with an error and goes on', async (_what, message, code) => {
    const { answer, tools } = serve();
    expect(await answer(message)).toMatchObject({ id: 9, error: { code } });
    expect(tools.calls).toEqual([]);
    expect(await answer({ id: 10, method: 'tools/list' })).toHaveProperty('result');
  });

  it('refuses a sixty-fifth request while the others are open, and takes one after', async () => {
    const { end, tools, answer } = serve();
    const params = { name: 'hold', arguments: {} };
    for (let id = 0; id < 64; id++) {
      end.deliver({ jsonrpc: '2.0', id, method: 'tools/call', params });
    }
    await expect.poll(() => tools.held).toBe(64);
    expect(await answer({ id: 64, method: 'tools/list' })).toMatchObject({
      error: { message: expect.stringContaining('rate_limited') },
    });
    const requestId = 0;
    end.deliver({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } });
    expect(await answer({ id: 65, method: 'tools/list' })).toHaveProperty('result');
  });

  it('tells an agent how to work in at most 120 words', () => {
    expect(INSTRUCTIONS.split(/\s+/).length).toBeLessThanOrEqual(120);
  });
});
