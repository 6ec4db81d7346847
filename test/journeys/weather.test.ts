// Bad weather: the worker is killed in mid-work, the relay goes away, hostile input arrives. Nothing acknowledged is lost.
import { expect, test } from 'vitest';
import { unwrap } from '../../lib/wire/failure.ts';
import { markedTexts } from '../support/annotator-acts.ts';
import {
  annotate,
  ask,
  inviteFrom,
  makeSpace,
  shareSpace,
  SOON,
  stateOf,
  textOf,
} from '../support/journey-steps.ts';
import { startAgent } from '../support/mcp-agent.ts';
import { servePages } from '../support/pages.ts';
import { startTestRelay } from '../support/relay.ts';
import { stageWorld } from '../support/stage.ts';

test('the worker is killed again and again, and what was acknowledged is there', async () => {
  const grant = { origins: ['http://127.0.0.1:*'], reads: 100, writes: 100, minutes: 60 };
  await using world = await stageWorld({ people: 2, grant });
  await using pages = await servePages();
  const [ada, bob] = [world.person('Ada'), world.person('Bob')];
  const url = pages.serve('/tides', ARTICLE);
  const { bobs } = await shareSpace(ada, bob, 'Tidal research');
  await using agent = await startAgent(ada, 'claude');
  const opened = await agent.call('tab_open', { url });
  const tab = opened.structured['tab'];

  for (const quote of ['rises and falls', 'twice a day', 'drawn by the moon']) {
    const noted = await agent.call('annotate', { tab, quote, note: `about ${quote}` });
    expect(noted).toMatchObject({ isError: false });
    await ada.killServiceWorker();
    const snapshot = await agent.call('page_snapshot', { tab });
    expect(snapshot).toMatchObject({ isError: false });
  }

  await expect
    .poll(
      async () => (await stateOf(bobs, url)).page?.annotations.map(({ quote }) => quote).toSorted(),
      SOON,
    )
    .toEqual(['drawn by the moon', 'rises and falls', 'twice a day']);
  const panel = await ada.panel();
  const { agents } = await stateOf(panel);
  expect(agents[0]?.grant).toMatchObject({
    writes: { used: 3, reserved: 0 },
    reads: { reserved: 0 },
  });
});

test('without a relay work goes on, the panel says what is not sent, and it is sent later', async () => {
  await using world = await stageWorld({ people: 1 });
  await using pages = await servePages();
  const relay = await startTestRelay();
  const ada = world.person('Ada');
  const panel = await ada.panel();
  await ask(panel, 'setRelay', { url: relay.url });
  // Asked for, not typed: the reply comes when everything of the new space is written.
  unwrap(await ask(panel, 'createSpace', { name: 'Tidal research' }));
  await expect.poll(async () => (await stateOf(panel)).spaces[0]?.unsent, SOON).toBe(0);

  const port = Number(new URL(relay.http).port);
  await relay.close();
  const page = await ada.visit(pages.serve('/tides', ARTICLE));
  await annotate(page, 'twice a day', 'Kept here meanwhile.');
  await expect.poll(() => markedTexts(page), SOON).toEqual(['twice a day']);
  await panel.bringToFront();
  await expect.poll(() => textOf(panel), SOON).toContain('1 change not sent yet');
  await expect.poll(() => textOf(panel), SOON).toContain('The relay is not reachable');

  const again = await startTestRelay({ port });
  await expect
    .poll(async () => (await stateOf(panel)).spaces[0]?.unsent, { ...SOON, timeout: 60_000 })
    .toBe(0);
  await expect.poll(() => textOf(panel), SOON).not.toContain('not sent yet');
  await again.close();
});

test('damaged invite links say what is wrong and join nothing', async () => {
  await using world = await stageWorld({ people: 2 });
  const [ada, bob] = [world.person('Ada'), world.person('Bob')];
  const adas = await ada.panel();
  await makeSpace(adas, 'Tidal research');
  const link = await inviteFrom(adas);
  const bobs = await bob.panel();
  const fragmentAt = link.indexOf('#') + 1;
  const damaged = [
    link.slice(0, -5),
    `${link.slice(0, fragmentAt + 60)}${link[fragmentAt + 60] === 'A' ? 'B' : 'A'}${link.slice(fragmentAt + 61)}`,
    `${link.slice(0, fragmentAt)}${'A'.repeat(8_000)}`.slice(0, 8_192),
    'https://example.org/',
    '#',
  ];
  for (const bad of damaged) {
    const joined = await ask(bobs, 'joinSpace', { link: bad });
    expect(joined).toMatchObject({
      ok: false,
      failure: { remedy: expect.stringMatching(/link|Commonplace/) },
    });
  }
  const opened = await bob.browser.newPage();
  await opened.goto(link.slice(0, -5)).catch(() => {});
  await expect.poll(() => textOf(opened), SOON).toContain('This invite cannot be used');
  expect((await stateOf(bobs)).spaces).toEqual([]);
  expect(await ask(bobs, 'joinSpace', { link })).toMatchObject({ ok: true });
});

const ARTICLE = `<!doctype html><meta charset=utf-8><title>Tides</title>
<h1>Tides</h1><p>The sea rises and falls twice a day on most coasts, drawn by the moon.</p>`;
