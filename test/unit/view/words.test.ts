import { describe, expect, test } from 'vitest';
import {
  bytesWords,
  counted,
  grantWords,
  initials,
  sendingLine,
  sitesWords,
  statusWords,
  timeAgo,
  timeLeft,
  whereabouts,
} from '../../../lib/view/words.ts';
import { BOB, agent, person } from '../../support/panel-parts.ts';
import { offline, typical } from '../../support/panel-states.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

test.each([
  [0, 'just now'],
  [-5 * MINUTE_MS, 'just now'],
  [59_000, 'just now'],
  [3 * MINUTE_MS, '3 min. ago'],
  [2 * HOUR_MS, '2 hr. ago'],
  [25 * HOUR_MS, 'yesterday'],
  [30 * 24 * HOUR_MS, 'Oct 21, 2026'],
])('%d ms ago is %j', (agoMs, words) => {
  expect(timeAgo(NOW - agoMs, NOW)).toBe(words);
});

test.each([
  [-1, 'time is up'],
  [30_000, 'less than a minute left'],
  [41.5 * MINUTE_MS, '42 min left'],
  [5 * HOUR_MS, '5 h left'],
  [72 * HOUR_MS, '3 days left'],
])('with %d ms to go, %j', (leftMs, words) => {
  expect(timeLeft(NOW + leftMs, NOW)).toBe(words);
});

test.each([
  ['Ada', 'A'],
  ['Bob Lindqvist', 'BL'],
  ['  ada   m.  lovelace ', 'AL'],
  ['ليلى بنت عبد', 'لع'],
  ['👩‍🔬 Kim', '👩‍🔬K'],
  ['   ', '?'],
])('the initials of %j are %j', (name, letters) => {
  expect(initials(name)).toBe(letters);
});

describe('what is not sent', () => {
  const connected = typical.relay;
  test('is said by its number', () => {
    expect(sendingLine(connected, 1)).toBe('1 change not sent yet');
    expect(sendingLine(connected, 1200)).toBe('1,200 changes not sent yet');
  });
  test('is not mentioned when there is none', () => {
    expect(sendingLine(connected, 0)).toBeNull();
  });
  test('comes with the reason while the relay is away', () => {
    expect(sendingLine(offline.relay, 0)).toMatch(/not reachable.*kept here/);
    expect(sendingLine(offline.relay, 3)).toMatch(/3 changes not sent yet/);
  });
});

test('a person who is away says when they were last seen', () => {
  expect(whereabouts(person(BOB, { present: false, lastSeenAt: NOW - HOUR_MS }), NOW)).toBe(
    'last seen 1 hr. ago',
  );
  expect(whereabouts(person(BOB, { present: false, lastSeenAt: null }), NOW)).toBe('not seen yet');
  expect(whereabouts(person(BOB, { via: 'relay' }), NOW)).toBe('here now, by way of the relay');
});

test('a permission is said by what is left of it', () => {
  const { grant } = agent();
  if (grant === null) throw new Error('expected the sample agent to have a grant');
  const limits = { ...grant, writes: { limit: 0, used: 0, reserved: 0 }, expiresAt: NOW + HOUR_MS };
  expect(grantWords(limits, NOW)).toBe('129 of 200 reads left, no writes · 1 h left');
});

test('sites are named, the rest counted', () => {
  expect(sitesWords(['*', 'https://a.example'])).toBe('every site');
  expect(sitesWords([])).toBe('no site');
  expect(sitesWords(['https://a.example', 'http://b.example', 'https://c.example'])).toBe(
    'a.example, http://b.example and 1 more',
  );
});

test('a stopped agent is said to be stopped', () => {
  expect(statusWords(agent({ status: 'stopped' }))).toMatch(/^Stopped\./);
  expect(statusWords(agent({ connected: false }))).toMatch(/not connected/);
});

test('counts and sizes are readable', () => {
  expect(counted(2, 'person', 'people')).toBe('2 people');
  expect([0, 999, 3_400_000, 12e9].map(bytesWords)).toEqual([
    '0 bytes',
    '999 bytes',
    '3.4 MB',
    '12.0 GB',
  ]);
});
