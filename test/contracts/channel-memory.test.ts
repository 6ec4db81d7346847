// The memory channel keeps the contract, and its faults do what they say.
import { describe, expect, test } from 'vitest';
import { MAX_MESSAGE_BYTES } from '../../lib/transport/channel.ts';
import { memoryChannelPair } from '../../lib/transport/memory.ts';
import { collect, until } from './channel-checks.ts';
import { channelContract, runHostileCase } from './channel.ts';

channelContract('memory', () => Promise.resolve(memoryChannelPair()), { describe, test });

describe('memory channel faults', () => {
  test('closes with too_large when a hostile end puts more on the wire than allowed', async () => {
    const [hostile, channel] = memoryChannelPair({
      faults: { tamper: () => new Uint8Array(MAX_MESSAGE_BYTES + 1) },
    });
    await runHostileCase({
      name: 'too large',
      make: () =>
        Promise.resolve({
          channel,
          attack: async () => void (await hostile.send(new Uint8Array(1))),
        }),
      reason: 'too_large',
    });
  });

  test('breaks for both ends after the given number of messages', async () => {
    const [a, b] = memoryChannelPair({ faults: { cutAfterMessages: 3 } });
    const received = collect(b);
    for (let i = 0; i < 5; i++) await a.send(Uint8Array.of(i));
    expect(await a.closed).toBe('error');
    expect(await b.closed).toBe('error');
    expect(received.map((message) => message[0])).toEqual([0, 1, 2]);
  });

  test('lets a simulation decide when a message crosses', async () => {
    const crossings: (() => void)[] = [];
    const [a, b] = memoryChannelPair({ schedule: (crossing) => crossings.push(crossing) });
    const received = collect(b);
    await a.send(Uint8Array.of(1));
    expect(received).toEqual([]);
    crossings.shift()?.();
    await until(() => received.length === 1);
  });

  test('closes with timeout when there is no room for too long', async () => {
    const [a, b] = memoryChannelPair({ sendTimeoutMs: 20 });
    b.receive(() => new Promise(() => {}));
    let outcome = await a.send(new Uint8Array(MAX_MESSAGE_BYTES));
    while (outcome.ok) outcome = await a.send(new Uint8Array(MAX_MESSAGE_BYTES));
    expect(outcome.failure.code).toBe('timeout');
    expect(await a.closed).toBe('timeout');
  });

  test('survives a receiver that throws by closing', async () => {
    const [a, b] = memoryChannelPair();
    b.receive(() => {
      throw new Error('a bug in the receiver');
    });
    await a.send(Uint8Array.of(1));
    expect(await b.closed).toBe('error');
  });
});
