import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  pageAddress,
  parseAnnotatorCommand,
  parseAnnotatorRequest,
  parseReply,
} from '../../../lib/wire/annotator.ts';

const target = {
  quote: { type: 'TextQuoteSelector', exact: 'words', prefix: '', suffix: '' },
  position: { type: 'TextPositionSelector', start: 3, end: 8 },
};
const create = {
  to: 'node',
  type: 'annotations.create',
  url: 'https://example.org/',
  spaceId: 's',
  target,
  note: 'n',
  title: 't',
};

describe('a page’s address', () => {
  it('is the same for a link with campaign tags, credentials or a fragment', () => {
    const links = [
      'https://example.org/a?b=1',
      'https://example.org/a?b=1#part',
      'https://example.org/a?utm_source=x&b=1&fbclid=y',
      'https://me:secret@EXAMPLE.org:443/a?b=1#:~:text=words',
    ];
    expect(new Set(links.map(pageAddress))).toEqual(new Set(['https://example.org/a?b=1']));
  });

  it('keeps fragments that are routes, and leaves other queries as they are', () => {
    expect(pageAddress('https://example.org/#/inbox/3')).toBe('https://example.org/#/inbox/3');
    expect(pageAddress('https://example.org/?q=a+b%20c&x')).toBe(
      'https://example.org/?q=a+b%20c&x',
    );
  });

  it('is its own address, and null for what is not a page', () => {
    const address = pageAddress('http://127.0.0.1:80/x?utm_id=1&z=a b') ?? '';
    expect(pageAddress(address)).toBe(address);
    for (const href of [
      'about:blank',
      'chrome://settings',
      'javascript:1',
      'data:text/html,x',
      'nothing',
    ]) {
      expect(pageAddress(href)).toBeNull();
    }
    expect(pageAddress(`https://example.org/${'x'.repeat(3_000)}`)).toBeNull();
  });
});

describe('messages about annotations', () => {
  it('are taken as they are when well formed', () => {
    expect(parseAnnotatorRequest(create)).toEqual(create);
    const begin = { to: 'annotator', type: 'annotations.begin' };
    expect(parseAnnotatorCommand(begin)).toEqual(begin);
  });

  it.each([
    ['nothing', undefined],
    ['another room’s message', { to: 'panel', call: 'x' }],
    ['an address in another spelling', { ...create, url: 'https://example.org' }],
    ['a script for an address', { ...create, url: 'javascript:alert(1)' }],
    [
      'a quote that is too long',
      { ...create, target: { ...target, quote: { ...target.quote, exact: 'x'.repeat(1_001) } } },
    ],
    [
      'a position that ends before it starts',
      { ...create, target: { ...target, position: { ...target.position, end: 1 } } },
    ],
    ['a note that is too long', { ...create, note: 'x'.repeat(10_001) }],
    ['a field that nobody asked for', { ...create, admin: true }],
  ])('are refused: %s', (_, message) => {
    expect(parseAnnotatorRequest(message)).toBeNull();
  });

  it('that answer in another shape become a Failure', () => {
    expect(parseReply(z.null(), { ok: true, value: null })).toEqual({ ok: true, value: null });
    const failure = { code: 'offline', message: 'm', remedy: 'r' };
    expect(parseReply(z.null(), { ok: false, failure })).toEqual({ ok: false, failure });
    for (const reply of [
      undefined,
      null,
      1,
      { ok: true, value: 3 },
      { ok: false, failure: { code: 'x' } },
    ]) {
      expect(parseReply(z.null(), reply)).toMatchObject({
        ok: false,
        failure: { code: 'malformed' },
      });
    }
  });
});
