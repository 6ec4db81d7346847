import { describe, expect, test } from 'vitest';
import { parseOriginPattern } from '../../../lib/authority/origins.ts';
import {
  ACT_TOOLS,
  READ_TOOLS,
  draftOf,
  firstDraft,
  readDraft,
  sitePattern,
} from '../../../lib/view/permission-draft.ts';
import { grantDraft } from '../../../lib/wire/authority.ts';
import { agent } from '../../support/panel-parts.ts';

const first = firstDraft('https://example.org/a?b#c', 'space-1');

describe('a first permission', () => {
  test('is to read one site for an hour, and nothing else', () => {
    expect(readDraft(first)).toEqual({
      ok: true,
      value: {
        origins: ['https://example.org'],
        tools: [...READ_TOOLS],
        spaces: ['space-1'],
        reads: 200,
        writes: 0,
        minutes: 60,
      },
    });
  });

  test('has no site of its own when no web page is open', () => {
    const draft = firstDraft('chrome://settings', null);
    expect(draft.thisSite).toBeNull();
    expect(readDraft(draft)).toMatchObject({ ok: false, failure: { code: 'bad_arguments' } });
  });

  test('passes the parser that the node reads it with', () => {
    const read = readDraft({ ...first, mayAct: true });
    expect(grantDraft.safeParse(read.ok && read.value).success).toBe(true);
  });
});

test('acting brings its tools and its writes', () => {
  const read = readDraft({ ...first, mayAct: true, writes: '5' });
  expect(read).toMatchObject({ ok: true, value: { writes: 5 } });
  expect(read.ok && read.value.tools).toEqual([...READ_TOOLS, ...ACT_TOOLS]);
});

test.each([
  ['example.org', 'https://example.org'],
  ['EXAMPLE.org/path?x', 'https://example.org'],
  ['http://127.0.0.1:8080/a', 'http://127.0.0.1:8080'],
  ['http://127.0.0.1:*', 'http://127.0.0.1:*'],
  ['localhost:3000', 'https://localhost:3000'],
  ['*.example.org', 'https://*.example.org'],
  ['http://*.example.org:*', 'http://*.example.org:*'],
  ['http://[::1]:8080', 'http://[::1]:8080'],
  ['*', '*'],
])('the site %j is read as %j, which the node understands', (typed, pattern) => {
  expect(sitePattern(typed)).toBe(pattern);
  expect(parseOriginPattern(pattern).ok).toBe(true);
});

test.each([
  'javascript:alert(1)',
  'file:///etc/passwd',
  'chrome://settings',
  'a b',
  '',
  '://',
  'https://',
  '**',
  'ex*mple.org',
  'http://a:b:c',
])('%j is no site', (typed) => {
  expect(sitePattern(typed)).toBeNull();
});

test.each([
  ['siteList', 'example.org\nnot a site!', /“not a site!”/],
  ['reads', '-1', /reads/],
  ['reads', '1.5', /reads/],
  ['reads', '', /reads/],
  ['minutes', '0', /minutes/],
  ['minutes', '99999999', /minutes/],
])('%s %j is refused by name', (field, value, message) => {
  const read = readDraft({ ...first, sites: 'listed', siteList: 'example.org', [field]: value });
  expect(read).toMatchObject({ ok: false, failure: { message: expect.stringMatching(message) } });
});

test('a permission that exists comes back as it was, with a fresh hour', () => {
  const { grant } = agent();
  if (grant === null) throw new Error('expected the sample agent to have a grant');
  const read = readDraft(draftOf(grant, null));
  expect(read).toMatchObject({
    ok: true,
    value: { origins: grant.origins, reads: 200, writes: 20, minutes: 60, spaces: ['space-1'] },
  });
});
