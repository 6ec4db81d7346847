// Snapshots of real pages in a real browser: what is listed, under which name, and within which budget.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode } from 'gpt-tokenizer';
import type { PageReplyOf, PageRequestInput } from '../../../lib/wire/page.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import {
  refIn,
  startPageLab,
  type PageLab,
  type PageUnderTest,
} from '../../support/page-bundle.ts';

let lab: PageLab;
beforeAll(async () => {
  lab = await startPageLab();
});
afterAll(() => lab.close());

type SnapshotInput = Extract<PageRequestInput, { op: 'snapshot' }>;

async function snap(
  tab: PageUnderTest,
  request: Omit<SnapshotInput, 'op'> = {},
): Promise<PageReplyOf<'snapshot'>> {
  return unwrap(await tab.ask({ op: 'snapshot', ...request }));
}

/** The lines with their refs taken off, for comparing what is said. */
function plain(text: string): string[] {
  return text.split('\n').map((line) => line.replace(/ \[ref=e\d+\]/u, ''));
}

const rows = (count: number): string =>
  Array.from(
    { length: count },
    (_, i) =>
      `<tr><td>Row ${i}</td><td><a href="/r/${i}">Open ${i}</a></td><td><button>Delete ${i}</button></td><td><input aria-label="Note ${i}"></td></tr>`,
  ).join('');

describe('a snapshot', () => {
  it('lists what can be acted on with role, name and state, inside its landmarks and headings', async () => {
    const { text } = await snap(await lab.open('names.html'));
    expect(plain(text)).toEqual([
      'banner',
      '  navigation "Site"',
      '    link "Home"',
      'main',
      '  heading "Orders today" [level=1]',
      '  form "Filter"',
      '    textbox "Search" [required] value="red shoes"',
      '    textbox "you@example.org" [type=email]',
      '    combobox "Plan" value="Team" [options: "Free", "Team"]',
      '    checkbox "Open only" [checked]',
      '    radio "First"',
      '    slider "Volume" value="30"',
      '    textbox "Notes"',
      '    button "Apply" [disabled]',
      '  button "Menu" [pressed] [collapsed]',
      '  button "Edit order" [unseen]',
      '  link "Logo"',
      '  tablist',
      '    tab "Overview" [selected]',
      '  button "More" [collapsed]',
      '  generic "Plain div that clicks" [clickable]',
      '  textbox "Comment" value="draft"',
      '  button "Fallback role"',
      '  listitem "Order 17"',
      '    button "Cancel"',
      '  listitem "Order 18"',
      '    button "Cancel"',
    ]);
  });

  it('shows only the skeleton as an outline and every word in full', async () => {
    const tab = await lab.open('names.html');
    expect(plain((await snap(tab, { view: 'outline' })).text)).toEqual([
      'banner',
      '  navigation "Site"',
      'main',
      '  heading "Orders today" [level=1]',
      '  form "Filter"',
      '  tablist',
      '  list [items=2]',
    ]);
    const { text } = await snap(tab, { view: 'full' });
    expect(text).toContain('text "Order 17"');
    expect(text.match(/Orders/gu)).toHaveLength(1);
  });

  it('gives an element the same ref in every snapshot', async () => {
    const tab = await lab.open('names.html');
    const first = await snap(tab);
    expect((await snap(tab)).text).toBe(first.text);
    const full = await snap(tab, { view: 'full' });
    expect(refIn(full.text, '"Apply"')).toBe(refIn(first.text, '"Apply"'));
  });

  it('takes only what is inside a root', async () => {
    const tab = await lab.open('names.html');
    const { text } = await snap(tab);
    const inside = await snap(tab, { root: refIn(text, 'form "Filter"') });
    expect(plain(inside.text)[0]).toBe('form "Filter"');
    expect(inside.text).not.toContain('Menu');
  });

  it('sees into shadow trees, closed ones too, and into frames of the same origin', async () => {
    const tab = await lab.open({
      html: `<!doctype html><div id=open></div><div id=shut></div>
        <iframe title="Inner" srcdoc="<button>In the frame</button>"></iframe><iframe title="Foreign" sandbox src="/next.html"></iframe>
        <x-card><button>Slotted</button></x-card>
        <script>
          document.getElementById('open').attachShadow({ mode: 'open' }).innerHTML = '<button>In the open</button>';
        </script>
        <script>
          document.getElementById('shut').attachShadow({ mode: 'closed' }).innerHTML = '<button>Behind closed</button>';
          document.querySelector('x-card').attachShadow({ mode: 'open' }).innerHTML = '<section aria-label="Card"><slot></slot></section>';
        </script>`,
    });
    expect(plain((await snap(tab)).text)).toEqual([
      'button "In the open"',
      'button "Behind closed"',
      'iframe "Inner"',
      '  button "In the frame"',
      'iframe "Foreign" [cross-origin]',
      'region "Card"',
      '  button "Slotted"',
    ]);
  });

  it('keeps 3,000 rows of controls within 4,000 tokens, and still shows what comes after them', async () => {
    const tab = await lab.open({
      html: `<!doctype html><h1>Rows</h1><table>${rows(3000)}</table><footer><a href="/f">Foot</a></footer>`,
    });
    for (const view of ['interactive', 'outline', 'full'] as const) {
      const { text, tokens } = await snap(tab, { view });
      expect(encode(text).length).toBeLessThanOrEqual(4_000);
      expect(tokens).toBeLessThanOrEqual(4_000);
      expect(text).toContain('contentinfo');
      if (view !== 'outline') expect(text).toMatch(/… 2,\d\d\d more rows \[cursor=s\d+\]/u);
    }
  });

  it('never estimates fewer tokens than a page in other scripts costs', async () => {
    const words = '東京都の天気は晴れです。Привет мир! مرحبا بالعالم 👩‍👩‍👧 '.repeat(400);
    const { text, tokens } = await snap(await lab.open({ html: `<p>${words}</p>` }), {
      view: 'full',
    });
    expect(encode(text).length).toBeLessThanOrEqual(tokens);
  });

  it('is covered exactly once by following every cursor, folded ones too', async () => {
    const sections = ['A', 'B', 'C']
      .map(
        (s) =>
          `<h2>Part ${s}</h2><ul>${Array.from({ length: 300 }, (_, i) => `<li>${s}${i} <button>Do ${s}${i}.</button></li>`).join('')}</ul>`,
      )
      .join('');
    const tab = await lab.open({
      html: `<!doctype html><main>${sections}<a href="/z">Last</a></main>`,
    });
    for (const view of ['interactive', 'full'] as const) {
      const said = await everything(tab, { view, maxTokens: 700 });
      for (const s of ['A', 'B', 'C']) {
        for (let i = 0; i < 300; i++) {
          expect(said.filter((line) => line.includes(`"Do ${s}${i}."`))).toHaveLength(1);
        }
      }
      expect(said.filter((line) => line.includes('"Last"'))).toHaveLength(1);
    }
  });

  it('gives long text whole over several answers, and the same answer to the same cursor', async () => {
    const words = Array.from({ length: 3_000 }, (_, i) => `word${i}.`);
    const tab = await lab.open({ html: `<!doctype html><p>${words.join(' ')}</p>` });
    const first = await snap(tab, { view: 'full', maxTokens: 500 });
    const cursor = first.nextCursor ?? '';
    expect(await snap(tab, { cursor })).toMatchObject({ text: expect.stringContaining('word') });
    const said = (await everything(tab, { view: 'full', maxTokens: 500 })).join(' ');
    const found = said.match(/word\d+\./gu) ?? [];
    expect(found).toEqual(words);
  });

  it('refuses a cursor that it never gave, or that is of a page gone by', async () => {
    const tab = await lab.open('names.html');
    const refused = await tab.ask({ op: 'snapshot', cursor: 's99' });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'stale_ref' } });
  });
});

/** Every line of a snapshot and of all that its cursors lead to. */
async function everything(
  tab: PageUnderTest,
  request: Omit<SnapshotInput, 'op'>,
): Promise<string[]> {
  const lines: string[] = [];
  const open: (string | undefined)[] = [undefined];
  const { maxTokens = 4_000 } = request;
  for (let asked = 0; open.length > 0 && asked < 500; asked++) {
    const cursor = open.shift();
    const reply = await snap(tab, cursor === undefined ? request : { cursor, maxTokens });
    for (const line of reply.text.split('\n')) {
      const folded = /^ *… .*\[cursor=(s\d+)\]$/u.exec(line)?.[1];
      if (folded !== undefined) open.push(folded);
      else if (!line.startsWith('#')) lines.push(line);
    }
    if (reply.nextCursor !== null) open.push(reply.nextCursor);
  }
  expect(open).toEqual([]);
  return lines;
}
