// The channel over a MessagePort keeps the contract, alone and joined to another channel.
import { afterEach, describe, expect, test } from 'vitest';
import type { Channel } from '../../lib/transport/channel.ts';
import { memoryChannelPair } from '../../lib/transport/memory.ts';
import { joinChannels, portChannel } from '../../lib/transport/port-channel.ts';
import { channelContract } from './channel.ts';
import { collect, pattern, until, within } from './channel-checks.ts';

const never = new AbortController().signal;
const ports: MessagePort[] = [];

afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

function portPair(goneFromA: AbortSignal = never): [Channel, Channel] {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const binding = new Uint8Array(32).fill(5);
  return [portChannel(port1, binding, goneFromA), portChannel(port2, binding, never)];
}

/** As the offscreen document does it: memory stands for WebRTC, a port leads to the service worker. */
function joinedPair(): [Channel, Channel] {
  const [far, near] = memoryChannelPair({ binding: new Uint8Array(32).fill(5) });
  const [inner, outer] = portPair();
  joinChannels(near, inner);
  return [far, outer];
}

channelContract('message port', () => Promise.resolve(portPair()), { describe, test });
channelContract('joined, from far', () => Promise.resolve(joinedPair()), { describe, test });
channelContract(
  'joined, from near',
  async () => {
    const [far, outer] = joinedPair();
    return [outer, far];
  },
  { describe, test },
);

describe('message port channel', () => {
  test('leaves the sender its bytes', async () => {
    const [a, b] = portPair();
    const received = collect(b);
    const message = pattern(100, 1);
    await a.send(message);
    await until(() => received.length === 1);
    expect(message).toEqual(pattern(100, 1));
    a.close();
  });

  test('ends when the other context is gone', async () => {
    const gone = new AbortController();
    const [a] = portPair(gone.signal);
    gone.abort();
    expect(await within(a.closed)).toBe('error');
  });

  test('a join ends both sides, whichever is closed', async () => {
    const [far, outer] = joinedPair();
    far.close('malformed');
    expect(await within(outer.closed)).toBe('remote');
    const [far2, outer2] = joinedPair();
    outer2.close('malformed');
    expect(await within(far2.closed)).toBe('remote');
  });
});
