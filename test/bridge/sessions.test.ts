// Agents over the whole bridge: official client → `commonplace mcp` → socket → host → extension modules.
import { beforeEach, describe, expect, it } from 'vitest';
import { REVISION_2026, until, type AgentOptions, type TestBrowser } from '../support/bridge.ts';
import { stageBridge } from '../support/bridge-stage.ts';

const stage = stageBridge();
let browser: TestBrowser;

beforeEach(() => {
  browser = stage.browser();
});

async function agent(options: AgentOptions = {}) {
  const made = stage.agent(options);
  await made.connect();
  return made.client;
}

describe.each([
  { revision: '2025-11-25', negotiation: { mode: 'legacy' } as const },
  { revision: '2026-07-28', negotiation: REVISION_2026 },
])('an agent that speaks $revision', ({ revision, negotiation }) => {
  it('connects, lists the tools in their order and calls one', async () => {
    const client = await agent({ negotiation });
    expect(client.getNegotiatedProtocolVersion()).toBe(revision);
    expect(client.getServerVersion()).toMatchObject({ name: 'commonplace', version: '1.2.3' });
    expect(client.getInstructions()).toContain('page_snapshot');
    const { tools: listed } = await client.listTools();
    expect(listed.map(({ name }) => name)).toEqual(['echo', 'refuse', 'large', 'hold']);
    expect(listed[0]).toMatchObject({
      title: 'The echo tool',
      annotations: { readOnlyHint: true, openWorldHint: false },
      inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
      outputSchema: { type: 'object' },
    });
    const result = await client.callTool({ name: 'echo', arguments: { text: 'hi' } });
    expect(result).toMatchObject({
      content: [{ type: 'text', text: 'echo {"text":"hi"}' }],
      structuredContent: { args: { text: 'hi' } },
    });
  });

  it('reads a refusal as a result that says what to try', async () => {
    const client = await agent({ negotiation });
    await client.listTools();
    const result = await client.callTool({ name: 'refuse', arguments: {} });
    expect(result).toMatchObject({
      isError: true,
      content: [{ text: 'budget_exhausted: Nothing is left.\nTry: Ask for more writes.' }],
      structuredContent: { code: 'budget_exhausted', remedy: 'Ask for more writes.' },
    });
  });

  it('is known by a proved key and by what its client calls itself', async () => {
    const client = await agent({ negotiation, name: 'scribe', clientName: 'Claude Code' });
    await client.callTool({ name: 'echo', arguments: {} });
    const [session] = browser.agents.view().sessions;
    expect(session).toMatchObject({ name: 'scribe', clientName: 'Claude Code' });
    expect(session?.did).toMatch(/^did:key:z6Mk/);
    expect(stage.tools.calls[0]).toMatchObject({ caller: session?.did, clientName: 'Claude Code' });
  });

  it('gets two megabytes in one answer', async () => {
    const client = await agent({ negotiation });
    const result = await client.callTool({ name: 'large', arguments: {} });
    expect(result.content).toEqual([{ type: 'text', text: 'é'.repeat(1024 * 1024) }]);
  });

  it('is told at once that a call is too large, and goes on', async () => {
    const client = await agent({ negotiation });
    const text = 'x'.repeat(5 * 1024 * 1024);
    await expect(client.callTool({ name: 'echo', arguments: { text } })).rejects.toThrow(
      'too_large',
    );
    expect(await client.callTool({ name: 'echo', arguments: {} })).not.toHaveProperty('isError');
  });

  it('hears of progress, and stops a call by cancelling it', async () => {
    const client = await agent({ negotiation });
    const cancel = new AbortController();
    const progress: unknown[] = [];
    const call = client.callTool(
      { name: 'hold', arguments: {} },
      { signal: cancel.signal, onprogress: (note) => progress.push(note) },
    );
    const outcome = expect(call).rejects.toThrow();
    await until(
      'the call runs and has reported',
      () => stage.tools.held === 1 && progress.length > 0,
    );
    expect(progress).toEqual([{ progress: 1, total: 2, message: 'half' }]);
    cancel.abort();
    await outcome;
    await until('the tool saw the cancellation', () => stage.tools.cancelled === 1);
  });
});

describe('several agents', () => {
  it('are served at once, each under its own key', async () => {
    const names = ['ada', 'bob', 'cy'];
    const clients = await Promise.all(names.map((name) => agent({ name, clientName: name })));
    const echo = async (client: (typeof clients)[number], text: string) => {
      const { structuredContent } = await client.callTool({ name: 'echo', arguments: { text } });
      return structuredContent;
    };
    const answers = await Promise.all(
      clients.map((client, index) => echo(client, names[index] ?? '')),
    );
    expect(answers).toEqual(names.map((text) => ({ args: { text } })));
    const { sessions } = browser.agents.view();
    expect(new Set(sessions.map(({ did }) => did)).size).toBe(3);
    expect(new Set(sessions.map(({ clientName }) => clientName))).toEqual(new Set(names));
  });

  it.each([undefined, REVISION_2026])(
    'are two when two clients use one configuration that names nobody',
    async (negotiation) => {
      for (const clientName of ['Claude Code', 'codex']) {
        const client = await agent({ name: null, clientName, ...(negotiation && { negotiation }) });
        await client.callTool({ name: 'echo', arguments: {} });
      }
      const { sessions } = browser.agents.view();
      expect(sessions.map(({ name }) => name).toSorted()).toEqual(['Claude-Code', 'codex']);
      expect(new Set(sessions.map(({ did }) => did)).size).toBe(2);
    },
  );

  it('keep one name and key from one run to the next', async () => {
    const seen: string[] = [];
    for (const run of [1, 2]) {
      const client = await agent({ name: 'scribe' });
      await client.callTool({ name: 'echo', arguments: { run } });
      await client.close();
      await until('its session has ended', () => browser.agents.view().sessions.length === 0);
    }
    for (const { caller } of stage.tools.calls) seen.push(caller);
    expect(new Set(seen).size).toBe(1);
  });

  it('are sent away one by one, and told why', async () => {
    const [ada, bob] = await Promise.all([agent({ name: 'ada' }), agent({ name: 'bob' })]);
    await Promise.all([ada, bob].map((client) => client.listTools()));
    const call = ada.callTool({ name: 'hold', arguments: {} });
    await until('the call runs', () => stage.tools.held === 1);
    const session = browser.agents.view().sessions.find(({ name }) => name === 'ada');
    browser.agents.endSessionsOf(session?.did ?? '', {
      code: 'stopped',
      message: 'The person stopped this agent.',
      remedy: 'Wait for them.',
    });
    expect(await call).toMatchObject({ isError: true, structuredContent: { code: 'unavailable' } });
    expect(stage.tools.cancelled).toBe(1);
    expect(await bob.callTool({ name: 'echo', arguments: {} })).not.toHaveProperty('isError');
  });
});
