// One connection between two parties: the real channel pair over a wire that delays, breaks and goes dark.
import { crc32 } from 'node:zlib';
import type { Channel } from '../../lib/transport/channel.ts';
import { WINDOW_BYTES } from '../../lib/transport/flow.ts';
import { memoryChannelPair } from '../../lib/transport/memory.ts';
import type { NetworkParts, Party } from './network.ts';

const NOTICED_AFTER_MS = 20_000;
/** What a narrow connection takes before its sender must wait. */
const NARROW_BYTES = 128 * 1024;

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
  /** Dark, or being closed: what one end knows of the other may be of the past. */
  isEnding(): boolean;
}

export function createPipe(parts: NetworkParts, one: Party, two: Party): Pipe {
  const { clock, random, trace } = parts;
  const name = `${one.name}-${two.name}`;
  const wire = createWire(parts, name);
  const tamper = (message: Uint8Array): Uint8Array => {
    wire.put(message.length);
    trace.note(`${name} ${message[1] ?? 0} ${message.length} ${crc32(message).toString(16)}`);
    return one.tamper?.(message) ?? two.tamper?.(message) ?? message.slice();
  };
  const options = { schedule: wire.schedule, binding: random.bytes(32), faults: { tamper } };
  // Sessions trust a relay only where relays are reached, so a pipe says which of the two it stands for.
  const kind = [one, two].some(({ isRelay }) => isRelay) ? 'relay' : 'webrtc';
  const ofKind = (end: Channel): Channel => ({ ...wire.narrowed(end), kind });
  const pair = memoryChannelPair(options);
  const [left, right] = [ofKind(pair[0]), ofKind(pair[1])];
  trace.note(`${name} connects`);
  const closed = Promise.race([left.closed, right.closed]).then((reason) =>
    trace.note(`${name} closed ${reason}`),
  );
  let isEnding = false;
  void closed.then(() => (isEnding = true));
  return {
    ends: [one, two],
    left,
    right,
    closed,
    cut: () => {
      wire.goDark();
      left.close('error');
      right.close('error');
    },
    hangUp: (party) => {
      isEnding = true;
      (party === one ? left : right).close('local');
    },
    goDark: () => {
      wire.goDark();
      clock.after(random.next() * NOTICED_AFTER_MS, () => left.close('timeout'));
      clock.after(random.next() * NOTICED_AFTER_MS, () => right.close('timeout'));
    },
    isDark: wire.isDark,
    isEnding: () => isEnding || wire.isDark(),
  };
}

/** What carries the messages of both directions, in order. */
function createWire({ clock, random, watch }: NetworkParts, name: string) {
  const slowestMs = random.pick([1, 10, 40, 400]);
  const roomBytes = random.pick([NARROW_BYTES, WINDOW_BYTES]);
  let busyUntilMs = clock.now();
  let isDark = false;
  let putBytes = 0;
  let underWayBytes = 0;
  let waiting: (() => void)[] = [];
  const crossed = (bytes: number): void => {
    underWayBytes -= bytes;
    if (underWayBytes > roomBytes) return;
    for (const resume of waiting) resume();
    waiting = [];
  };
  const schedule = (crossing: () => void): void => {
    const bytes = putBytes;
    putBytes = 0;
    underWayBytes += bytes;
    if (underWayBytes > 2 * WINDOW_BYTES) {
      watch.report('what is under way is bounded', `${name}: ${underWayBytes} bytes`);
    }
    busyUntilMs = Math.max(busyUntilMs, clock.now() + random.next() * slowestMs);
    clock.after(busyUntilMs - clock.now(), () => {
      if (!isDark) crossing();
      crossed(bytes);
    });
  };
  return {
    schedule,
    /** Says how large the message is that is scheduled next. */
    put: (bytes: number): void => void (putBytes = bytes),
    /** A sender hears that there is room for more only when there is. */
    narrowed: (end: Channel): Channel => ({
      ...end,
      send: async (message) => {
        const sent = await end.send(message);
        if (underWayBytes > roomBytes) await new Promise<void>((go) => waiting.push(go));
        return sent;
      },
    }),
    goDark: (): void => void (isDark = true),
    isDark: () => isDark,
  };
}
