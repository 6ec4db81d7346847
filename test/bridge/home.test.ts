// Where the bridge lives: what it makes private, what it refuses, and whose socket it takes.
import { chmod, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { linkToNode } from '../../bridge/agent-link.ts';
import { FrameSocket } from '../../bridge/frame-socket.ts';
import { findSocket } from '../../bridge/socket-path.ts';
import { connectHost, exitOf, spawnProgram, until } from '../support/bridge.ts';
import { stageBridge } from '../support/bridge-stage.ts';

const stage = stageBridge();

describe('a home', () => {
  it('that others may enter is refused, and the browser is told why', async () => {
    await chmod(stage.home, 0o755);
    const browser = stage.browser();
    const state = await until('the refusal is seen', () => {
      const { bridge } = browser.agents.view();
      return bridge.kind === 'retrying' && bridge;
    });
    expect(state.failure).toMatchObject({ code: 'permission_denied' });
    expect(state.failure.remedy).toContain('chmod 700');
    expect(await linkToNode({ home: stage.home, name: 'agent' })).toMatchObject({
      failure: { code: 'permission_denied' },
    });
  });

  it('that is a link to a directory is refused', async () => {
    const link = join(stage.home, 'link');
    await mkdir(join(stage.home, 'real'), { mode: 0o700 });
    await symlink(join(stage.home, 'real'), link);
    const { code, stderr } = await exitOf(spawnProgram('host', '--home', link));
    expect(code).toBe(1);
    expect(stderr).toContain('permission_denied');
  });

  it('with a secret that others may read is refused', async () => {
    await writeFile(join(stage.home, 'secret'), Buffer.alloc(32), { mode: 0o644 });
    const { code, stderr } = await exitOf(spawnProgram('host', '--home', stage.home));
    expect(code).toBe(1);
    expect(stderr).toContain('chmod 600');
  });

  it('is made private, with a private socket, secret and keys', async () => {
    stage.home = join(stage.home, 'new', 'home');
    await stage.runningBrowser();
    await stage.agent({ name: 'scribe' }).connect();
    const modes = await Promise.all(
      ['.', 'agent.sock', 'secret', 'agents', 'agents/scribe.key'].map(async (name) => {
        const { mode } = await stat(join(stage.home, name));
        return mode & 0o777;
      }),
    );
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o700, 0o600]);
  });

  it('with a path too long for a socket works through a short private directory', async () => {
    stage.home = join(stage.home, 'x'.repeat(90), 'y'.repeat(60));
    await stage.runningBrowser();
    const path = await findSocket(stage.home);
    expect(Buffer.byteLength(path ?? '')).toBeLessThanOrEqual(100);
    expect(await readFile(join(stage.home, 'socket'), 'utf8')).toBe(path);
    expect(await linkToNode({ home: stage.home, name: 'agent' })).toMatchObject({ ok: true });
  });
});

describe('a home that was deleted', () => {
  it('is not made again by a program that still looks for the browser', async () => {
    const { client, connect } = stage.agent({ waitSeconds: 1 });
    await connect();
    await stat(join(stage.home, 'agents', 'agent.key'));
    await rm(stage.home, { recursive: true, maxRetries: 20, retryDelay: 20 });
    // The program answers with what it found at its last look, which may be from before the deletion.
    const call = await until('the program has seen it', async () => {
      const answer = await client.callTool({ name: 'echo', arguments: {} });
      const failure = z.object({ code: z.string() }).parse(answer.structuredContent);
      return failure.code !== 'offline' && { isError: answer.isError, ...failure };
    });
    expect(call).toMatchObject({ isError: true, code: 'unavailable' });
    await expect(stat(stage.home)).rejects.toThrow('ENOENT');
  });
});

describe('the socket', () => {
  it('of a living program is not taken from it', async () => {
    const squatter = await listen(join(stage.home, 'agent.sock'), () => {});
    stage.closeLater(() => void squatter.close());
    const { code, stderr } = await exitOf(spawnProgram('host', '--home', stage.home));
    expect(code).toBe(1);
    expect(stderr).toContain('conflict');
    expect(squatter.listening).toBe(true);
  });

  it('that a dead host left behind is replaced', async () => {
    const first = connectHost(stage.home);
    await new Promise((resolve) => first.port.onMessage(resolve));
    first.child.kill('SIGKILL');
    await new Promise((resolve) => first.child.once('exit', resolve));
    expect((await stat(join(stage.home, 'agent.sock'))).isSocket()).toBe(true);
    await stage.runningBrowser();
    expect(await linkToNode({ home: stage.home, name: 'agent' })).toMatchObject({ ok: true });
  });

  it('is removed when the browser closes the port', async () => {
    const { child, port } = connectHost(stage.home);
    await new Promise((resolve) => port.onMessage(resolve));
    port.disconnect();
    await new Promise((resolve) => child.once('exit', resolve));
    await expect(stat(join(stage.home, 'agent.sock'))).rejects.toThrow('ENOENT');
  });

  it('of a program without the secret gets no proof and no agent', async () => {
    await writeFile(join(stage.home, 'secret'), Buffer.alloc(32, 1), { mode: 0o600 });
    const heard: string[] = [];
    const squatter = await listen(join(stage.home, 'agent.sock'), (socket) => {
      const frames = new FrameSocket(socket);
      frames.receive((text) => heard.push(text));
      const nonce = Buffer.alloc(32).toString('base64url');
      frames.send(JSON.stringify({ kind: 'challenge', nonce, proof: nonce }));
    });
    stage.closeLater(() => void squatter.close());
    expect(await linkToNode({ home: stage.home, name: 'agent' })).toMatchObject({
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
