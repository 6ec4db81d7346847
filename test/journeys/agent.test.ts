// Story three: an agent acts within a budget, is refused past it, and can be stopped; every call leaves a receipt.
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { pressButton } from '../support/annotator-acts.ts';
import { shareSpace, SOON, stateOf, textOf } from '../support/journey-steps.ts';
import { startAgent, type Answer } from '../support/mcp-agent.ts';
import { servePages } from '../support/pages.ts';
import { stageWorld } from '../support/stage.ts';

test('an agent reads and acts within its permission, and is refused past it by name', async () => {
  const grant = { origins: ['http://127.0.0.1:*'], reads: 3, writes: 3, minutes: 60 };
  await using world = await stageWorld({ people: 2, grant });
  await using pages = await servePages();
  const [ada, bob] = [world.person('Ada'), world.person('Bob')];
  const url = pages.serve('/order', ORDER);
  const { adas, bobs } = await shareSpace(ada, bob, 'Tidal research');
  await using agent = await startAgent(ada, 'claude');

  const opened = await agent.call('tab_open', { url });
  const tab = opened.structured['tab'];
  expect(await adas.evaluate(() => document.visibilityState)).toBe('visible');
  const seen = await agent.call('page_snapshot', { tab });
  const filled = await agent.call('page_fill', {
    tab,
    fields: [{ ref: refOf(seen, 'Name'), value: 'Ada' }],
  });
  expect(filled.isError).toBe(false);
  const sent = await agent.call('page_click', { tab, ref: refOf(seen, 'Send') });
  expect(sent.text).toContain('Thanks, Ada');

  const noted = await agent.call('annotate', { tab, quote: 'twice a day', note: 'Check this' });
  expect(noted.isError).toBe(false);
  await expect
    .poll(async () => (await stateOf(bobs, url)).page?.annotations[0]?.by, SOON)
    .toMatchObject({ kind: 'agent', name: 'claude', onBehalfOf: 'Ada' });

  const refused = await agent.call('page_click', { tab, ref: refOf(seen, 'Send') });
  expect(refused).toMatchObject({ isError: true, structured: { code: 'budget_exhausted' } });
  expect(refused.text).toMatch(/3 writes/);
  const elsewhere = await agent.call('tab_open', { url: 'http://localhost:1/' });
  expect(elsewhere.isError).toBe(true);

  const { agents, activity } = await stateOf(adas);
  expect(agents[0]).toMatchObject({ name: 'claude', status: 'active' });
  expect(agents[0]?.grant?.writes).toEqual({ limit: 3, used: 3, reserved: 0 });
  expect(activity.filter(({ outcome }) => outcome === 'refused')).not.toEqual([]);
});

test('a first-time agent waits for the person, and Stop ends it at once', async () => {
  await using world = await stageWorld({ people: 1 });
  await using pages = await servePages();
  const ada = world.person('Ada');
  const url = pages.serve('/order', ORDER);
  const panel = await ada.panel();
  await using agent = await startAgent(ada, 'codex');

  const refused = await agent.call('tab_open', { url });
  expect(refused).toMatchObject({ isError: true, structured: { code: 'pairing_required' } });
  expect(refused.text).toContain('side panel');
  await expect.poll(() => textOf(panel), SOON).toContain('codex');

  const { pairing } = await stateOf(panel);
  const decided = await panel.evaluate(
    (id, origin) =>
      chrome.runtime.sendMessage({
        to: 'panel',
        call: 'decidePairing',
        args: {
          id,
          allow: true,
          grant: {
            origins: [origin],
            reads: 50,
            writes: 5,
            minutes: 10,
            tools: 'all',
            spaces: 'all',
          },
        },
      }),
    pairing[0]?.id ?? '',
    pages.origin,
  );
  expect(decided).toEqual({ ok: true, value: null });
  const opened = await agent.call('tab_open', { url });
  expect(opened.isError).toBe(false);

  const waiting = agent.call('page_wait', {
    tab: opened.structured['tab'],
    until: 'text',
    value: 'never there',
    timeout_ms: 25_000,
  });
  await expect.poll(async () => (await stateOf(panel)).agents[0]?.running.length, SOON).toBe(1);
  await panel.bringToFront();
  await pressButton(panel, 'Stop codex');
  expect(await waiting).toMatchObject({ isError: true, structured: { code: 'stopped' } });
  const after = await agent.call('tab_open', { url });
  expect(after).toMatchObject({ isError: true, structured: { code: 'stopped' } });
  await expect.poll(() => textOf(panel), SOON).toMatch(/stopped/i);
});

test('a tab whose server keeps it waiting is open, may be left, and has its page when that comes', async () => {
  const grant = { origins: ['http://127.0.0.1:*'], reads: 50, writes: 0, minutes: 60 };
  await using world = await stageWorld({ people: 1, grant });
  await using slow = await serveWhenTold();
  await using agent = await startAgent(world.person('Ada'), 'claude');
  const url = `${slow.origin}/report`;

  const opened = await agent.call('tab_open', { url });
  expect(opened).toMatchObject({ isError: false, structured: { url, state: 'loading' } });
  const tab = opened.structured['tab'];
  const early = await agent.call('page_snapshot', { tab });
  expect(early).toMatchObject({ isError: true, structured: { code: 'unavailable' } });
  slow.begin('<title>Report</title><h1>First part</h1>');
  await expect
    .poll(async () => (await agent.call('page_snapshot', { tab })).text, SOON)
    .toContain('First part');

  const again = await agent.call('page_navigate', { tab, url: `${url}?again` });
  expect(again).toMatchObject({ isError: false, structured: { state: 'loading' } });
  slow.end('<p>Last part');
  const left = await agent.call('page_navigate', { tab, url: `${url}?whole` });
  expect(left).toMatchObject({
    isError: false,
    structured: { state: 'complete', title: 'Report' },
  });
});

/** A server whose pages begin and end when the test says so. */
async function serveWhenTold() {
  const [begun, ended] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const server = createServer((_, response) => {
    void begun.promise.then((first) => {
      response.writeHead(200, { 'content-type': 'text/html' }).write(first);
      void ended.promise.then((last) => response.end(last));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('expected a TCP port');
  return {
    origin: `http://127.0.0.1:${bound.port}`,
    begin: begun.resolve,
    end: ended.resolve,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function refOf({ text }: Answer, name: string): string {
  const ref = text
    .split('\n')
    .find((line) => line.includes(`"${name}"`))
    ?.match(/ref=(e\d+)/)?.[1];
  if (ref === undefined) throw new Error(`no ref for ${name} in:\n${text}`);
  return ref;
}

const ORDER = `<!doctype html><meta charset=utf-8><title>Order</title><h1>Order</h1>
<p>The sea rises twice a day.</p>
<form onsubmit="event.preventDefault(); done.textContent = 'Thanks, ' + who.value">
<label>Name <input id=who></label><button>Send</button></form><p id=done></p>`;
