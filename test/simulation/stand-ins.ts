// Puts the clock, the randomness and the cryptography of a simulation in place of the process's own, and back again.
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';
import { createSubtle } from './subtle.ts';

export interface StandIns {
  /** Everything that code under simulation reported as a bug of its own. */
  readonly bugs: readonly unknown[];
  remove(): void;
}

const REAL = { setTimeout, clearTimeout, setInterval, clearInterval, crypto, now: Date.now };
const nextTurn = setImmediate;

/** Settles when all microtasks have run: the event loop comes round only after them. */
export function settled(): Promise<void> {
  return new Promise((resolve) => nextTurn(resolve));
}

/** From here until `remove`, global timers, `Date.now`, `crypto` and `reportError` belong to the simulation. */
export function installStandIns(clock: Clock, random: Random): StandIns {
  const bugs: unknown[] = [];
  const note = (error: unknown): void => void bugs.push(error);
  const timers = virtualTimers(clock);
  const subtle = createSubtle(clock, random.branch('crypto-pace'));
  const bytes = random.branch('crypto-bytes');
  put({ ...timers, crypto: { subtle, getRandomValues: fillerOf(bytes) }, reportError: note });
  Date.now = () => Math.floor(clock.now());
  process.on('unhandledRejection', note);
  return {
    bugs,
    remove: () => {
      const { now, ...globals } = REAL;
      put({ ...globals, reportError: undefined });
      Date.now = now;
      process.off('unhandledRejection', note);
    },
  };
}

function virtualTimers(clock: Clock) {
  const cancels = new Map<number, () => void>();
  let lastId = 0;
  const setTimeout = (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): number => {
    const id = (lastId += 1);
    const cancel = clock.after(ms, () => {
      cancels.delete(id);
      run(...args);
    });
    cancels.set(id, cancel);
    return id;
  };
  const clear = (id: number): void => {
    cancels.get(id)?.();
    cancels.delete(id);
  };
  const setInterval = (run: (...args: unknown[]) => void, ms = 0): number => {
    const id = (lastId += 1);
    const again = (): void => {
      cancels.set(id, clock.after(ms, again));
      run();
    };
    cancels.set(id, clock.after(ms, again));
    return id;
  };
  return { setTimeout, setInterval, clearTimeout: clear, clearInterval: clear };
}

function fillerOf(random: Random) {
  return <T extends ArrayBufferView>(view: T): T => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    bytes.set(random.bytes(bytes.length));
    return view;
  };
}

/** `crypto` is a getter in Node.js, so plain assignment would not do. */
function put(globals: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}
