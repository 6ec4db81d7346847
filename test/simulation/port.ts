// A message port pair in one process: the same messages in the same order as a worker's, at times that the seed decides.
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

type Receiver = (event: MessageEvent) => void;

const MAX_DELAY_MS = 2;

export function virtualPorts(clock: Clock, random: Random): [MessagePort, MessagePort] {
  const ends = [createEnd(), createEnd()] as const;
  let isClosed = false;
  let busyUntilMs = clock.now();
  const deliver = (to: End, message: unknown): void => {
    const data: unknown = structuredClone(message);
    busyUntilMs = Math.max(busyUntilMs, clock.now() + random.next() * MAX_DELAY_MS);
    clock.after(busyUntilMs - clock.now(), () => {
      if (!isClosed) to.take(data);
    });
  };
  const port = (own: End, other: End) => ({
    addEventListener: (_: 'message', receiver: Receiver) => own.listen(receiver),
    postMessage: (message: unknown) => deliver(other, message),
    start: () => {},
    close: () => (isClosed = true),
  });
  const [one, two] = ends;
  // Only these four members are used by the two sides that talk over a document port.
  return [port(one, two), port(two, one)] as unknown as [MessagePort, MessagePort];
}

interface End {
  listen(receiver: Receiver): void;
  take(data: unknown): void;
}

function createEnd(): End {
  const receivers: Receiver[] = [];
  return {
    listen: (receiver) => void receivers.push(receiver),
    take: (data) => {
      for (const receiver of receivers) receiver(new MessageEvent('message', { data }));
    },
  };
}
