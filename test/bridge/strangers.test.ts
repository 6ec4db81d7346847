// What the host does with those who come to its socket without being agents of this person.
import { createHmac } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linkToNode } from '../../bridge/agent-link.ts';
import { FrameSocket } from '../../bridge/frame-socket.ts';
import { createFrameReader, encodeFrame } from '../../bridge/frames.ts';
import { greetAgent, greetHost } from '../../bridge/handshake.ts';
import { findSocket } from '../../bridge/socket-path.ts';

import { stageBridge } from '../support/bridge-stage.ts';

const stage = stageBridge();

async function stranger(): Promise<Socket> {
  const socket = connect((await findSocket(stage.home)) ?? '');
  stage.closeLater(() => void socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

function closed(socket: Socket): Promise<void> {
  // Reading lets the end arrive.
  socket.resume();
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

describe('a stranger at the socket', () => {
  it('with a wrong secret is refused and reaches no extension', async () => {
    const browser = await stage.runningBrowser();
    const socket = await stranger();
    const secret = Buffer.alloc(32, 7);
    const greeted = await greetHostTrusting(new FrameSocket(socket), secret);
    expect(greeted).toMatchObject({ kind: 'refused', failure: { code: 'unauthenticated' } });
    await closed(socket);
    expect(browser.agents.view().sessions).toEqual([]);
  });

  it('cannot use the host’s own proof as its own', async () => {
    await stage.runningBrowser();
    const socket = await stranger();
    const frames = new FrameSocket(socket);
    const nonce = Buffer.alloc(32).toString('base64url');
    frames.send(JSON.stringify({ kind: 'hello', version: 1, nonce }));
    const challenge = JSON.parse(textOf(await frames.next(3000)));
    frames.send(JSON.stringify({ kind: 'proof', proof: challenge.proof }));
    expect(JSON.parse(textOf(await frames.next(3000)))).toMatchObject({ kind: 'refused' });
  });

  it.each([
    ['a frame larger than any handshake', encodeFrame('x'.repeat(5000))],
    ['a length beyond four gigabytes', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['text that is not JSON', encodeFrame('{')],
    ['JSON of another shape', encodeFrame('{"kind":"hello","version":"1"}')],
    [
      'another version',
      encodeFrame(JSON.stringify({ kind: 'hello', version: 99, nonce: 'A'.repeat(43) })),
    ],
    [
      'bytes that are not UTF-8',
      Buffer.concat([Buffer.from([2, 0, 0, 0]), Buffer.from([0xff, 0xfe])]),
    ],
  ])('that sends %s is closed, and the host goes on', async (_what, bytes) => {
    const browser = await stage.runningBrowser();
    const socket = await stranger();
    socket.write(bytes);
    await closed(socket);
    expect(browser.host().exitCode).toBeNull();
    expect(await linkToNode({ home: stage.home, name: 'agent' })).toMatchObject({ ok: true });
  });
});

describe('the handshake', () => {
  it('needs the same secret on both sides', async () => {
    const secret = Buffer.alloc(32, 3);
    const { a, b } = await socketPair();
    const admitted = greetAgent(b, Buffer.alloc(32, 4));
    expect(await greetHost(a, secret)).toMatchObject({ failure: { code: 'unauthenticated' } });
    a.destroy();
    expect(await admitted).toMatchObject({ failure: { code: 'closed' } });
  });
});

describe('frames', () => {
  it('come out whole however they are cut', () => {
    const bytes = Buffer.concat([encodeFrame('é1'), encodeFrame(''), encodeFrame('third')]);
    for (let size = 1; size <= bytes.length; size++) {
      const read = createFrameReader({ maxBytes: 10 });
      const texts: string[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        const result = read(bytes.subarray(at, at + size));
        if (result.ok) texts.push(...result.value);
      }
      expect(texts).toEqual(['é1', '', 'third']);
    }
  });
});

async function socketPair(): Promise<{ a: FrameSocket; b: FrameSocket }> {
  const accepted = Promise.withResolvers<Socket>();
  const server = await listen(join(stage.home, 'pair.sock'), accepted.resolve);
  stage.closeLater(() => void server.close());
  const socket = connect(join(stage.home, 'pair.sock'));
  stage.closeLater(() => void socket.destroy());
  const other = await accepted.promise;
  stage.closeLater(() => void other.destroy());
  return { a: new FrameSocket(socket), b: new FrameSocket(other) };
}

function listen(path: string, onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer(onConnection);
  return new Promise((resolve) => server.listen(path, () => resolve(server)));
}

function textOf(result: Awaited<ReturnType<FrameSocket['next']>>): string {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

/** An agent that does not check the host, so that the host has to. */
async function greetHostTrusting(frames: FrameSocket, secret: Buffer): Promise<unknown> {
  const nonce = Buffer.alloc(32, 9).toString('base64url');
  frames.send(JSON.stringify({ kind: 'hello', version: 1, nonce }));
  const challenge = JSON.parse(textOf(await frames.next(3000)));
  const proof = createHmac('sha256', secret)
    .update(`commonplace/bridge/1/agent\0${nonce}\0${challenge.nonce}`)
    .digest('base64url');
  frames.send(JSON.stringify({ kind: 'proof', proof }));
  return JSON.parse(textOf(await frames.next(3000)));
}
