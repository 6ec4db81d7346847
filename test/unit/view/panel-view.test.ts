import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { servePanel } from '../../../lib/messaging/serve.ts';
import { ANNOTATIONS_AT_FIRST, createPanelView } from '../../../lib/view/panel-view.ts';
import { OWN_PAGE, ROOT, createLinkedRuntime } from '../../support/linked-runtime.ts';
import { empty } from '../../support/panel-states.ts';
import { feedOf, handlersThat } from '../messaging/panel-node.ts';

function looking() {
  const runtime = createLinkedRuntime();
  const feed = feedOf();
  servePanel({ runtime: runtime.server, root: ROOT, handlers: handlersThat({}), feed });
  return { feed, runtime, view: createPanelView(runtime.client(OWN_PAGE)) };
}

const settle = (ms = 100) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('there is nothing to see until the node has spoken', async () => {
  const { view } = looking();
  expect(view.state.value).toBeNull();
  await settle();
  expect(view.state.value).toEqual(empty);
  view.close();
});

test('another page is looked at from its beginning', async () => {
  const { view, feed } = looking();
  view.lookAtPage('https://a.example/', 1);
  view.lookFurther();
  await settle();
  expect(feed.reads.at(-1)?.annotationLimit).toBe(2 * ANNOTATIONS_AT_FIRST);
  view.lookAtPage('https://b.example/', 1);
  await settle();
  expect(feed.reads.at(-1)).toMatchObject({
    url: 'https://b.example/',
    annotationLimit: ANNOTATIONS_AT_FIRST,
  });
  view.close();
});

test('looking again at the same page asks nothing', async () => {
  const { view, feed } = looking();
  view.lookAtPage('https://a.example/', 1);
  await settle();
  const reads = feed.reads.length;
  view.lookAtPage('https://a.example/', 1);
  await settle();
  expect(feed.reads).toHaveLength(reads);
  view.close();
});

test('the clock goes on without the node, and stops with the page', async () => {
  const { view, runtime } = looking();
  await settle();
  runtime.stopServer();
  const before = view.now.value;
  await settle(60_000);
  expect(view.now.value).toBeGreaterThan(before);
  expect(view.reachable.value).toBe(false);
  view.close();
  expect(vi.getTimerCount()).toBe(0);
});
