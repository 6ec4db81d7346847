// Clicks, keys and choices in a real browser, and what the engine says came of them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../../lib/wire/failure.ts';
import type { PageReplyOf } from '../../../lib/wire/page.ts';
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

async function refTo(tab: PageUnderTest, words: string): Promise<string> {
  return refIn(unwrap(await tab.ask({ op: 'snapshot' })).text, words);
}

async function click(tab: PageUnderTest, words: string): Promise<PageReplyOf<'click'>> {
  return unwrap(await tab.ask({ op: 'click', ref: await refTo(tab, words) }));
}

describe('a click', () => {
  it('after which nothing is different says so plainly', async () => {
    const tab = await lab.open('acts.html');
    expect(await click(tab, 'button "Dead"')).toMatchObject({ effect: 'none', diff: '' });
    expect(await click(tab, 'link "Taken"')).toMatchObject({ effect: 'none', diff: '' });
  });

  it('tells what appeared, changed and went, in the lines of a snapshot', async () => {
    const tab = await lab.open('acts.html');
    expect(await click(tab, '"Save"')).toMatchObject({ effect: 'dom', diff: '+ text "Saved"' });
    expect(await tab.page.evaluate('window.heard')).toEqual(
      'pointerdown mousedown focusin pointerup mouseup click'.split(' '),
    );
    const opened = await click(tab, '"Toggle"');
    expect(opened).toMatchObject({ effect: 'dom' });
    expect(opened.diff).toMatch(/^\+ link "Menu entry" \[ref=e\d+\]$/u);
    expect((await click(tab, '"Toggle"')).diff).toBe('- link "Menu entry"');
  });

  it('waits for what comes late and in steps, and no longer', async () => {
    const tab = await lab.open('acts.html');
    expect(await click(tab, '"Later"')).toMatchObject({
      effect: 'dom',
      diff: '+ text "Late words"',
    });
    expect((await click(tab, '"Steps"')).diff).toBe('~ text "Step 5"');
  });

  it('names a dialog that opens', async () => {
    const tab = await lab.open('acts.html');
    const asked = await click(tab, '"Ask"');
    expect(asked.effect).toBe('dialog');
    expect(asked.diff).toMatch(/^\+ dialog "Sure\?" \[ref=e\d+\]\n\+ button "Yes"/u);
  });

  it('that leaves the page answers before the page is gone', async () => {
    const tab = await lab.open('acts.html');
    const left = await click(tab, 'link "Next"');
    expect(left).toMatchObject({ effect: 'nav', url: `${lab.origin}/next.html` });
    await tab.page.waitForFunction(() => document.title === 'Next');
  });

  it('that changes the address within the page tells both', async () => {
    const tab = await lab.open('acts.html');
    const routed = await click(tab, '"Route"');
    expect(routed).toMatchObject({ effect: 'nav', url: `${lab.origin}/spa` });
    expect(routed.diff).toContain('Other view');
    expect(await click(tab, '"Fragment"')).toMatchObject({ effect: 'nav' });
  });

  it('opens no window and starts no navigation for a link to a new tab, but hands on its address', async () => {
    const tab = await lab.open('acts.html');
    const before = (await lab.browser.pages()).length;
    const popped = await click(tab, 'link "Pop"');
    expect(popped).toMatchObject({ effect: 'popup', url: `${lab.origin}/popped.html` });
    expect(await lab.browser.pages()).toHaveLength(before);
    expect(await click(tab, 'link "Down"')).toMatchObject({ effect: 'download' });
  });

  it('on what is covered is refused with the name and ref of the cover', async () => {
    const tab = await lab.open('acts.html');
    const refused = await tab.ask({ op: 'click', ref: await refTo(tab, '"Under"') });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'obscured' } });
    const message = refused.ok ? '' : refused.failure.message;
    expect(message).toMatch(/is covered by dialog "Cookies" \[ref=e\d+\]/u);
  });

  it('on what is disabled is refused', async () => {
    const tab = await lab.open('acts.html');
    const refused = await tab.ask({ op: 'click', ref: await refTo(tab, '"Off"') });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'no_effect' } });
  });

  it('reaches what is far down the page and checkboxes drawn over', async () => {
    const tab = await lab.open('acts.html');
    const drawn = await click(tab, 'checkbox "Drawn"');
    expect(drawn.diff).toMatch(/^~ checkbox "Drawn" \[checked\] \[ref=e\d+\]$/u);
    const below = await click(tab, '"Below"');
    expect(below.diff).toMatch(/^~ off screen: text "From below" \[ref=e\d+\]$/u);
  });

  it('beside a ticking clock is not credited with its ticks', async () => {
    const tab = await lab.open({
      html: `<!doctype html><p id=clock></p><button>Dead</button><script>
        let n = 0; setInterval(() => { document.querySelector('#clock').textContent = 'Tick ' + n++; }, 100);</script>`,
    });
    await tab.ask({ op: 'snapshot' });
    await tab.page.waitForFunction(() => Number(document.body.textContent.match(/\d+/u)?.[0]) > 12);
    expect(await click(tab, '"Dead"')).toMatchObject({ effect: 'none', diff: '' });
  });

  it('works inside frames and shadow trees', async () => {
    const tab = await lab.open({
      html: `<!doctype html><div style="height:900px"></div><iframe title=Inner style="margin:50px" srcdoc="<button onclick='this.textContent=String.fromCharCode(79,75)'>In frame</button>"></iframe>
        <div id=h></div><script>h.attachShadow({mode:'closed'}).innerHTML='<button>In shadow</button><p></p>';</script>
        <script>document.querySelector('#h').addEventListener('click',()=>{document.title='clicked'})</script>`,
    });
    expect((await click(tab, '"In frame"')).diff).toContain('~ button "OK"');
    await click(tab, '"In shadow"');
    expect(await tab.page.title()).toBe('clicked');
  });
});

describe('a ref', () => {
  it('of an element that is gone is refused with the nearest that are left', async () => {
    const tab = await lab.open({
      html: '<!doctype html><button id=a>Save draft</button><button>Save copy</button><button>Cancel</button><a href=/>Save draft</a>',
    });
    const ref = await refTo(tab, '"Save draft"');
    await tab.page.evaluate(() => document.querySelector('#a')?.remove());
    const refused = await tab.ask({ op: 'click', ref });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'stale_ref' } });
    const message = refused.ok ? '' : refused.failure.message;
    expect(message).toMatch(
      /was button "Save draft".*no longer on the page.*button "Save copy" \[ref=e\d+\]/u,
    );
    expect(message).not.toContain('link');
  });

  it('whose element now plays another part is refused, and the element gets a new one', async () => {
    const tab = await lab.open({ html: '<!doctype html><button id=a>Row 5</button>' });
    const ref = await refTo(tab, '"Row 5"');
    await tab.page.evaluate(() => {
      const row = document.querySelector('#a');
      if (row !== null) row.textContent = 'Row 9';
    });
    const refused = await tab.ask({ op: 'click', ref });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'stale_ref' } });
    const fresh = await refTo(tab, '"Row 9"');
    expect(fresh).not.toBe(ref);
    expect(await tab.ask({ op: 'click', ref: fresh })).toMatchObject({ ok: true });
  });

  it('of another document, or that was never given, is refused', async () => {
    const tab = await lab.open('acts.html');
    const ref = await refTo(tab, '"Save"');
    const other = await tab.ask({ op: 'click', ref, documentId: 'another' });
    expect(other).toMatchObject({ ok: false, failure: { code: 'stale_ref' } });
    expect(await tab.ask({ op: 'click', ref: 'e9999' })).toMatchObject({
      ok: false,
      failure: { code: 'stale_ref' },
    });
    const again = await lab.open('acts.html');
    expect(await again.ask({ op: 'wait', until: { kind: 'ref_gone', ref } })).toMatchObject({
      ok: false,
      failure: { code: 'stale_ref' },
    });
  });
});

describe('in a tab that has never been shown', () => {
  it('acts, settles and waits work, without frames and with slowed timers', async () => {
    const tab = await lab.openHidden('acts.html');
    expect(unwrap(await tab.ask({ op: 'probe' })).visible).toBe(false);
    expect(await click(tab, '"Save"')).toMatchObject({ effect: 'dom', diff: '+ text "Saved"' });
    expect(await tab.page.evaluate('window.heard')).toContain('focusin');
    expect(await click(tab, '"Later"')).toMatchObject({ diff: '~ text "Late words"' });
    expect(await click(tab, '"Dead"')).toMatchObject({ effect: 'none' });
    const refused = await tab.ask({ op: 'click', ref: await refTo(tab, '"Under"') });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'obscured' } });
    await tab.page.evaluate(() => setTimeout(() => document.body.prepend('At last'), 300));
    const waited = await tab.ask({ op: 'wait', until: { kind: 'text', text: 'at last' } });
    expect(waited).toMatchObject({ ok: true });
    const inVain = unwrap(await tab.ask({ op: 'probe' }));
    expect(inVain.readyState).toBe('complete');
    expect(await click(tab, 'link "Next"')).toMatchObject({ effect: 'nav' });
  });
});
