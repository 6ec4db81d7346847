// Who may open a socket: programs and extensions, not web pages.
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTestRelay } from '../support/relay.ts';

const EXTENSIONS = [
  'chrome-extension://oobkohdpiciabfffpjbodadedlpmdelp',
  'moz-extension://3c7c7b9e-4a52-4a0e-9d2c-0a3d5c1f6a11',
];
const PAGES = [
  'https://example.org',
  'http://127.0.0.1:8080',
  'null',
  'file://',
  'chrome-extension://oobk.example.org',
  'https://chrome-extension://x',
];

for (const path of ['/sync', '/peerjs']) {
  test(`${path} opens to extensions and programs, and to no web page`, async () => {
    const relay = await startTestRelay();
    const attempt = (origin?: string) => statusOf(relay.url + path, origin);
    for (const origin of PAGES) expect(await attempt(origin), origin).toBe(403);
    for (const origin of EXTENSIONS) expect(await attempt(origin), origin).toBe('open');
    expect(await attempt()).toBe('open');
    expect(await statusOf(`${relay.url}/elsewhere`)).toBe(404);
    await relay.close();
  });
}

test('an operator may allow a web origin, which allows no other', async () => {
  const relay = await startTestRelay({ allowedOrigins: ['http://127.0.0.1:8080'] });
  expect(await statusOf(`${relay.url}/sync`, 'http://127.0.0.1:8080')).toBe('open');
  expect(await statusOf(`${relay.url}/sync`, 'http://127.0.0.1:8081')).toBe(403);
  await relay.close();
});

function statusOf(url: string, origin?: string): Promise<number | 'open'> {
  const socket = new WebSocket(url, origin === undefined ? {} : { origin });
  return new Promise((resolve) => {
    socket.on('open', () => {
      resolve('open');
      socket.terminate();
    });
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    socket.on('error', () => {});
  });
}
