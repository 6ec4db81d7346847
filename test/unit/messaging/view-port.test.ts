import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Subscription } from '../../../lib/messaging/panel.ts';
import type { PanelState } from '../../../lib/messaging/panel-state.ts';
import { servePanel } from '../../../lib/messaging/serve.ts';
import { openViewPort } from '../../../lib/messaging/view-port.ts';
import type { Failure } from '../../../lib/wire/failure.ts';
import { OWN_PAGE, ROOT, createLinkedRuntime } from '../../support/linked-runtime.ts';
import { empty } from '../../support/panel-states.ts';
import { feedOf, handlersThat } from './panel-node.ts';
import type { DrivenFeed } from './panel-node.ts';

const AT: Subscription = {
  spaceId: null,
  url: 'https://example.org/',
  tabId: 1,
  annotationLimit: 20,
};

function viewing(feed: DrivenFeed = feedOf()) {
  const runtime = createLinkedRuntime();
  const serve = () =>
    servePanel({ runtime: runtime.server, root: ROOT, handlers: handlersThat({}), feed });
  serve();
  const seen = {
    states: [] as PanelState[],
    failures: [] as Failure[],
    reachable: [] as boolean[],
  };
  const port = openViewPort(runtime.client(OWN_PAGE), {
    state: (state) => void seen.states.push(state),
    failure: (failure) => void seen.failures.push(failure),
    reachable: (reachable) => void seen.reachable.push(reachable),
  });
  return { runtime, serve, feed, port, seen };
}

const settle = (ms = 100) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('snapshots', () => {
  test('come after a subscription, and are about what it asked for', async () => {
    const { port, feed, seen } = viewing();
    await settle();
    expect(seen.states).toEqual([]);
    port.subscribe(AT);
    await settle();
    expect(seen.states).toEqual([empty]);
    expect(feed.reads).toEqual([AT]);
  });

  test('come again after a change, once for a burst', async () => {
    const { port, feed, seen } = viewing();
    port.subscribe(AT);
    await settle();
    for (let i = 0; i < 50; i++) feed.change();
    await settle();
    expect(seen.states).toHaveLength(2);
  });

  test('never overtake each other, and the last one is read after the last change', async () => {
    const waiting: (() => void)[] = [];
    const feed = feedOf(() => new Promise((resolve) => waiting.push(() => resolve(empty))));
    const { port, seen } = viewing(feed);
    port.subscribe(AT);
    await settle();
    feed.change();
    await settle();
    expect(feed.reads).toHaveLength(1);
    waiting.shift()?.();
    await settle();
    expect(feed.reads).toHaveLength(2);
    waiting.shift()?.();
    await settle();
    expect(seen.states).toHaveLength(2);
  });

  test('that cannot be read come as a Failure, and the next good one follows', async () => {
    let broken = true;
    const feed = feedOf(() =>
      broken ? Promise.reject(new Error('no disk')) : Promise.resolve(empty),
    );
    const { port, seen } = viewing(feed);
    port.subscribe(AT);
    await settle();
    expect(seen.failures).toMatchObject([{ code: 'internal' }]);
    broken = false;
    feed.change();
    await settle();
    expect(seen.states).toEqual([empty]);
  });

  test('stop when the page goes', async () => {
    const { port, feed } = viewing();
    port.subscribe(AT);
    await settle();
    port.close();
    feed.change();
    await settle();
    expect(feed.reads).toHaveLength(1);
    expect(feed.listeners).toBe(0);
  });

  test.each([
    [{ subscribe: { ...AT, annotationLimit: 1e9 } }],
    [{ subscribe: { ...AT, extra: 1 } }],
    [{ subscribe: null }],
    ['subscribe'],
  ])('do not come for the malformed request %j', async (request) => {
    const { runtime, feed } = viewing();
    const raw = runtime.client(OWN_PAGE).connect({ name: 'view' });
    // A runtime port has no target origin; the rule is about windows.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    raw.postMessage(request);
    await settle();
    expect(feed.reads).toEqual([]);
  });
});

describe('when the node is stopped', () => {
  test('the page connects and subscribes again by itself, and says nothing of it', async () => {
    const { runtime, serve, port, seen } = viewing();
    port.subscribe(AT);
    await settle();
    runtime.stopServer();
    serve();
    await settle(500);
    expect(seen.states).toHaveLength(2);
    expect(seen.reachable).not.toContain(false);
  });

  test('the page says so after a second, and takes it back when the node is there', async () => {
    const { runtime, serve, port, seen } = viewing();
    port.subscribe(AT);
    await settle();
    runtime.stopServer();
    await settle(900);
    expect(seen.reachable.at(-1)).toBe(true);
    await settle(200);
    expect(seen.reachable.at(-1)).toBe(false);
    serve();
    await settle(6_000);
    expect(seen.reachable.at(-1)).toBe(true);
  });

  test('a closed page does not connect again', async () => {
    const { runtime, serve, port } = viewing();
    port.close();
    runtime.stopServer();
    serve();
    await settle(10_000);
    expect(runtime.openPorts).toBe(0);
  });
});
