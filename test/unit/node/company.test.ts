// Who counts as being in a space: whoever was heard of lately, until their connection ends or they fall silent.
import { expect, test } from 'vitest';
import { Company, PRESENCE_EXPIRY_MS } from '../../../lib/node/company.ts';

const BOB = new Uint8Array(32).fill(0xb0);
const bob = 'b0'.repeat(32);

function setUp() {
  let nowMs = 1_000_000;
  const company = new Company(() => nowMs);
  return {
    company,
    hearBob: (space: string) =>
      company.heard(space, { device: BOB, peerId: null, at: nowMs, asks: false }),
    pass: (ms: number) => (nowMs += ms),
  };
}

test('a device is here from its first word until it has been silent for too long', () => {
  const { company, hearBob, pass } = setUp();
  expect(company.isHere('tides', bob)).toBe(false);
  expect(hearBob('tides')).toBe(true);
  expect(company.isHere('tides', bob)).toBe(true);
  pass(PRESENCE_EXPIRY_MS + 1);
  expect(company.isHere('tides', bob)).toBe(false);
});

test('a device whose connection ended is gone from every space at once, and one more word brings it back', () => {
  const { company, hearBob, pass } = setUp();
  hearBob('tides');
  hearBob('harbours');
  const heardAt = company.lastHeard('tides', bob);
  pass(10);
  company.parted(bob);
  expect(company.spacesOf(bob)).toEqual([]);
  expect(company.lastHeard('tides', bob)).toBe(heardAt);
  expect(hearBob('tides')).toBe(true);
  expect(company.spacesOf(bob)).toEqual(['tides']);
});
