import { describe, expect, it } from 'vitest';
import { PAGE_LIMITS, parsePageReply, parsePageRequest } from '../../../lib/wire/page.ts';
import { unwrap } from '../../../lib/wire/failure.ts';

describe('a page request', () => {
  it('has its defaults filled in', () => {
    expect(unwrap(parsePageRequest({ op: 'snapshot' }))).toEqual({
      op: 'snapshot',
      view: 'interactive',
      maxTokens: PAGE_LIMITS.defaultTokens,
      deadlineMs: PAGE_LIMITS.defaultDeadlineMs,
    });
  });

  it.each([
    ['ref', { op: 'click', ref: 'button' }],
    ['maxTokens', { op: 'read', maxTokens: 100_000 }],
    ['until', { op: 'wait', until: { kind: 'luck' } }],
    [
      'fields',
      { op: 'fill', fields: Array.from({ length: 100 }, () => ({ ref: 'e1', value: 'x' })) },
    ],
    ['deadlineMs', { op: 'probe', deadlineMs: 1e9 }],
    ['op', { op: 'evaluate', script: 'alert(1)' }],
    ['text, role and name', { op: 'find' }],
    ['request', 'snapshot'],
  ])('that is wrong is refused with the name of what is: %s', (named, request) => {
    const refused = parsePageRequest(request);
    expect(refused).toMatchObject({ ok: false, failure: { code: 'bad_arguments' } });
    expect(refused.ok ? '' : refused.failure.message).toContain(named);
  });
});

it('a page reply of another shape or size is refused', () => {
  const reply = {
    op: 'probe',
    documentId: 'd',
    url: 'http://x/',
    title: 't',
    readyState: 'complete',
    visible: true,
  };
  expect(parsePageReply(reply)).toEqual({ ok: true, value: reply });
  expect(parsePageReply({ ...reply, readyState: 'done' }).ok).toBe(false);
  expect(parsePageReply({ ...reply, title: 'x'.repeat(1e6) }).ok).toBe(false);
  expect(parsePageReply(null).ok).toBe(false);
});
