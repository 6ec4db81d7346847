// Passwords, codes and card numbers, which no answer may hold.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

async function allText(tab: PageUnderTest): Promise<string> {
  const texts: string[] = [];
  for (const view of ['interactive', 'outline', 'full'] as const) {
    texts.push(unwrap(await tab.ask({ op: 'snapshot', view, maxTokens: 10_000 })).text);
  }
  const read = unwrap(await tab.ask({ op: 'read', maxTokens: 10_000 }));
  return [...texts, read.markdown, read.title, read.byline].join('\n');
}

describe('secrets', () => {
  const VALUES = ['correct-horse-battery', '493817', '4111222233334444', '11/29', '737', '8642'];

  async function holdsNone(text: string): Promise<void> {
    for (const value of VALUES) expect(text).not.toContain(value);
  }

  it('are masked in their fields and wherever else their words turn up', async () => {
    const tab = await lab.open('secrets.html');
    const said = await allText(tab);
    await holdsNone(said);
    expect(said).toContain('textbox "Password" [type=password] value=[masked]');
    expect(said).toContain('You typed [masked] into the field.');
    const found = unwrap(await tab.ask({ op: 'find', text: 'typed' }));
    expect(found.matches[0]?.line).toContain('You typed [masked]');
    expect(unwrap(await tab.ask({ op: 'find', text: VALUES[0] ?? '' })).matches).toEqual([]);
  });

  it('stay masked when the page shows them in clear and when it echoes them in answer to a click', async () => {
    const tab = await lab.open('secrets.html');
    const { text } = unwrap(await tab.ask({ op: 'snapshot' }));
    const shown = unwrap(await tab.ask({ op: 'click', ref: refIn(text, '"Show"') }));
    const told = unwrap(await tab.ask({ op: 'click', ref: refIn(text, '"Say"') }));
    expect(told.diff).toContain('[masked]');
    await holdsNone(shown.diff + told.diff + (await allText(tab)));
  });

  it('that an agent fills in are not told back to it', async () => {
    const tab = await lab.open('secrets.html');
    const { text } = unwrap(await tab.ask({ op: 'snapshot' }));
    const ref = refIn(text, '"Password"');
    const filled = unwrap(
      await tab.ask({ op: 'fill', fields: [{ ref, value: 'another-secret-1' }] }),
    );
    expect(JSON.stringify(filled)).not.toContain('another-secret-1');
  });
});
