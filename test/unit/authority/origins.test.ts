import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalPatterns,
  createOriginScope,
  originOf,
  parseOriginPattern,
} from '../../../lib/authority/origins.ts';

const scope = (pattern: string, guarded: string[] = []) =>
  createOriginScope([pattern], () => guarded);

describe('origin patterns', () => {
  it.each([
    ['*', 'https://example.org/any?x=1', true],
    ['*', 'http://127.0.0.1:8080', true],
    ['https://example.org', 'https://example.org/deep/page#x', true],
    ['https://example.org', 'http://example.org', false],
    ['https://example.org', 'https://example.org:8443', false],
    ['https://example.org', 'https://www.example.org', false],
    ['https://example.org:443', 'https://example.org', true],
    ['https://EXAMPLE.org', 'https://example.org', true],
    ['https://*.example.org', 'https://a.b.example.org', true],
    ['https://*.example.org', 'https://example.org', false],
    ['https://*.example.org', 'https://evilexample.org', false],
    ['https://*.example.org', 'https://example.org.evil.com', false],
    ['https://*.example.org:*', 'https://a.example.org:9', true],
    ['http://127.0.0.1:*', 'http://127.0.0.1:5173/x', true],
    ['http://127.0.0.1:*', 'http://127.0.0.1', true],
    ['http://127.0.0.1:*', 'http://127.0.0.1.evil.com:80', false],
    ['http://127.0.0.1:*', 'http://127.0.0.1@evil.com/', false],
    ['http://[::1]:*', 'http://[::1]:3000', true],
    ['https://bücher.example', 'https://xn--bcher-kva.example', true],
    ['https://example.org', 'https://example.org./', false],
  ])('%s and %s: %s', (pattern, url, allowed) => {
    expect(scope(pattern).allows(url)).toBe(allowed);
  });

  it.each([
    '',
    'example.org',
    '*.example.org',
    'https://*',
    'https://*.org',
    'https://*.',
    'https://*.*.org',
    'https://a*.example.org',
    'https://a.*.org',
    'https://*.0.0.1',
    'https://example.org/',
    'https://example.org/path',
    'https://example.org?q',
    'https://example.org#x',
    'https://user@example.org',
    'https://example.org:',
    'https://example.org:99999',
    'https://example.org:*0',
    'https://exa mple.org',
    ' https://example.org',
    'https://example.org\nhttps://evil.com',
    'file:///etc/passwd',
    'file://*',
    'chrome://settings',
    'chrome-extension://*',
    'javascript:alert(1)',
    'data:text/html,x',
    'ws://example.org',
    '**',
    'https://%2a.example.org',
    'https://[::1',
    `https://${'a'.repeat(400)}`,
  ])('refuses %j as a pattern', (text) => {
    expect(parseOriginPattern(text)).toMatchObject({
      ok: false,
      failure: { code: 'bad_arguments' },
    });
  });

  it.each([
    'file:///home/ada/secret.txt',
    'chrome://settings',
    'chrome-extension://oobkohdpiciabfffpjbodadedlpmdelp/panel.html',
    'moz-extension://x/panel.html',
    'view-source:https://example.org',
    'about:blank',
    'data:text/html,hello',
    'blob:https://example.org/1234',
    'filesystem:https://example.org/x',
    'javascript:void 0',
    '',
    'not a url',
  ])('never covers %j, even by *', (url) => {
    expect(originOf(url)).toBeNull();
    expect(scope('*').allows(url)).toBe(false);
  });

  it('covers a relay only when it is named exactly', () => {
    const relays = ['ws://127.0.0.1:7000/path', 'https://relay.example.org'];
    expect(scope('*', relays).allows('http://127.0.0.1:7000/join')).toBe(false);
    expect(scope('http://127.0.0.1:*', relays).allows('http://127.0.0.1:7000/join')).toBe(false);
    expect(scope('http://127.0.0.1:*', relays).allows('http://127.0.0.1:7001/join')).toBe(true);
    expect(scope('https://*.example.org', relays).allows('https://relay.example.org')).toBe(false);
    expect(scope('http://127.0.0.1:7000', relays).allows('http://127.0.0.1:7000/join')).toBe(true);
  });

  it('spells patterns in one way and keeps no repeats', () => {
    const texts = ['https://EXAMPLE.org:443', 'https://example.org', 'http://*.Example.org:80'];
    expect(canonicalPatterns(texts)).toEqual({
      ok: true,
      value: ['https://example.org', 'http://*.example.org'],
    });
  });

  it('reads its own spelling back to the same meaning', () => {
    fc.assert(
      fc.property(fc.webUrl(), fc.boolean(), (url, anyPort) => {
        const { protocol, hostname, port } = new URL(url);
        const text = `${protocol}//${hostname}${anyPort ? ':*' : port && `:${port}`}`;
        const once = parseOriginPattern(text);
        if (!once.ok) return;
        expect(parseOriginPattern(once.value.text)).toMatchObject({
          value: { text: once.value.text },
        });
        expect(scope(once.value.text).allows(url)).toBe(true);
      }),
    );
  });

  it('never throws and never covers what is not a web page, whatever is thrown at it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (pattern, url) => {
        const allowed = scope(pattern).allows(url);
        if (allowed) expect(originOf(url)).toMatch(/^https?:/);
      }),
    );
  });
});
