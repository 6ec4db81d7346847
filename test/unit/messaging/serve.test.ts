import { describe, expect, test } from 'vitest';
import { createPanelCall } from '../../../lib/messaging/call.ts';
import { isOwnPage, servePanel } from '../../../lib/messaging/serve.ts';
import { ok } from '../../../lib/wire/failure.ts';
import { EXTENSION_ID, OWN_PAGE, ROOT, createLinkedRuntime } from '../../support/linked-runtime.ts';
import { feedOf, handlersThat } from './panel-node.ts';

function served(overrides: Parameters<typeof handlersThat>[0] = {}) {
  const runtime = createLinkedRuntime();
  const heard: unknown[] = [];
  const handlers = handlersThat({
    createSpace: (args) => {
      heard.push(args);
      return Promise.resolve(ok({ spaceId: 'made' }));
    },
    ...overrides,
  });
  servePanel({ runtime: runtime.server, root: ROOT, handlers, feed: feedOf() });
  return { runtime, heard, page: runtime.client(OWN_PAGE) };
}

describe('commands', () => {
  test('a command from an own page reaches its handler and its Result comes back', async () => {
    const { page, heard } = served();
    const reply = await createPanelCall(page)('createSpace', { name: '  Thesis ' });
    expect(reply).toEqual({ ok: true, value: { spaceId: 'made' } });
    expect(heard).toEqual([{ name: 'Thesis' }]);
  });

  test.each([
    ['no name', {}],
    ['an empty name', { name: '   ' }],
    ['a name of 81 characters', { name: 'x'.repeat(81) }],
    ['a field that nobody asked for', { name: 'a', admin: true }],
    ['a number', 7],
    ['null', null],
  ])('arguments with %s change nothing and say what is wrong', async (_what, args) => {
    const { page, heard } = served();
    const reply = await page.sendMessage({ to: 'panel', call: 'createSpace', args });
    expect(reply).toMatchObject({ ok: false, failure: { code: 'bad_arguments' } });
    expect(heard).toEqual([]);
  });

  test.each(['constructor', 'toString', '__proto__', 'dropEverything', '', 3])(
    'the call %j is not a command',
    async (call) => {
      const { page } = served();
      const reply = await page.sendMessage({ to: 'panel', call, args: {} });
      expect(reply).toMatchObject({ ok: false, failure: { code: 'bad_arguments' } });
    },
  );

  test('a bug in a handler comes back as a Failure', async () => {
    const { page } = served({ createSpace: () => Promise.reject(new TypeError('no such field')) });
    const reply = await createPanelCall(page)('createSpace', { name: 'a' });
    expect(reply).toMatchObject({ ok: false, failure: { code: 'internal' } });
  });

  test('a message for someone else is left to other listeners', async () => {
    const { page } = served();
    expect(await page.sendMessage({ to: 'node', type: 'panel.open' })).toBeUndefined();
    expect(await page.sendMessage('hello')).toBeUndefined();
    expect(await page.sendMessage(null)).toBeUndefined();
  });
});

describe('who may speak', () => {
  const strangers = [
    ['a content script', { id: EXTENSION_ID, url: 'https://example.org/', frameId: 0 }],
    [
      'a content script on a page that looks like ours',
      { id: EXTENSION_ID, url: `https://example.org/${ROOT}` },
    ],
    ['another extension', { id: 'aaaa', url: `${ROOT}sidepanel.html` }],
    [
      'an extension whose id begins like ours',
      { id: EXTENSION_ID, url: `chrome-extension://${EXTENSION_ID}x/a.html` },
    ],
    ['an own page framed in a web page', { ...OWN_PAGE, frameId: 3 }],
    ['a sender without an address', { id: EXTENSION_ID }],
  ] as const;

  test.each(strangers)('%s cannot give commands', async (_who, sender) => {
    const { runtime, heard } = served();
    const message = { to: 'panel', call: 'createSpace', args: { name: 'a' } };
    const reply = await runtime.client(sender).sendMessage(message);
    expect(reply).toMatchObject({ ok: false, failure: { code: 'permission_denied' } });
    expect(heard).toEqual([]);
  });

  test.each(strangers)('%s gets no snapshots', async (_who, sender) => {
    const { runtime } = served();
    const port = runtime.client(sender).connect({ name: 'view' });
    const pushed: unknown[] = [];
    port.onMessage.addListener((message) => pushed.push(message));
    expect(() => port.postMessage({ subscribe: {} })).toThrow();
    expect(pushed).toEqual([]);
  });

  test('a port with another name is left open for its own listener', () => {
    const { runtime } = served();
    const port = runtime
      .client({ id: EXTENSION_ID, url: 'https://example.org/' })
      .connect({ name: 'annotator' });
    expect(() => port.postMessage('hello')).not.toThrow();
  });

  test('a side panel, which stands in no frame of a tab, is an own page', () => {
    expect(isOwnPage(EXTENSION_ID, ROOT, { id: EXTENSION_ID, url: `${ROOT}sidepanel.html` })).toBe(
      true,
    );
    expect(isOwnPage(EXTENSION_ID, ROOT, undefined)).toBe(false);
  });
});
