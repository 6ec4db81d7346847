// Waiting inside a page. A hidden tab runs no animation frames and lets timers through once a second. What
// it does not hold back: the engine's own timed wait on shared memory, a timer lent by the background, and
// messages handed round, which is the last resort because it keeps a core busy.
export interface Pause {
  /** Resolves after about `ms`, sooner when aborted. Never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** A sleep the background lends; it must resolve after `ms`, and may be late. */
export type LentSleep = (ms: number) => Promise<void>;

/** Longer waits are left to the slow timers. */
const MAX_PASSING_MS = 250;

export function createPause(top: Document, lent?: LentSleep): Pause {
  return {
    sleep(ms, signal) {
      if (signal.aborted || ms <= 0) return Promise.resolve();
      if (!top.hidden) return timer(ms, signal);
      const timed = timedWait(ms) ?? lent?.(ms);
      if (timed !== undefined) return untilAborted(timed, signal);
      return ms <= MAX_PASSING_MS ? passing(ms, signal) : timer(ms, signal);
    },
  };
}

/** `Atomics.waitAsync` on a word nobody wakes; undefined where the browser has no such wait. */
function timedWait(ms: number): Promise<void> | undefined {
  if (!('waitAsync' in Atomics)) return undefined;
  try {
    const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const wait = Atomics.waitAsync(new Int32Array(buffer), 0, 0, ms);
    return wait.async ? wait.value.then(() => undefined) : undefined;
  } catch {
    return undefined;
  }
}

function timer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const id = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(id);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}

function passing(ms: number, signal: AbortSignal): Promise<void> {
  const until = performance.now() + ms;
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener('message', () => {
      if (performance.now() < until && !signal.aborted) {
        port2.postMessage(0);
        return;
      }
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(0);
  });
}

async function untilAborted(wait: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([wait.catch(() => undefined), aborted]);
}
