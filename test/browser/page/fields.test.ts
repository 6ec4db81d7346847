// Filling, choosing and pressing keys in real fields, and in ones that frameworks control.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../lib/wire/failure.ts';
import type { PageReplyOf } from '../../../lib/wire/page.ts';
import {
  refIn,
  startPageLab,
  type PageLab,
  type PageUnderTest,
} from '../../support/page-bundle.ts';

let lab: PageLab;
let tab: PageUnderTest;
let refs: (words: string) => string;
beforeAll(async () => {
  lab = await startPageLab();
});
beforeEach(async () => {
  tab = await lab.open('fields.html');
  const { text } = unwrap(await tab.ask({ op: 'snapshot' }));
  refs = (words) => refIn(text, words);
});
afterAll(() => lab.close());

const values = (): Promise<unknown> =>
  tab.page.evaluate(() => {
    const form = document.querySelector('form');
    return form === null ? null : Object.fromEntries(new FormData(form));
  });

async function fillOne(words: string, value: string | boolean | number) {
  return tab.ask({ op: 'fill', fields: [{ ref: refs(words), value }] });
}

async function press(key: string, words?: string): Promise<PageReplyOf<'press'>> {
  const on = words === undefined ? {} : { ref: refs(words) };
  return unwrap(await tab.ask({ op: 'press', key, ...on }));
}

describe('fill', () => {
  it('sets fields of every kind in one call', async () => {
    const fields = [
      { ref: refs('"Name"'), value: 'Ada' },
      { ref: refs('"About"'), value: 'two\nlines' },
      { ref: refs('"Agree"'), value: true },
      { ref: refs('"Large"'), value: true },
      { ref: refs('"When"'), value: '2026-03-04' },
      { ref: refs('"Level"'), value: 8 },
      { ref: refs('"Count"'), value: 12 },
      { ref: refs('"Plan"'), value: 'Team' },
      { ref: refs('"Rich"'), value: 'new words' },
      { ref: refs('"Dark"'), value: true },
    ];
    const filled = unwrap(await tab.ask({ op: 'fill', fields }));
    expect(filled.effect).toBe('dom');
    expect(filled.fields).toEqual(fields.map(({ ref }) => ({ ref, ok: true })));
    expect(await values()).toMatchObject({
      name: 'Ada',
      about: 'two\nlines',
      agree: 'on',
      size: 'l',
      when: '2026-03-04',
      level: '8',
      count: '12',
      plan: 't',
    });
    const { text } = unwrap(await tab.ask({ op: 'snapshot' }));
    expect(text).toContain('textbox "Rich" value="new words"');
    expect(text).toContain('switch "Dark" [checked]');
    const heard = await tab.page.evaluate('window.events');
    expect(heard).toEqual(expect.arrayContaining(['input name', 'change name', 'change plan']));
  });

  it('answers for each field by itself', async () => {
    const filled = unwrap(
      await tab.ask({
        op: 'fill',
        fields: [
          { ref: refs('"Name"'), value: 'Ada' },
          { ref: refs('"When"'), value: 'tomorrow' },
          { ref: refs('"Agree"'), value: 'yes' },
          { ref: 'e999', value: 'x' },
        ],
      }),
    );
    expect(filled.fields.map((field) => (field.ok ? 'ok' : field.failure.code))).toEqual([
      'ok',
      'bad_arguments',
      'bad_arguments',
      'stale_ref',
    ]);
    expect(JSON.stringify(filled.fields)).toContain('YYYY-MM-DD');
    expect(await values()).toMatchObject({ name: 'Ada', when: '' });
  });

  it('is noticed by a field whose framework tracks its value', async () => {
    const filled = unwrap(await fillOne('"Controlled"', 'seen'));
    expect(filled.diff).toContain('State is seen');
  });

  it('refuses what the field cannot hold, is not for, or takes back', async () => {
    expect(await fillOne('"Name"', 'x'.repeat(41))).toMatchObject({
      ok: false,
      failure: { code: 'bad_arguments' },
    });
    expect(await fillOne('"Fixed"', 'other')).toMatchObject({ failure: { code: 'no_effect' } });
    expect(await fillOne('"Stubborn"', 'yours')).toMatchObject({ failure: { code: 'no_effect' } });
    expect(await fillOne('"Send"', 'x')).toMatchObject({ failure: { code: 'bad_arguments' } });
    unwrap(await fillOne('"Small"', true));
    expect(await fillOne('"Small"', false)).toMatchObject({ failure: { code: 'bad_arguments' } });
  });
});

describe('select', () => {
  it('chooses by value or label, several where the list takes several', async () => {
    const plan = await tab.ask({ op: 'select', ref: refs('"Plan"'), values: ['t'] });
    expect(plan).toMatchObject({ ok: true, value: { selected: ['Team'], effect: 'dom' } });
    const tags = await tab.ask({ op: 'select', ref: refs('"Tags"'), values: ['red', 'Blue'] });
    expect(tags).toMatchObject({ ok: true, value: { selected: ['red', 'blue'] } });
  });

  it('names the options when none is meant, and refuses disabled ones', async () => {
    const unknown = await tab.ask({ op: 'select', ref: refs('"Plan"'), values: ['Gold'] });
    expect(unknown).toMatchObject({ ok: false, failure: { code: 'bad_arguments' } });
    expect(JSON.stringify(unknown)).toContain('Free');
    const off = await tab.ask({ op: 'select', ref: refs('"Plan"'), values: ['Gone'] });
    expect(off).toMatchObject({ failure: { code: 'no_effect' } });
  });

  it('opens an ARIA list that fills itself late and clicks the option', async () => {
    const chosen = unwrap(
      await tab.ask({ op: 'select', ref: refs('combobox "Fruit"'), values: ['Plum'] }),
    );
    expect(chosen.selected).toEqual(['Plum']);
    expect(chosen.diff).toContain('Picked Plum');
  });
});

describe('press', () => {
  it('submits by Enter as the browser would, through the default button', async () => {
    unwrap(await fillOne('"Name"', 'Ada'));
    const sent = await press('Enter', '"Name"');
    expect(sent).toMatchObject({ effect: 'dom' });
    expect(sent.diff).toContain('Sent by go: Ada');
  });

  it('types characters at the caret, and takes them back', async () => {
    await press('a', '"Name"');
    await press('B');
    await press('Backspace');
    await press('ü');
    expect(await values()).toMatchObject({ name: 'aü' });
    await press('Control+A');
    await press('x');
    expect(await values()).toMatchObject({ name: 'x' });
  });

  it('moves the focus by Tab, forward and back', async () => {
    const next = await press('Tab', '"Name"');
    expect(next.diff).toMatch(/focus on textbox "About"/u);
    expect((await press('Shift+Tab')).diff).toMatch(/focus on textbox "Name"/u);
  });

  it('steps lists, radio buttons and sliders by arrows', async () => {
    await press('ArrowDown', '"Plan"');
    await press('ArrowRight', '"Level"');
    unwrap(await fillOne('"Small"', true));
    await press('ArrowDown', '"Small"');
    expect(await values()).toMatchObject({ plan: 'f', level: '6', size: 'l' });
  });

  it('toggles by Space and says what a script cannot do', async () => {
    await press(' ', '"Agree"');
    expect(await values()).toMatchObject({ agree: 'on' });
    expect(await press('Control+C', '"Name"')).toMatchObject({ note: expect.any(String) });
  });
});
