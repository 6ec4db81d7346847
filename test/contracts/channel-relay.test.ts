// The relay channel keeps the contract over a real WebSocket server, and holds out against a hostile end.
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocketServer, WebSocket as ServerSocket } from 'ws';
import { MAX_MESSAGE_BYTES, type Channel } from '../../lib/transport/channel.ts';
import { acceptRelayChannel, openRelayChannel } from '../../lib/transport/relay-socket.ts';
import { MAX_SOCKET_MESSAGE_BYTES, type KeepaliveTimes } from '../../lib/transport/relay-wire.ts';
import { unwrap } from '../../lib/wire/failure.ts';
import { until, within } from './channel-checks.ts';
import { channelContract, runHostileCase } from './channel.ts';

const BRISK: KeepaliveTimes = { pingEveryMs: 20, deadAfterMs: 400 };
let server: WebSocketServer;
let base = '';

beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 4 * MAX_MESSAGE_BYTES });
  await once(server, 'listening');
  base = `ws://127.0.0.1:${portOf(server)}`;
});

afterAll(() => {
  for (const socket of server.clients) socket.terminate();
  server.close();
});

const dial = (times?: KeepaliveTimes) =>
  openRelayChannel(base, {
    signal: new AbortController().signal,
    deadlineMs: 5000,
    ...(times && { times }),
  });

function portOf(listening: Pick<Server, 'address'>): number {
  const address = listening.address();
  if (!address || typeof address === 'string') throw new Error('expected a TCP port');
  return address.port;
}

function nextSocket(): Promise<ServerSocket> {
  return new Promise((resolve) => server.once('connection', resolve));
}

async function rawServerEnd(
  times?: KeepaliveTimes,
): Promise<{ channel: Channel; peer: ServerSocket }> {
  const accepted = nextSocket();
  const channel = unwrap(await dial(times));
  return { channel, peer: await accepted };
}

async function rawClientEnd(
  times?: KeepaliveTimes,
): Promise<{ channel: Channel; peer: ServerSocket }> {
  const accepted = nextSocket();
  const peer = new ServerSocket(`${base}/sync`);
  await once(peer, 'open');
  return { channel: acceptRelayChannel(await accepted, times), peer };
}

async function pair(times?: KeepaliveTimes): Promise<[Channel, Channel]> {
  const accepted = nextSocket();
  const opening = dial(times);
  const served = acceptRelayChannel(await accepted, times);
  return [unwrap(await opening), served];
}

channelContract('relay, from the client', () => pair(), { describe, test });
channelContract('relay, from the server', () => pair().then(([a, b]) => [b, a]), {
  describe,
  test,
});

describe('relay channel against a hostile end', () => {
  const attacks = [
    ['text', 'malformed', (peer) => peer.send('hello')],
    ['an unknown kind', 'malformed', (peer) => peer.send(Uint8Array.of(9, 1, 2))],
    [
      'credit for what was never sent',
      'malformed',
      (peer) => peer.send(Uint8Array.of(1, 0, 0, 0, 9)),
    ],
    ['credit of a wrong length', 'malformed', (peer) => peer.send(Uint8Array.of(1, 0))],
    [
      'a message over 1 MiB',
      'too_large',
      (peer) => peer.send(new Uint8Array(MAX_SOCKET_MESSAGE_BYTES + 1)),
    ],
  ] as const satisfies [string, 'malformed' | 'too_large', (peer: ServerSocket) => void][];

  for (const [name, reason, attack] of attacks) {
    for (const [side, makeEnd] of [
      ['client', rawServerEnd],
      ['server', rawClientEnd],
    ] as const) {
      test(`${side} closes on ${name}`, async () => {
        const { channel, peer } = await makeEnd();
        const make = () => Promise.resolve({ channel, attack: () => attack(peer) });
        await runHostileCase({ name, make, reason });
      });
    }
  }

  test('a peer that ignores credit is cut off instead of filling memory', async () => {
    const { channel, peer } = await rawClientEnd();
    channel.receive(() => new Promise(() => {}));
    for (let i = 0; i < 8; i++) peer.send(new Uint8Array(MAX_SOCKET_MESSAGE_BYTES));
    expect(await within(channel.closed)).toBe('malformed');
  });

  test('keepalives are never delivered and their answers are rationed', async () => {
    const { channel, peer } = await rawClientEnd({ pingEveryMs: 40_000, deadAfterMs: 90_000 });
    let answers = 0;
    peer.on('message', (data: Buffer) => (answers += data.length === 0 ? 1 : 0));
    const received: Uint8Array[] = [];
    channel.receive((message) => void received.push(message));
    for (let i = 0; i < 100; i++) peer.send(new Uint8Array(0));
    peer.send(Uint8Array.of(0, 7));
    await until(() => received.length === 1 && answers > 0);
    expect(received).toEqual([Uint8Array.of(7)]);
    expect(answers).toBe(1);
    channel.close();
  });
});

describe('relay channel keepalive', () => {
  test('an idle channel stays open while both ends are alive', async () => {
    const [client, served] = await pair(BRISK);
    let heard = 0;
    for (const socket of server.clients) socket.on('message', () => (heard += 1));
    await until(() => heard > BRISK.deadAfterMs / BRISK.pingEveryMs + 5);
    expect((await client.send(Uint8Array.of(1))).ok).toBe(true);
    served.close();
  });

  test('a relay that answers nothing is taken for dead', async () => {
    const { channel } = await rawServerEnd(BRISK);
    expect(await within(channel.closed)).toBe('timeout');
  });

  test('a client that says nothing is taken for dead', async () => {
    const { channel } = await rawClientEnd(BRISK);
    expect(await within(channel.closed)).toBe('timeout');
  });
});

const open = (url: string, signal = new AbortController().signal, deadlineMs = 5000) =>
  openRelayChannel(url, { signal, deadlineMs });

async function codeOf(opening: ReturnType<typeof open>): Promise<string> {
  const result = await opening;
  return result.ok ? 'opened' : result.failure.code;
}

describe('dialling a relay', () => {
  test('refuses what is no relay address', async () => {
    for (const url of ['', 'relay', 'file:///x', 'javascript:alert(1)']) {
      expect(await codeOf(open(url))).toBe('bad_arguments');
    }
  });

  test('says offline when nobody listens', async () => {
    expect(await codeOf(open('ws://127.0.0.1:1'))).toBe('offline');
  });

  test('gives up on a server that never answers', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const url = `http://127.0.0.1:${portOf(mute)}`;
    expect(await codeOf(open(url, undefined, 50))).toBe('timeout');
    const abort = new AbortController();
    const opening = open(url, abort.signal);
    abort.abort();
    expect(await codeOf(opening)).toBe('cancelled');
    mute.close();
  });
});
