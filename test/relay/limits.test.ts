// The numbers behind the limits: where they come from, how buckets fill, and when a space is forgotten.
import { array, assert, integer, nat, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { unwrap } from '../../lib/wire/failure.ts';
import { DEFAULT_LIMITS, limitsFromEnvironment } from '../../relay/limits.ts';
import { createTokenBucket } from '../../relay/token-bucket.ts';
import { eventually } from '../support/eventually.ts';
import { startTestRelay } from '../support/relay.ts';
import { createTestNode, createTestSpace } from '../support/sync-node.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

test('every limit can be set by an environment variable, and nothing else changes', () => {
  const limits = unwrap(limitsFromEnvironment({ COMMONPLACE_RELAY_MAX_BYTES_PER_SPACE: '1e6' }));
  expect(limits).toEqual({ ...DEFAULT_LIMITS, maxBytesPerSpace: 1_000_000 });
  expect(unwrap(limitsFromEnvironment({}))).toEqual(DEFAULT_LIMITS);
  for (const wrong of ['', 'many', '-1', '0', 'NaN', 'Infinity']) {
    const refused = limitsFromEnvironment({ COMMONPLACE_RELAY_MAX_SPACES: wrong });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'bad_arguments' } });
  }
});

test('a bucket never gives out more than its capacity and what has dripped in', () => {
  const steps = array(record({ afterMs: nat(5000), cost: integer({ min: 1, max: 20 }) }));
  assert(
    property(steps, (sequence) => {
      let nowMs = 0;
      let given = 0;
      const bucket = createTokenBucket({ perSecond: 3, capacity: 10 }, () => nowMs);
      for (const { afterMs, cost } of sequence) {
        nowMs += afterMs;
        if (bucket.take(cost)) given += cost;
        expect(given).toBeLessThanOrEqual(10 + (nowMs / 1000) * 3 + 1e-6);
      }
    }),
  );
});

test('what is borrowed from a bucket is waited for', () => {
  let nowMs = 0;
  const bucket = createTokenBucket({ perSecond: 10, capacity: 5 }, () => nowMs);
  expect(bucket.borrow(5)).toBe(0);
  expect(bucket.borrow(10)).toBe(1000);
  expect(bucket.take()).toBe(false);
  nowMs += 1100;
  expect(bucket.take()).toBe(true);
});

test('a space is forgotten when nobody has used it for its time, and not while it is open', async () => {
  let nowMs = 1_800_000_000_000;
  const relay = await startTestRelay({ now: () => nowMs });
  const [kept, left, empty] = await Promise.all([
    createTestSpace(),
    createTestSpace(),
    createTestSpace(),
  ]);
  const ada = await createTestNode([kept, left, empty]);
  await Promise.all([ada.write(kept), ada.write(left)]);
  const session = await ada.connect(relay.url);
  for (const space of [kept, left, empty]) await session.open(space.bytes);
  await eventually(() =>
    [kept, left].every((space) => session.heldByOther(space.id, ada.author) === 1),
  );
  await eventually(async () => (await spaces(relay.http)) === 3);
  session.close();
  await session.closed;

  const again = await ada.connect(relay.url);
  await again.open(kept.bytes);
  await eventually(() => again.heldByOther(kept.id, ada.author) === 1);
  nowMs += 2 * DAY_MS;
  await relay.sweep();
  expect(await spaces(relay.http)).toBe(2);
  nowMs += 179 * DAY_MS;
  await relay.sweep();
  expect(await spaces(relay.http)).toBe(1);

  await ada.write(kept);
  await eventually(() => again.heldByOther(kept.id, ada.author) === 2);
  const bob = await createTestNode([left]);
  const fromBob = await bob.connect(relay.url);
  await fromBob.open(left.bytes);
  await bob.write(left);
  await eventually(() => fromBob.heldByOther(left.id, bob.author) === 1);
  expect(await bob.seqOf(left, ada.author)).toBe(0);
  await relay.close();
});

async function spaces(http: string): Promise<number> {
  const text = await (await fetch(`${http}/metrics`)).text();
  return Number(/^commonplace_relay_spaces (\d+)$/m.exec(text)?.[1]);
}
