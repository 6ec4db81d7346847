import { expect, test } from 'vitest';
import {
  activeSpace,
  leftOf,
  runningAgents,
  scarcest,
  sortByPlace,
  unsentInAll,
} from '../../../lib/view/readings.ts';
import { offline, pairing, typical, unbegun } from '../../support/panel-states.ts';

test('without a space there is no active one', () => {
  expect(activeSpace(unbegun)).toBeNull();
  expect(activeSpace(typical)?.name).toBe('Reading group');
});

test('annotations whose words are gone stand in their own list', () => {
  const { placed, orphans } = sortByPlace(typical.page?.annotations ?? []);
  expect(orphans.map((one) => one.id)).toEqual(['a5']);
  expect(placed).toHaveLength(4);
});

test('what is not sent is counted over all spaces', () => {
  expect(unsentInAll(typical)).toBe(2);
  expect(unsentInAll(offline)).toBe(3);
});

test('only agents with a call under way are at work', () => {
  expect(runningAgents(typical)).toHaveLength(1);
  expect(runningAgents(pairing)).toHaveLength(0);
});

test('what is reserved is not left, and nothing is never less than nothing', () => {
  expect(leftOf({ limit: 10, used: 3, reserved: 2 })).toBe(5);
  expect(leftOf({ limit: 10, used: 9, reserved: 4 })).toBe(0);
});

test('the bar shows the limit that runs out first', () => {
  const full = { limit: 100, used: 0, reserved: 0 };
  const low = { limit: 10, used: 9, reserved: 0 };
  const none = { limit: 0, used: 0, reserved: 0 };
  expect(scarcest(full, low)).toBe('writes');
  expect(scarcest(low, full)).toBe('reads');
  expect(scarcest(full, none)).toBe('reads');
  expect(scarcest(none, full)).toBe('writes');
});
