// What an agent sees when the browser starts late, its host dies, or its service worker is replaced.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  makeAgent,
  makeHome,
  openBrowser,
  removeHome,
  REVISION_2026,
  testTools,
  until,
  type TestBrowser,
  type TestTools,
} from '../support/bridge.ts';

// Every test starts processes, on machines that may be busy.
vi.setConfig({ testTimeout: 30_000 });

let home: string;
let tools: TestTools;
const browsers: TestBrowser[] = [];
const opened: ReturnType<typeof makeAgent>[] = [];

beforeEach(async () => {
  home = await makeHome();
  tools = testTools();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ client }) => client.close()));
  await Promise.all(browsers.splice(0).map((browser) => browser.close()));
  await removeHome(home);
});

function startBrowser(): TestBrowser {
  const made = openBrowser(home, tools);
  browsers.push(made);
  return made;
}

function agent(options: Parameters<typeof makeAgent>[1] = {}) {
  const made = makeAgent(home, options);
  opened.push(made);
  return made;
}

function connected({ agents }: TestBrowser): Promise<unknown> {
  return until('the host is connected', () => agents.view().bridge.kind === 'connected');
}

describe.each([
  { revision: '2025-11-25', negotiation: { mode: 'legacy' } as const },
  { revision: '2026-07-28', negotiation: REVISION_2026 },
])('a session of an agent that speaks $revision', ({ negotiation }) => {
  it('goes on over a new host without a new handshake', async () => {
    const node = startBrowser();
    const { client, connect } = agent({ negotiation, clientName: 'Claude Code' });
    await connect();
    await client.callTool({ name: 'echo', arguments: { n: 1 } });
    node.host().kill('SIGKILL');
    const again = await client.callTool({ name: 'echo', arguments: { n: 2 } });
    expect(again.structuredContent).toEqual({ args: { n: 2 } });
    expect(tools.calls.at(-1)?.clientName).toBe('Claude Code');
  });

  it('goes on when the worker dies and another takes its place', async () => {
    const first = startBrowser();
    const { client, connect } = agent({ negotiation });
    await connect();
    await client.callTool({ name: 'echo', arguments: { n: 1 } });
    first.agents.close();
    startBrowser();
    const again = await client.callTool({ name: 'echo', arguments: { n: 2 } });
    expect(again.structuredContent).toEqual({ args: { n: 2 } });
  });

  it('says that the outcome of a running call is not known', async () => {
    const node = startBrowser();
    const { client, connect } = agent({ negotiation });
    await connect();
    await client.listTools();
    const call = client.callTool({ name: 'hold', arguments: {} });
    await until('the call runs', () => tools.held === 1);
    node.host().kill('SIGKILL');
    const result = await call;
    expect(result).toMatchObject({ isError: true, structuredContent: { code: 'unavailable' } });
    expect(JSON.stringify(result.content)).toContain('may or may not have happened');
    await until('the tool was told to stop', () => tools.cancelled === 1);
    expect(tools.calls.filter(({ name }) => name === 'hold')).toHaveLength(1);
  });

  it('waits for a browser that starts after the agent', async () => {
    const { client, connect } = agent({ negotiation });
    const connecting = connect();
    await until('the agent has looked for the browser', () =>
      existsSync(join(home, 'agents', 'agent.key')),
    );
    const node = startBrowser();
    await connecting;
    await connected(node);
    const { tools: listed } = await client.listTools();
    expect(listed).toHaveLength(4);
  });
});

describe('with no browser at all', () => {
  it('an agent connects, is told what to do, and works once there is one', async () => {
    const { client, connect } = agent({ waitSeconds: 1 });
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
    startBrowser();
    await until('the agent is told that the tools are there', () => changed.length > 0);
    const { tools: listed } = await client.listTools();
    expect(listed).toHaveLength(4);
  });

  it('an agent of 2026-07-28 is told what to do', async () => {
    const { client, connect } = agent({ negotiation: REVISION_2026, waitSeconds: 1 });
    await connect();
    const refused = await client.callTool({ name: 'echo', arguments: {} });
    expect(refused).toMatchObject({ isError: true, structuredContent: { code: 'offline' } });
  });
});
