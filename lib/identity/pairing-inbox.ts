// The messages of one pairing as they are waited for: one at a time, each with a deadline, and few that nobody asked for.
import { fail, ok, type Failed, type Result } from '../wire/failure.ts';

/** What a pairing needs of a channel. */
export interface PairingPipe {
  /** 32 bytes that both ends agree on. */
  readonly binding: Uint8Array;
  send(message: Uint8Array): Promise<Result<void>>;
  receive(receiver: (message: Uint8Array) => void | Promise<void>): void;
  close(): void;
  readonly closed: Promise<unknown>;
}

export interface PairingInbox {
  /** Hands the next message on. Failures: of `read`, `timeout`, `closed`, `cancelled`. */
  next<T>(read: (message: Uint8Array) => Promise<Result<T>>): Promise<Result<T>>;
  /** The same where a person at the other side has to act first: only the deadline of the whole counts. */
  nextWithoutHurry<T>(read: (message: Uint8Array) => Promise<Result<T>>): Promise<Result<T>>;
  /** Waits for a person on this side, while the other side may go away. */
  meanwhile<T>(acting: Promise<T>): Promise<Result<T>>;
}

export interface PairingInboxOptions {
  /** The end of the whole conversation: aborted by a deadline or by a person. */
  readonly signal: AbortSignal;
  readonly after: (delayMs: number) => AbortSignal;
  readonly stepMs: number;
}

/** In turn, each side says at most one message before the other speaks. */
const MAX_WAITING = 2;

export function createPairingInbox(
  pipe: PairingPipe,
  { signal, after, stepMs }: PairingInboxOptions,
): PairingInbox {
  const waiting: Uint8Array[] = [];
  let onArrival: (() => void) | null = null;
  pipe.receive((message) => {
    if (waiting.length === MAX_WAITING) return pipe.close();
    waiting.push(message);
    onArrival?.();
  });
  const arrival = () =>
    new Promise<void>((resolve) => {
      onArrival = resolve;
      if (waiting.length > 0) resolve();
    });

  async function next<T>(
    read: (message: Uint8Array) => Promise<Result<T>>,
    until: AbortSignal,
  ): Promise<Result<T>> {
    const outcome = await beforeEnd(arrival(), pipe.closed, until);
    if (!outcome.ok && outcome.failure.code !== 'closed') return outcome;
    // What came before the channel closed still counts.
    const message = waiting.shift();
    return message === undefined ? goneAway() : read(message);
  }

  return {
    next: (read) => next(read, AbortSignal.any([signal, after(stepMs)])),
    nextWithoutHurry: (read) => next(read, signal),
    meanwhile: (acting) => beforeEnd(acting, pipe.closed, signal),
  };
}

/** The value, unless the channel closes or the signal fires first. */
async function beforeEnd<T>(
  acting: Promise<T>,
  closed: Promise<unknown>,
  signal: AbortSignal,
): Promise<Result<T>> {
  const done = new AbortController();
  const aborted = new Promise<Result<T>>((resolve) => {
    const stop = () => resolve(stopped(signal));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true, signal: done.signal });
  });
  try {
    return await Promise.race([acting.then(ok), aborted, closed.then(goneAway)]);
  } finally {
    done.abort();
  }
}

function stopped(signal: AbortSignal): Failed {
  const reason: unknown = signal.reason;
  return reason instanceof DOMException && reason.name === 'TimeoutError' ? tooLate() : cancelled();
}

function tooLate(): Failed {
  return fail(
    'timeout',
    'The other device did not answer in time. It may be offline, or the code may have run out.',
    'Keep Commonplace open on both devices and start again with a new code.',
  );
}

function cancelled(): Failed {
  return fail('cancelled', 'Adding the device was cancelled.', 'Show a new code to start again.');
}

function goneAway(): Failed {
  return fail(
    'closed',
    'The other device ended the conversation before the new device was added.',
    'Look at what it says, then start again with a new code.',
  );
}
