// The acceptance suite of a channel: whatever the transport, this is what lib/sync may count on.
// It runs where the channel runs: in Node under vitest, and (through `channelCases`) inside a browser page.
import { MAX_MESSAGE_BYTES, type Channel, type CloseReason } from '../../lib/transport/channel.ts';
import {
  collect,
  equal,
  nextTask,
  ok,
  pattern,
  restsAt,
  rolling,
  same,
  sendOk,
  until,
  within,
} from './channel-checks.ts';

export type MakePair = () => Promise<[Channel, Channel]>;

export interface ChannelCase {
  readonly name: string;
  readonly run: (makePair: MakePair) => Promise<void>;
}

export const channelCases: readonly ChannelCase[] = [
  {
    name: 'delivers messages whole, once and in order, both ways at once',
    run: async (makePair) => {
      const [a, b] = await makePair();
      const [atA, atB] = [collect(a), collect(b)];
      const sizes = [0, 1, 2, 1000, 16_383, 16_384, 16_385, 65_535, 65_536, 300_001, 7];
      await Promise.all(
        sizes.flatMap((size, i) => [sendOk(a, pattern(size, i)), sendOk(b, pattern(size, i + 50))]),
      );
      await until(() => atA.length === sizes.length && atB.length === sizes.length);
      sizes.forEach((size, i) => {
        same(atB[i], pattern(size, i));
        same(atA[i], pattern(size, i + 50));
      });
      a.close();
    },
  },
  {
    name: 'carries a message of the largest size',
    run: async (makePair) => {
      const [a, b] = await makePair();
      const received = collect(b);
      await sendOk(a, pattern(MAX_MESSAGE_BYTES, 3));
      await until(() => received.length === 1);
      same(received[0], pattern(MAX_MESSAGE_BYTES, 3));
      a.close();
    },
  },
  {
    name: 'refuses to send a larger one and stays open',
    run: async (makePair) => {
      const [a, b] = await makePair();
      const received = collect(b);
      const refused = await a.send(new Uint8Array(MAX_MESSAGE_BYTES + 1));
      equal(refused.ok ? 'sent' : refused.failure.code, 'too_large');
      await sendOk(a, pattern(5, 1));
      await until(() => received.length === 1);
      same(received[0], pattern(5, 1));
      a.close();
    },
  },
  {
    name: 'keeps messages that came before a receiver was set',
    run: async (makePair) => {
      const [a, b] = await makePair();
      await sendOk(a, pattern(10, 1));
      await sendOk(a, pattern(20, 2));
      // An answer proves that both have arrived before the receiver is set.
      const answers = collect(a);
      await sendOk(b, pattern(1, 0));
      await until(() => answers.length === 1);
      const received = collect(b);
      await until(() => received.length === 2);
      same(received[0], pattern(10, 1));
      same(received[1], pattern(20, 2));
      a.close();
    },
  },
  {
    name: 'gives the receiver one message at a time',
    run: async (makePair) => {
      const [a, b] = await makePair();
      let inside = 0;
      let most = 0;
      let done = 0;
      b.receive(async () => {
        inside += 1;
        most = Math.max(most, inside);
        await nextTask();
        inside -= 1;
        done += 1;
      });
      await Promise.all(Array.from({ length: 40 }, (_, i) => sendOk(a, pattern(100, i))));
      await until(() => done === 40);
      equal(most, 1);
      a.close();
    },
  },
  {
    name: 'makes a sender wait for a receiver that is behind, and loses nothing',
    run: async (makePair) => {
      const [a, b] = await makePair();
      const gate = Promise.withResolvers<void>();
      let received = 0;
      b.receive(async () => {
        await gate.promise;
        received += 1;
      });
      const total = 40;
      let sent = 0;
      const sending = (async () => {
        for (let i = 0; i < total; i++) {
          await sendOk(a, pattern(512 * 1024, i));
          sent = i + 1;
        }
      })();
      await until(() => sent > 0);
      // 20 MB are to go, the receiver takes none: sending must come to rest well before the end.
      await restsAt(() => sent);
      ok(sent < total, `all ${total} messages were sent to a receiver that took none`);
      gate.resolve();
      await sending;
      await until(() => received === total);
      a.close();
    },
  },
  {
    name: 'carries 20 MB unharmed while the other direction carries them too',
    run: async (makePair) => {
      const [a, b] = await makePair();
      const [hashA, hashB] = [rolling(a), rolling(b)];
      const count = 80;
      const push = async (channel: Channel, seed: number) => {
        for (let i = 0; i < count; i++) await sendOk(channel, pattern(256 * 1024, seed + i));
      };
      await Promise.all([push(a, 1), push(b, 101)]);
      await until(() => hashA.messages === count && hashB.messages === count);
      equal(hashB.bytes, count * 256 * 1024);
      equal(hashB.bad(1), 0);
      equal(hashA.bad(101), 0);
      a.close();
    },
  },
  {
    name: 'flushes what was sent before a close and then tells both ends',
    run: async (makePair) => {
      const [a, b] = await makePair();
      const received = collect(b);
      for (let i = 0; i < 20; i++) await sendOk(a, pattern(50_000, i));
      a.close();
      a.close('error');
      equal(await a.closed, 'local');
      equal(await within(b.closed), 'remote');
      equal(received.length, 20);
      same(received[19], pattern(50_000, 19));
    },
  },
  {
    name: 'refuses to send once closed, at either end',
    run: async (makePair) => {
      const [a, b] = await makePair();
      b.close();
      await within(a.closed);
      for (const end of [a, b]) {
        const sent = await end.send(pattern(1, 1));
        equal(sent.ok ? 'sent' : sent.failure.code, 'closed');
      }
    },
  },
  {
    name: 'wakes a sender that waits for room when the channel closes',
    run: async (makePair) => {
      const [a, b] = await makePair();
      const sends = Array.from({ length: 12 }, (_, i) => a.send(pattern(MAX_MESSAGE_BYTES, i)));
      await sends[0];
      b.close();
      const outcomes = await within(Promise.all(sends));
      const last = outcomes.at(-1);
      equal(last && !last.ok ? last.failure.code : 'sent', 'closed');
    },
  },
  {
    name: 'agrees on 32 bytes of binding',
    run: async (makePair) => {
      const [a, b] = await makePair();
      equal(a.binding.length, 32);
      same(a.binding, b.binding);
      a.close();
    },
  },
];

export interface HostileCase {
  readonly name: string;
  /** A channel and what its hostile other end does to it. */
  readonly make: () => Promise<{ channel: Channel; attack: () => void | Promise<void> }>;
  readonly reason: CloseReason;
}

/** Whatever arrives wrongly closes the channel with that reason and is never delivered. */
export async function runHostileCase(hostile: HostileCase): Promise<void> {
  const { channel, attack } = await hostile.make();
  const received = collect(channel);
  await attack();
  equal(await within(channel.closed), hostile.reason);
  equal(received.length, 0);
}

/** Registers the suite under vitest; `describe` and `test` are handed in so that this file also runs in a page. */
export function channelContract(
  name: string,
  makePair: MakePair,
  vitest: {
    describe: (name: string, body: () => void) => void;
    test: (name: string, body: () => Promise<void>) => void;
  },
): void {
  vitest.describe(`channel contract: ${name}`, () => {
    for (const { name: sentence, run } of channelCases) {
      vitest.test(sentence, () => run(makePair));
    }
  });
}
