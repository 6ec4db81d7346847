// One connection between two parties: the real channel pair over a wire that delays, breaks and goes dark.
import { crc32 } from 'node:zlib';
import type { Channel } from '../../lib/transport/channel.ts';
import { memoryChannelPair } from '../../lib/transport/memory.ts';
import type { NetworkParts, Party } from './network.ts';

const NOTICED_AFTER_MS = 20_000;

export interface Pipe {
  readonly ends: readonly [Party, Party];
  readonly left: Channel;
  readonly right: Channel;
  /** Settles when one end knows that it is over; the other may learn it later. */
  readonly closed: Promise<unknown>;
  /** Both ends see an error now; what is under way is lost. */
  cut(): void;
  /** One party closes its end; what it had sent arrives first. */
  hangUp(party: Party): void;
  /** Nothing arrives any more; each end notices at a time of its own. */
  goDark(): void;
  isDark(): boolean;
  /** Messages that have crossed. */
  crossed(): number;
}

export function createPipe(parts: NetworkParts, one: Party, two: Party): Pipe {
  const { clock, random, trace } = parts;
  const name = `${one.name}-${two.name}`;
  const slowestMs = random.pick([1, 10, 40, 400]);
  let busyUntilMs = clock.now();
  let isDark = false;
  let crossed = 0;
  const schedule = (crossing: () => void): void => {
    busyUntilMs = Math.max(busyUntilMs, clock.now() + random.next() * slowestMs);
    clock.after(busyUntilMs - clock.now(), () => {
      if (!isDark) crossing();
    });
  };
  const tamper = (message: Uint8Array): Uint8Array => {
    crossed += 1;
    trace.note(`${name} ${message[1] ?? 0} ${message.length} ${crc32(message).toString(16)}`);
    return one.tamper?.(message) ?? two.tamper?.(message) ?? message.slice();
  };
  const options = { schedule, binding: random.bytes(32), faults: { tamper } };
  // Sessions trust a relay only where relays are reached, so a pipe says which of the two it stands for.
  const kind = [one, two].some(({ isRelay }) => isRelay) ? 'relay' : 'webrtc';
  const pair = memoryChannelPair(options);
  const left: Channel = { ...pair[0], kind };
  const right: Channel = { ...pair[1], kind };
  trace.note(`${name} connects`);
  const closed = Promise.race([left.closed, right.closed]).then((reason) =>
    trace.note(`${name} closed ${reason}`),
  );
  return {
    ends: [one, two],
    left,
    right,
    closed,
    cut: () => {
      isDark = true;
      left.close('error');
      right.close('error');
    },
    hangUp: (party) => (party === one ? left : right).close('local'),
    goDark: () => {
      isDark = true;
      clock.after(random.next() * NOTICED_AFTER_MS, () => left.close('timeout'));
      clock.after(random.next() * NOTICED_AFTER_MS, () => right.close('timeout'));
    },
    isDark: () => isDark,
    crossed: () => crossed,
  };
}
