// What every channel does alike: order, one receiver at a time, credit-based backpressure, limits, closing.
// A transport supplies a `Wire` that moves whole messages; nothing here knows what the wire is made of.
import { fail, ok, type Result } from '../wire/failure.ts';
import { MAX_MESSAGE_BYTES, type Channel, type CloseReason } from './channel.ts';

/** Unconsumed bytes that one side may have under way. Bounds what a receiver must ever hold. */
export const WINDOW_BYTES = 4 * 1024 * 1024;
/** Charged per message on top of its length, so that a flood of tiny messages is bounded too. */
const OVERHEAD_BYTES = 64;
/** Credit is handed back in steps, so that it costs few frames. */
const CREDIT_STEP_BYTES = WINDOW_BYTES / 4;
const SEND_TIMEOUT_MS = 30_000;

/** One side of a transport, below a channel. Its callbacks are the other members of `Flow`. */
export interface Wire {
  readonly kind: Channel['kind'];
  readonly binding: Uint8Array;
  /** Puts one message on the wire; settles when the wire's own buffer has room. May throw when it is gone. */
  put(message: Uint8Array): void | Promise<void>;
  /** Tells the other side that `bytes` more have been consumed. Must not wait behind messages. */
  credit(bytes: number): void;
  /** Called once, after which the wire is not used again. Flushes what was put when the reason is `local`. */
  close(reason: CloseReason): void;
}

/** A channel and what its wire reports to it. */
export interface Flow {
  readonly channel: Channel;
  arrived(message: Uint8Array): void;
  credited(bytes: number): void;
  /** The wire is gone: what had arrived is still delivered. */
  ended(reason: CloseReason): void;
}

export interface FlowOptions {
  readonly sendTimeoutMs?: number;
}

export function createFlow(wire: Wire, options: FlowOptions = {}): Flow {
  const closed = Promise.withResolvers<CloseReason>();
  const outbox = createOutbox(wire, options.sendTimeoutMs ?? SEND_TIMEOUT_MS, () =>
    close('timeout'),
  );
  const inbox = createInbox((bytes) => !over && wire.credit(bytes), close);
  let over = false;

  function close(reason: CloseReason = 'local'): void {
    inbox.discard();
    if (over) return;
    over = true;
    outbox.stop();
    wire.close(reason);
    closed.resolve(reason);
  }

  return {
    channel: {
      kind: wire.kind,
      binding: wire.binding,
      send: (message) => outbox.send(message),
      receive: (receiver) => inbox.receive(receiver),
      close,
      closed: closed.promise,
    },
    arrived: (message) => {
      if (!over) inbox.push(message);
    },
    credited: (bytes) => {
      if (!over && !outbox.credited(bytes)) close('malformed');
    },
    ended: (reason) => {
      if (over) return;
      over = true;
      outbox.stop();
      void inbox.drained().then(() => closed.resolve(reason));
    },
  };
}

interface Outbox {
  send(message: Uint8Array): Promise<Result<void>>;
  /** False when the other side gives back more than it was sent. */
  credited(bytes: number): boolean;
  stop(): void;
}

function createOutbox(wire: Wire, timeoutMs: number, onTimeout: () => void): Outbox {
  let isStopped = false;
  let outstandingBytes = 0;
  let wakeOnCredit: (() => void) | undefined;
  let wakeOnStop: (() => void) | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  function mayGo(cost: number): boolean {
    return isStopped || outstandingBytes + cost <= WINDOW_BYTES;
  }

  async function sendInTurn(message: Uint8Array): Promise<Result<void>> {
    const cost = costOf(message);
    while (!mayGo(cost)) {
      if (!(await woken((wake) => (wakeOnCredit = wake)))) return tooSlow(onTimeout);
    }
    if (isStopped) return CLOSED;
    outstandingBytes += cost;
    try {
      const room = wire.put(message);
      if (room && !(await woken((wake, broke) => void room.then(wake, broke)))) {
        return tooSlow(onTimeout);
      }
    } catch {
      return CLOSED;
    }
    return isStopped ? CLOSED : ok(undefined);
  }

  /** Whether `until` woke it (or the channel was closed) before the time was out. One caller at a time. */
  async function woken(
    until: (wake: () => void, broke: (error: unknown) => void) => void,
  ): Promise<boolean> {
    const woke = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => woke.resolve(false), timeoutMs);
    const wake = () => woke.resolve(true);
    wakeOnStop = wake;
    until(wake, woke.reject);
    try {
      return await woke.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    send(message) {
      if (message.length > MAX_MESSAGE_BYTES) return Promise.resolve(TOO_LARGE);
      const sent = turn.then(() => sendInTurn(message));
      turn = sent;
      return sent;
    },
    credited(bytes) {
      if (!Number.isSafeInteger(bytes) || bytes < 1 || bytes > outstandingBytes) return false;
      outstandingBytes -= bytes;
      wakeOnCredit?.();
      return true;
    },
    stop() {
      isStopped = true;
      wakeOnStop?.();
    },
  };
}

interface Inbox {
  receive(receiver: (message: Uint8Array) => void | Promise<void>): void;
  push(message: Uint8Array): void;
  /** Settles when all that arrived has been received, at once when nobody receives. */
  drained(): Promise<void>;
  discard(): void;
}

function createInbox(giveBack: (bytes: number) => void, close: (why: CloseReason) => void): Inbox {
  let waiting: Uint8Array[] = [];
  let heldBytes = 0;
  let owedBytes = 0;
  let receiver: ((message: Uint8Array) => void | Promise<void>) | null = null;
  let pumping: Promise<void> | null = null;

  function consumed(message: Uint8Array): void {
    heldBytes -= costOf(message);
    owedBytes += costOf(message);
    if (owedBytes < CREDIT_STEP_BYTES) return;
    giveBack(owedBytes);
    owedBytes = 0;
  }

  async function pump(receive: NonNullable<typeof receiver>): Promise<void> {
    try {
      for (let message = waiting.shift(); message; message = waiting.shift()) {
        await receive(message);
        consumed(message);
      }
    } catch (error) {
      // A receiver that throws has a bug: it must not take the process (a relay's, say) down with it.
      if (typeof reportError === 'function') reportError(error);
      close('error');
    } finally {
      pumping = null;
    }
  }

  function start(): void {
    if (receiver && !pumping && waiting.length > 0) pumping = pump(receiver);
  }

  return {
    receive(next) {
      receiver = next;
      start();
    },
    push(message) {
      heldBytes += costOf(message);
      if (message.length > MAX_MESSAGE_BYTES) return close('too_large');
      // Only a sender that ignores credit can come here.
      if (heldBytes > WINDOW_BYTES) return close('malformed');
      waiting.push(message);
      start();
    },
    drained: () => pumping ?? Promise.resolve(),
    discard() {
      waiting = [];
    },
  };
}

function costOf(message: Uint8Array): number {
  return message.length + OVERHEAD_BYTES;
}

function tooSlow(onTimeout: () => void): Result<never> {
  onTimeout();
  return fail(
    'timeout',
    'The other side took nothing for too long, so the connection was closed.',
    'Connect again; what was not sent is still kept here.',
  );
}

const CLOSED = fail('closed', 'The connection is closed.', 'Connect again, then send it again.');

const TOO_LARGE = fail(
  'too_large',
  `A message may have ${MAX_MESSAGE_BYTES} bytes at most.`,
  'Send it in smaller messages.',
);
