// Finding, reading and waiting.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode } from 'gpt-tokenizer';
import { unwrap } from '../../../lib/wire/failure.ts';
import { refIn, startPageLab, type PageLab } from '../../support/page-bundle.ts';

let lab: PageLab;
beforeAll(async () => {
  lab = await startPageLab();
});
afterAll(() => lab.close());

describe('find', () => {
  it('ranks exact names first and forgives slips, with a ref and the place of each', async () => {
    const tab = await lab.open('names.html');
    const named = unwrap(await tab.ask({ op: 'find', role: 'button', name: 'cancel' }));
    expect(named.matches).toHaveLength(2);
    expect(named.matches[0]?.line).toMatch(/^button "Cancel" \[ref=e\d+\]$/u);
    expect(named.matches[0]?.context).toContain('listitem "Order 17 Cancel"');
    const slipped = unwrap(await tab.ask({ op: 'find', name: 'Serch' }));
    expect(slipped.matches[0]?.line).toContain('textbox "Search"');
    const words = unwrap(await tab.ask({ op: 'find', text: 'Order 18' }));
    expect(words.matches[0]?.line).toContain('Order 18');
  });

  it('gives the refs that snapshots give', async () => {
    const tab = await lab.open('names.html');
    const { text } = unwrap(await tab.ask({ op: 'snapshot' }));
    const found = unwrap(await tab.ask({ op: 'find', name: 'Apply' }));
    expect(found.matches[0]?.ref).toBe(refIn(text, '"Apply"'));
  });

  it('finds one among ten thousand and nothing where there is nothing', async () => {
    const tab = await lab.open({
      html: `<!doctype html><script>for (let i = 0; i < 10000; i++) document.write('<button>Item ' + i + '</button>');</script>`,
    });
    const found = unwrap(await tab.ask({ op: 'find', role: 'button', name: 'Item 7341' }));
    expect(found.matches[0]).toMatchObject({
      line: expect.stringContaining('"Item 7341"'),
      score: 1,
    });
    expect(unwrap(await tab.ask({ op: 'find', text: 'zebra crossing' })).matches).toEqual([]);
  });
});

describe('read', () => {
  it('gives the article as Markdown in parts that make up the whole', async () => {
    const tab = await lab.open('article.html');
    const first = unwrap(await tab.ask({ op: 'read', maxTokens: 1_000 }));
    expect(first).toMatchObject({ source: 'article', byline: 'Ada Example', complete: true });
    expect(first.title).toContain('Rivers');
    let text = first.markdown;
    for (let cursor = first.nextCursor; cursor !== null;) {
      const part = unwrap(await tab.ask({ op: 'read', maxTokens: 1_000, cursor }));
      expect(encode(part.markdown).length).toBeLessThanOrEqual(1_000);
      text += part.markdown;
      cursor = part.nextCursor;
    }
    const marks = Array.from({ length: 40 }, (_, i) => [
      `Paragraph ${i + 1} begins.`,
      `Paragraph ${i + 1} ends.`,
    ]).flat();
    for (const mark of marks) expect(text.split(mark)).toHaveLength(2);
    expect(text).toContain(`| [Nile](${lab.origin}/nile) | 6650 |`);
    expect(text).toContain('- one\n- two');
    expect(text).toContain('It echoes [masked] here.');
    expect(text).not.toContain('hidden-');
    expect(first.words).toBeGreaterThan(2_000);
    expect(first.hidden).toBe(2);
  });

  it('falls back to the whole body where there is no article', async () => {
    const tab = await lab.open('names.html');
    expect(unwrap(await tab.ask({ op: 'read' }))).toMatchObject({ source: 'body' });
  });
});

describe('wait', () => {
  it('ends when text comes, goes, or the address changes', async () => {
    const tab = await lab.open('acts.html');
    await tab.page.evaluate(() => setTimeout(() => document.body.prepend('Ready now'), 150));
    const came = await tab.ask({ op: 'wait', until: { kind: 'text', text: 'ready NOW' } });
    expect(came).toMatchObject({ ok: true, value: { line: expect.stringContaining('Ready now') } });
    await tab.page.evaluate(() => setTimeout(() => document.body.firstChild?.remove(), 150));
    const went = await tab.ask({ op: 'wait', until: { kind: 'text_gone', text: 'Ready now' } });
    expect(went).toMatchObject({ ok: true });
    await tab.page.evaluate(() => setTimeout(() => history.pushState(0, '', '/there'), 150));
    const moved = await tab.ask({ op: 'wait', until: { kind: 'url', contains: '/there' } });
    expect(moved).toMatchObject({ ok: true, value: { url: `${lab.origin}/there` } });
  });

  it('ends when an element is gone and when the page has settled', async () => {
    const tab = await lab.open('acts.html');
    const ref = refIn(unwrap(await tab.ask({ op: 'snapshot' })).text, '"Save"');
    await tab.page.evaluate(() => {
      setTimeout(() => document.querySelectorAll('button')[1]?.remove(), 150);
    });
    expect(await tab.ask({ op: 'wait', until: { kind: 'ref_gone', ref } })).toMatchObject({
      ok: true,
    });
    expect(await tab.ask({ op: 'wait', until: { kind: 'settle' } })).toMatchObject({ ok: true });
  });

  it('says what was there instead when time is up', async () => {
    const tab = await lab.open('acts.html');
    const until = { kind: 'text', text: 'Never said' } as const;
    const timedOut = await tab.ask({ op: 'wait', until, deadlineMs: 300 });
    expect(timedOut).toMatchObject({ ok: false, failure: { code: 'timeout' } });
    expect(JSON.stringify(timedOut)).toContain('It begins');
    const stays = { kind: 'text_gone', text: 'Acts' } as const;
    const still = await tab.ask({ op: 'wait', until: stays, deadlineMs: 300 });
    expect(JSON.stringify(still)).toContain('still there');
    await tab.page.evaluate(() => setInterval(() => document.body.append('x'), 20));
    const restless = await tab.ask({ op: 'wait', until: { kind: 'settle' }, deadlineMs: 600 });
    expect(restless).toMatchObject({ ok: false, failure: { code: 'timeout' } });
  });
});
