// A channel whose receiver is slowed to a rate: the next message is not taken before the debt of this one is paid,
// so the sender's window fills up and it waits. Nothing is lost, and others are not delayed.
import { setTimeout as delay } from 'node:timers/promises';
import type { Channel } from '../lib/transport/channel.ts';
import type { TokenBucket } from './token-bucket.ts';

export interface Meter {
  readonly messages: TokenBucket;
  readonly bytes: TokenBucket;
  readonly onThrottled: () => void;
}

export function meteredChannel(channel: Channel, meter: Meter): Channel {
  const closed = new AbortController();
  void channel.closed.then(() => closed.abort());

  async function payFor(message: Uint8Array): Promise<void> {
    const waitMs = Math.max(meter.messages.borrow(1), meter.bytes.borrow(message.length));
    if (waitMs < 1) return;
    meter.onThrottled();
    await delay(waitMs, undefined, { signal: closed.signal }).catch(() => {});
  }

  return {
    kind: channel.kind,
    binding: channel.binding,
    closed: channel.closed,
    send: (message) => channel.send(message),
    close: (reason) => channel.close(reason),
    receive: (receiver) =>
      channel.receive(async (message) => {
        await payFor(message);
        if (!closed.signal.aborted) await receiver(message);
      }),
  };
}
