// Where the bridge lives: what it makes private, what it refuses, and whose socket it takes.
import { chmod, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { linkToNode } from '../../bridge/agent-link.ts';
import { FrameSocket } from '../../bridge/frame-socket.ts';
import { findSocket } from '../../bridge/socket-path.ts';
import {
  connectHost,
  exitOf,
  makeAgent,
  makeHome,
  openBrowser,
  removeHome,
  spawnProgram,
  testTools,
  until,
  type TestBrowser,
} from '../support/bridge.ts';

// Every test starts processes, on machines that may be busy.
vi.setConfig({ testTimeout: 30_000 });

let home: string;
const closers: (() => Promise<unknown> | void)[] = [];

beforeEach(async () => {
  home = await makeHome();
});

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  await removeHome(home);
});

async function runningBrowser(): Promise<TestBrowser> {
  const browser = openBrowser(home, testTools());
  closers.push(() => browser.close());
  await until('the host is connected', () => browser.agents.view().bridge.kind === 'connected');
  return browser;
}

describe('a home', () => {
  it('that others may enter is refused, and the browser is told why', async () => {
    await chmod(home, 0o755);
    const browser = openBrowser(home, testTools());
    closers.push(() => browser.close());
    const state = await until('the refusal is seen', () => {
      const { bridge } = browser.agents.view();
      return bridge.kind === 'retrying' && bridge;
    });
    expect(state.failure).toMatchObject({ code: 'permission_denied' });
    expect(state.failure.remedy).toContain('chmod 700');
    expect(await linkToNode({ home, name: 'agent' })).toMatchObject({
      failure: { code: 'permission_denied' },
    });
  });

  it('that is a link to a directory is refused', async () => {
    const link = join(home, 'link');
    await mkdir(join(home, 'real'), { mode: 0o700 });
    await symlink(join(home, 'real'), link);
    const { code, stderr } = await exitOf(spawnProgram('host', '--home', link));
    expect(code).toBe(1);
    expect(stderr).toContain('permission_denied');
  });

  it('with a secret that others may read is refused', async () => {
    await writeFile(join(home, 'secret'), Buffer.alloc(32), { mode: 0o644 });
    const { code, stderr } = await exitOf(spawnProgram('host', '--home', home));
    expect(code).toBe(1);
    expect(stderr).toContain('chmod 600');
  });

  it('is made private, with a private socket, secret and keys', async () => {
    home = join(home, 'new', 'home');
    await runningBrowser();
    const { client, connect: open } = makeAgent(home, { name: 'scribe' });
    closers.push(() => client.close());
    await open();
    const modes = await Promise.all(
      ['.', 'agent.sock', 'secret', 'agents', 'agents/scribe.key'].map(async (name) => {
        const { mode } = await stat(join(home, name));
        return mode & 0o777;
      }),
    );
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o700, 0o600]);
  });

  it('with a path too long for a socket works through a short private directory', async () => {
    home = join(home, 'x'.repeat(90), 'y'.repeat(60));
    await runningBrowser();
    const path = await findSocket(home);
    expect(Buffer.byteLength(path ?? '')).toBeLessThanOrEqual(100);
    expect(await readFile(join(home, 'socket'), 'utf8')).toBe(path);
    expect(await linkToNode({ home, name: 'agent' })).toMatchObject({ ok: true });
  });
});

describe('a home that was deleted', () => {
  it('is not made again by a program that still looks for the browser', async () => {
    const { client, connect } = makeAgent(home, { waitSeconds: 1 });
    closers.push(() => client.close());
    await connect();
    await stat(join(home, 'agents', 'agent.key'));
    await rm(home, { recursive: true, maxRetries: 20, retryDelay: 20 });
    // The program answers with what it found at its last look, which may be from before the deletion.
    const call = await until('the program has seen it', async () => {
      const answer = await client.callTool({ name: 'echo', arguments: {} });
      const failure = z.object({ code: z.string() }).parse(answer.structuredContent);
      return failure.code !== 'offline' && { isError: answer.isError, ...failure };
    });
    expect(call).toMatchObject({ isError: true, code: 'unavailable' });
    await expect(stat(home)).rejects.toThrow('ENOENT');
  });
});

describe('the socket', () => {
  it('of a living program is not taken from it', async () => {
    const squatter = await listen(join(home, 'agent.sock'), () => {});
    closers.push(() => void squatter.close());
    const { code, stderr } = await exitOf(spawnProgram('host', '--home', home));
    expect(code).toBe(1);
    expect(stderr).toContain('conflict');
    expect(squatter.listening).toBe(true);
  });

  it('that a dead host left behind is replaced', async () => {
    const first = connectHost(home);
    await new Promise((resolve) => first.port.onMessage(resolve));
    first.child.kill('SIGKILL');
    await new Promise((resolve) => first.child.once('exit', resolve));
    expect((await stat(join(home, 'agent.sock'))).isSocket()).toBe(true);
    await runningBrowser();
    expect(await linkToNode({ home, name: 'agent' })).toMatchObject({ ok: true });
  });

  it('is removed when the browser closes the port', async () => {
    const { child, port } = connectHost(home);
    await new Promise((resolve) => port.onMessage(resolve));
    port.disconnect();
    await new Promise((resolve) => child.once('exit', resolve));
    await expect(stat(join(home, 'agent.sock'))).rejects.toThrow('ENOENT');
  });

  it('of a program without the secret gets no proof and no agent', async () => {
    await writeFile(join(home, 'secret'), Buffer.alloc(32, 1), { mode: 0o600 });
    const heard: string[] = [];
    const squatter = await listen(join(home, 'agent.sock'), (socket) => {
      const frames = new FrameSocket(socket);
      frames.receive((text) => heard.push(text));
      const nonce = Buffer.alloc(32).toString('base64url');
      frames.send(JSON.stringify({ kind: 'challenge', nonce, proof: nonce }));
    });
    closers.push(() => void squatter.close());
    expect(await linkToNode({ home, name: 'agent' })).toMatchObject({
      failure: { code: 'unauthenticated' },
    });
    await until('the squatter heard the agent', () => heard.length > 0);
    expect(heard.map((text) => JSON.parse(text))).toEqual([
      expect.objectContaining({ kind: 'hello' }),
    ]);
  });
});

function listen(path: string, onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer(onConnection);
  return new Promise((resolve) => server.listen(path, () => resolve(server)));
}
