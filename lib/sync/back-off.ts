// Tries something again later, each time after twice as long.

export interface BackOff {
  /** Runs it after a while, unless a run is waiting already. */
  again(): void;
  /** It went well: the next wait is short again. */
  reset(): void;
  stop(): void;
}

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

export function createBackOff(run: () => void): BackOff {
  let waitMs = FIRST_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ring = (): void => {
    timer = undefined;
    run();
  };
  return {
    again: () => {
      if (timer !== undefined) return;
      timer = setTimeout(ring, waitMs);
      waitMs = Math.min(waitMs * 2, LONGEST_MS);
    },
    reset: () => {
      waitMs = FIRST_MS;
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
