// What an agent sees when the browser starts late, its host dies, or its service worker is replaced.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REVISION_2026, until, type TestBrowser } from '../support/bridge.ts';
import { stageBridge } from '../support/bridge-stage.ts';

const stage = stageBridge();

function connected({ agents }: TestBrowser): Promise<unknown> {
  return until('the host is connected', () => agents.view().bridge.kind === 'connected');
}

describe.each([
  { revision: '2025-11-25', negotiation: { mode: 'legacy' } as const },
  { revision: '2026-07-28', negotiation: REVISION_2026 },
])('a session of an agent that speaks $revision', ({ negotiation }) => {
  it('goes on over a new host without a new handshake', async () => {
    const node = stage.browser();
    const { client, connect } = stage.agent({ negotiation, clientName: 'Claude Code' });
    await connect();
    await client.callTool({ name: 'echo', arguments: { n: 1 } });
    node.host().kill('SIGKILL');
    const again = await client.callTool({ name: 'echo', arguments: { n: 2 } });
    expect(again.structuredContent).toEqual({ args: { n: 2 } });
    expect(stage.tools.calls.at(-1)?.clientName).toBe('Claude Code');
  });

  it('goes on when the worker dies and another takes its place', async () => {
    const first = stage.browser();
    const { client, connect } = stage.agent({ negotiation });
    await connect();
    await client.callTool({ name: 'echo', arguments: { n: 1 } });
    first.agents.close();
    stage.browser();
    const again = await client.callTool({ name: 'echo', arguments: { n: 2 } });
    expect(again.structuredContent).toEqual({ args: { n: 2 } });
  });

  it('says that the outcome of a running call is not known', async () => {
    const node = stage.browser();
    const { client, connect } = stage.agent({ negotiation });
    await connect();
    await client.listTools();
    const call = client.callTool({ name: 'hold', arguments: {} });
    await until('the call runs', () => stage.tools.held === 1);
    node.host().kill('SIGKILL');
    const result = await call;
    expect(result).toMatchObject({ isError: true, structuredContent: { code: 'unavailable' } });
    expect(JSON.stringify(result.content)).toContain('may or may not have happened');
    await until('the tool was told to stop', () => stage.tools.cancelled === 1);
    expect(stage.tools.calls.filter(({ name }) => name === 'hold')).toHaveLength(1);
  });

  it('waits for a browser that starts after the agent', async () => {
    const { client, connect } = stage.agent({ negotiation });
    const connecting = connect();
    await until('the agent has looked for the browser', () =>
      existsSync(join(stage.home, 'agents', 'agent.key')),
    );
    const node = stage.browser();
    await connecting;
    await connected(node);
    const { tools: listed } = await client.listTools();
    expect(listed).toHaveLength(4);
  });
});

describe('with no browser at all', () => {
  it('an agent connects, is told what to do, and works once there is one', async () => {
    const { client, connect } = stage.agent({ waitSeconds: 1 });
    const changed: unknown[] = [];
    client.setNotificationHandler('notifications/tools/list_changed', (note) => {
      changed.push(note);
    });
    await connect();
    expect(client.getServerVersion()?.name).toBe('commonplace');
    const refused = await client.callTool({ name: 'echo', arguments: {} });
    expect(refused).toMatchObject({ isError: true, structuredContent: { code: 'offline' } });
    expect(JSON.stringify(refused.content)).toContain('Open the browser with Commonplace');
    await expect(client.listTools()).rejects.toThrow('Open the browser with Commonplace');
    stage.browser();
    await until('the agent is told that the tools are there', () => changed.length > 0);
    const { tools: listed } = await client.listTools();
    expect(listed).toHaveLength(4);
  });

  it('an agent of 2026-07-28 is told what to do', async () => {
    const { client, connect } = stage.agent({ negotiation: REVISION_2026, waitSeconds: 1 });
    await connect();
    const refused = await client.callTool({ name: 'echo', arguments: {} });
    expect(refused).toMatchObject({ isError: true, structuredContent: { code: 'offline' } });
  });
});
