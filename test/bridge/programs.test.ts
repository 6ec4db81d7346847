// The programs by themselves: what they answer to nonsense, how they end, and what `status` says.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../../bridge/frames.ts';
import { bridgeStatus } from '../../bridge/status.ts';
import { connectHost, exitOf, NODE_DID, spawnProgram, until } from '../support/bridge.ts';
import { stageBridge } from '../support/bridge-stage.ts';

const stage = stageBridge();

describe('the agent’s program', () => {
  it('answers lines that are too long or not JSON, and goes on', async () => {
    await stage.runningBrowser();
    const child = spawnProgram('mcp', '--home', stage.home);
    stage.closeLater(() => void child.kill());
    const answers: Record<string, unknown>[] = [];
    let text = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) answers.push(JSON.parse(line));
    });
    child.stdin?.write(`${'x'.repeat(5 * 1024 * 1024)}\n{"jsonrpc":\n[1]\n`);
    child.stdin?.write(
      '{"jsonrpc":"2.0","id":7,"method":"no/such"}\n{"jsonrpc":"2.0","id":"p","method":"ping"}\n',
    );
    await until('five answers', () => answers.length >= 5);
    const codes = answers.map(({ error }) => error);
    expect(codes.slice(0, 3)).toMatchObject([{ code: -32600 }, { code: -32700 }, { code: -32600 }]);
    expect(answers.slice(3)).toEqual([
      expect.objectContaining({ id: 7, error: expect.objectContaining({ code: -32601 }) }),
      expect.objectContaining({ id: 'p', result: {} }),
    ]);
  });

  it('says which names an agent may have', async () => {
    const { code, stderr } = await exitOf(
      spawnProgram('mcp', '--home', stage.home, '--name', '../secret'),
    );
    expect(code).toBe(1);
    expect(stderr).toContain('letters, digits');
  });

  it('ends when its client does', async () => {
    const child = spawnProgram('mcp', '--home', stage.home);
    child.stdin?.end();
    expect((await exitOf(child)).code).toBe(0);
  });
});

describe('the host', () => {
  it.each([
    ['a frame that is too large', Buffer.from([0, 0, 0, 0x40])],
    ['words it does not know', encodeFrame('{"kind":"grant"}')],
  ])('ends when the browser sends %s', async (_what, bytes) => {
    const child = spawnProgram('host', '--home', stage.home);
    child.stdin?.write(bytes);
    const { code, stderr } = await exitOf(child);
    expect(code).toBe(1);
    expect(stderr).toMatch(/too_large|malformed/);
  });

  it('ignores pieces for sessions that are over', async () => {
    const { child, port } = connectHost(stage.home);
    await new Promise((resolve) => port.onMessage(resolve));
    port.postMessage({ kind: 'piece', session: '00'.repeat(8), text: 'x', more: false });
    port.postMessage({ kind: 'close', session: '00'.repeat(8) });
    port.disconnect();
    expect((await exitOf(child)).code).toBe(0);
  });
});

describe('commonplace status', () => {
  it('names the hop at which the way ends', async () => {
    expect((await bridgeStatus(join(stage.home, 'nowhere'))).at(-1)).toMatchObject({
      name: 'home',
    });
    expect((await bridgeStatus(stage.home)).at(-1)).toMatchObject({
      name: 'native host',
      failure: { code: expect.stringMatching(/offline|not_found/) },
    });
    const { child, port } = connectHost(stage.home);
    await new Promise((resolve) => port.onMessage(resolve));
    expect((await bridgeStatus(stage.home)).at(-1)).toMatchObject({
      name: 'extension',
      failure: { code: 'timeout' },
    });
    port.disconnect();
    await new Promise((resolve) => child.once('exit', resolve));
    await stage.runningBrowser();
    expect((await bridgeStatus(stage.home)).at(-1)).toMatchObject({
      name: 'extension',
      failure: null,
      detail: NODE_DID,
    });
  });
});
