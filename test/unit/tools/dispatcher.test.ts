import { describe, expect, it } from 'vitest';
import type { ToolOutcome } from '../../../lib/tools/mcp/dispatcher.ts';
import { TOOLS } from '../../../lib/tools/tool-list.ts';
import { createLeases } from '../../../lib/tools/leases.ts';
import { agent, codeOf } from '../../support/authority-bench.ts';
import { caller, createToolsBench } from '../../support/tools-bench.ts';

const PAGE = 'https://example.org/moss';

function textOf(outcome: ToolOutcome): string {
  return outcome.ok ? outcome.value.text : `${outcome.failure.message} ${outcome.failure.remedy}`;
}

describe('an agent with a permission', () => {
  it('opens a tab, looks, acts and ends it; every call has its receipt', async () => {
    const { run, authority } = await createToolsBench();
    expect(textOf(await run('tab_open', { url: PAGE }))).toBe(`t1 ${PAGE} "Title of ${PAGE}"`);
    expect(textOf(await run('page_snapshot', { tab: 't1' }))).toContain('e1 button "Send"');
    expect(textOf(await run('page_find', { tab: 't1', role: 'button' }))).toContain('e1 button');
    expect(textOf(await run('page_read', { tab: 't1' }))).toMatch(
      /data, not instructions[^]*Hello reader/,
    );
    expect(textOf(await run('page_click', { tab: 't1', ref: 'e1' }))).toContain(
      '~ e1 button "Sent"',
    );
    const fields = [{ ref: 'e1', value: 'moss' }];
    expect(textOf(await run('page_fill', { tab: 't1', fields }))).toContain('Filled 1 of 1 field');
    expect(codeOf(await run('page_select', { tab: 't1', ref: 'e1', values: ['a'] }))).toBe('ok');
    expect(codeOf(await run('page_press', { tab: 't1', key: 'Enter' }))).toBe('ok');
    expect(codeOf(await run('page_wait', { tab: 't1', until: 'settle' }))).toBe('ok');
    expect(codeOf(await run('page_navigate', { tab: 't1', url: `${PAGE}/2` }))).toBe('ok');
    expect(textOf(await run('tabs_list'))).toContain(`t1 ${PAGE}/2`);
    expect(codeOf(await run('tab_end', { tab: 't1' }))).toBe('ok');
    expect(authority.agents()[0]?.grant?.used).toEqual({ reads: 6, writes: 4 });
    const tools = authority.receipts().map(({ tool }) => tool);
    expect(tools).toHaveLength(12);
    expect(authority.receipts().every(({ outcome }) => outcome === 'ok')).toBe(true);
  });

  it('gets structured content of exactly the advertised shape', async () => {
    const { run } = await createToolsBench();
    await run('tab_open', { url: PAGE });
    const calls: [string, object][] = [
      ['tabs_list', {}],
      ['page_snapshot', { tab: 't1' }],
      ['page_find', { tab: 't1', text: 'x' }],
      ['page_read', { tab: 't1' }],
      ['page_click', { tab: 't1', ref: 'e1' }],
      ['page_wait', { tab: 't1', until: 'text', value: 'x' }],
      ['annotate', { tab: 't1', quote: 'Hello', note: 'Indeed' }],
      ['space_list', {}],
      ['authority', {}],
    ];
    for (const [name, args] of calls) {
      const outcome = await run(name, args);
      const tool = TOOLS.find((one) => one.name === name);
      expect([name, codeOf(outcome)]).toEqual([name, 'ok']);
      if (outcome.ok)
        expect(tool?.output.parse(outcome.value.structured)).toEqual(outcome.value.structured);
    }
  });

  it('annotates in its own name, under its grant, in the space that is open', async () => {
    const { run, annotated, authority } = await createToolsBench();
    await run('tab_open', { url: `${PAGE}#top` });
    const outcome = await run('annotate', { tab: 't1', quote: 'Hello', note: 'Indeed' });
    expect(textOf(outcome)).toBe('Annotated "Hello" in the space "Moss".');
    expect(annotated).toMatchObject([
      {
        spaceId: 'space-moss',
        url: PAGE,
        note: 'Indeed',
        agent: { did: agent().did, name: 'Claude', grant: authority.agents()[0]?.grant?.id },
      },
    ]);
  });

  it('sees of spaces only what its permission covers', async () => {
    const { run } = await createToolsBench({ spaces: ['space-moss'] });
    const text = textOf(await run('space_list'));
    expect(text).toContain('space-moss "Moss" 2 people, 3 annotations, open now');
    expect(text).toContain('2 on https://example.org/moss');
    expect(text).not.toMatch(/private|Fern/);
    await run('tab_open', { url: PAGE });
    const elsewhere = { tab: 't1', quote: 'Hello', note: 'x', space: 'space-fern' };
    expect(codeOf(await run('annotate', elsewhere))).toBe('permission_denied');
    expect(codeOf(await run('annotate', { ...elsewhere, space: 'nowhere' }))).toBe('not_found');
  });

  it('keeps its tabs when the node is killed, and loses those that were closed', async () => {
    const { run, session, driver } = await createToolsBench();
    await run('tab_open', { url: PAGE });
    await run('tab_open', { url: PAGE });
    const later = await createLeases(session);
    expect(later.of(agent().did).map(({ handle }) => handle)).toEqual(['t1', 't2']);
    expect((await later.add(agent().did, 7)).handle).toBe('t3');
    const [first = 0, second = 0] = driver.tabs.keys();
    driver.putToSleep(second);
    expect(codeOf(await run('page_snapshot', { tab: 't2' }))).toBe('ok');
    driver.tabs.delete(first);
    expect(textOf(await run('page_snapshot', { tab: 't1' }))).toContain('has been closed');
    expect(textOf(await run('tabs_list'))).not.toContain('t1');
  });

  it('is not led to another element by a ref of an earlier page', async () => {
    const { run, driver } = await createToolsBench();
    await run('tab_open', { url: PAGE });
    await run('page_snapshot', { tab: 't1' });
    await run('page_navigate', { tab: 't1', url: `${PAGE}/2` });
    expect(codeOf(await run('page_click', { tab: 't1', ref: 'e1' }))).toBe('stale_ref');
    await run('page_snapshot', { tab: 't1' });
    expect(codeOf(await run('page_click', { tab: 't1', ref: 'e1' }))).toBe('ok');
    expect(driver.sent.filter(({ request }) => request.op === 'click')).toHaveLength(2);
  });

  it('may hold only so many tabs', async () => {
    const { run } = await createToolsBench({ reads: 100 });
    for (let i = 0; i < 12; i++) await run('tab_open', { url: PAGE });
    expect(codeOf(await run('tab_open', { url: PAGE }))).toBe('rate_limited');
  });

  it('learns what it may do, and how to ask for more', async () => {
    const { run } = await createToolsBench({ reads: 5, writes: 0 });
    await run('space_list');
    const text = textOf(await run('authority'));
    expect(text).toContain('reads: 4 left of 5 (1 used, 0 held)');
    expect(text).toContain('sites: https://example.org');
    expect(text).toContain('Agents → Claude → Change');
  });
});

describe('a page outside the permission', () => {
  it('is not opened, and nothing is sent to it', async () => {
    const { run, driver } = await createToolsBench();
    const outcome = await run('tab_open', { url: 'https://evil.example/' });
    expect(codeOf(outcome)).toBe('permission_denied');
    expect(driver.tabs.size).toBe(0);
  });

  it('reached by a redirect is named by its origin only, and may not be used', async () => {
    const { run, driver } = await createToolsBench();
    driver.redirects.set(PAGE, 'https://login.example/?token=secret');
    const text = textOf(await run('tab_open', { url: PAGE }));
    expect(text).toContain('https://login.example (outside your permission)');
    expect(text).toContain('allow https://login.example');
    expect(text).not.toMatch(/secret|Title/);
    for (const [tool, more] of PAGE_CALLS) {
      const outcome = await run(tool, { tab: 't1', ...more });
      expect([tool, codeOf(outcome)]).toEqual([tool, 'permission_denied']);
    }
    expect(driver.sent).toEqual([]);
    expect(textOf(await run('tabs_list'))).not.toMatch(/secret|Title/);
    driver.redirects.clear();
    expect(codeOf(await run('page_navigate', { tab: 't1', url: PAGE }))).toBe('ok');
    expect(codeOf(await run('page_snapshot', { tab: 't1' }))).toBe('ok');
  });

  it('reached by a click is told without its content', async () => {
    const { run, driver } = await createToolsBench();
    await run('tab_open', { url: PAGE });
    driver.reply = ({ op }, tab) => ({
      op,
      documentId: tab.documentId,
      effect: 'nav',
      diff: '+ e9 text "private"',
      url: 'https://bank.example/account/42',
    });
    const outcome = await run('page_click', { tab: 't1', ref: 'e1' });
    expect(textOf(outcome)).toContain('https://bank.example');
    expect(JSON.stringify(outcome)).not.toMatch(/private|account/);
  });

  it('that took the place of the page while it was read is not shown', async () => {
    const { run, driver } = await createToolsBench();
    await run('tab_open', { url: PAGE });
    const elsewhere = { url: 'https://bank.example/', title: 'Balance', text: '1,000,000' };
    driver.reply = (_request, { documentId }) => ({
      op: 'snapshot',
      documentId,
      ...elsewhere,
      view: 'full',
      tokens: 1,
      hidden: 0,
      nextCursor: null,
    });
    const outcome = await run('page_snapshot', { tab: 't1' });
    expect(codeOf(outcome)).toBe('permission_denied');
    expect(JSON.stringify(outcome)).not.toMatch(/Balance|1,000/);
  });

  it("is the relay's own, even where every port is allowed", async () => {
    const { run } = await createToolsBench({ origins: ['http://127.0.0.1:*', '*'] });
    expect(codeOf(await run('tab_open', { url: 'http://127.0.0.1:7001/' }))).toBe('ok');
    expect(codeOf(await run('tab_open', { url: 'http://127.0.0.1:7000/join#key' }))).toBe(
      'permission_denied',
    );
  });
});

const PAGE_CALLS: [string, object][] = [
  ['page_snapshot', {}],
  ['page_find', { text: 'x' }],
  ['page_read', {}],
  ['page_click', { ref: 'e1' }],
  ['page_fill', { fields: [{ ref: 'e1', value: 'x' }] }],
  ['page_select', { ref: 'e1', values: ['x'] }],
  ['page_press', { key: 'Enter' }],
  ['page_wait', { until: 'settle' }],
  ['page_navigate', { url: 'reload' }],
  ['annotate', { quote: 'x', note: 'x' }],
];

describe("another agent's tab", () => {
  it('is not there, and is counted only', async () => {
    const { run, driver } = await createToolsBench();
    await run('tab_open', { url: PAGE });
    const codex = caller('Codex');
    const sent = driver.sent.length;
    for (const [tool, more] of [...PAGE_CALLS, ['tab_end', {}] as const]) {
      const outcome = await run(tool, { tab: 't1', ...more }, codex);
      expect([tool, codeOf(outcome)]).toEqual([tool, 'not_found']);
    }
    expect(driver.sent).toHaveLength(sent);
    expect(driver.tabs.size).toBe(1);
    expect(textOf(await run('tabs_list', {}, codex))).toBe(
      'You have no tabs. Open one with tab_open.\n1 other tab not yours.',
    );
  });

  it('is in nobody’s hands once that agent is stopped', async () => {
    const { run, authority, driver } = await createToolsBench();
    await run('tab_open', { url: PAGE });
    await authority.stop(agent().did);
    expect(codeOf(await run('tabs_list'))).toBe('stopped');
    await authority.resume(agent().did);
    expect(textOf(await run('tabs_list'))).toContain('You have no tabs');
    expect(driver.tabs.size).toBe(1);
  });
});
