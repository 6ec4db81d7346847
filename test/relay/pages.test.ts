// What the relay answers without a WebSocket, and how it treats clients that dawdle.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestRelay, type TestRelay } from '../support/relay.ts';

let relay: TestRelay;

beforeAll(async () => {
  relay = await startTestRelay({ limits: { requestSeconds: 1 } });
});

afterAll(() => relay.close());

const ask = (path: string, init?: RequestInit) => fetch(relay.http + path, init);

test('the invite page says what is needed, loads nothing and runs nothing', async () => {
  const response = await ask('/join');
  const html = await response.text();
  expect(response.status).toBe(200);
  expect(html).toContain('You need Commonplace to open this invite');
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  expect(html).not.toMatch(/<script|<img|<link|src=|href=|https?:/i);
  expect((await ask('/')).status).toBe(200);
});

test('health and metrics say how it is, in sums only', async () => {
  expect(await (await ask('/health')).json()).toMatchObject({ ok: true, connections: 0 });
  const metrics = await ask('/metrics');
  expect(metrics.headers.get('content-type')).toContain('version=0.0.4');
  const text = await metrics.text();
  for (const name of ['connections', 'spaces', 'entries', 'stored_bytes']) {
    expect(text).toMatch(new RegExp(`^commonplace_relay_${name} \\d+$`, 'm'));
  }
});

test('nothing else is there, however it is spelled', async () => {
  for (const path of [
    '/x',
    '/join/',
    '/../relay.db',
    '/%2e%2e/relay.db',
    '/health/..',
    '//',
    '/%00',
  ]) {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    expect(answer, path).toMatch(/^HTTP\/1\.1 (?:404|400) /);
  }
});

test('it answers GET and HEAD only, and no other site may read it', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const response = await ask('/', { method });
    expect(response.status).toBe(405);
    expect(await response.json()).toMatchObject({ code: 'bad_arguments' });
  }
  const head = await ask('/', { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(await head.text()).toBe('');
  const foreign = await ask('/health', { headers: { origin: 'https://example.org' } });
  expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
});

test('it gives out no PeerJS ids, since an id must be proved', async () => {
  for (const path of ['/peerjs/id', '/peerjs/peerjs/id?ts=1']) {
    expect((await ask(path)).status).toBe(403);
  }
  expect((await ask('/sync')).status).toBe(426);
});

test('headers above 8 KiB and requests that are no HTTP are refused', async () => {
  const huge = `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(10_000)}\r\n\r\n`;
  expect(await raw(huge)).toMatch(/^HTTP\/1\.1 431 /);
  expect(await raw('hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
});

test('a client that never finishes its request is cut off', async () => {
  const socket = await dial();
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n');
  const answer = await readAll(socket);
  expect(answer === '' || answer.startsWith('HTTP/1.1 408 ')).toBe(true);
  expect((await ask('/health')).status).toBe(200);
});

async function raw(request: string): Promise<string> {
  const socket = await dial();
  socket.write(request);
  return readAll(socket);
}

async function dial(): Promise<Socket> {
  const { hostname, port } = new URL(relay.http);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  await once(socket, 'close');
  return text;
}
