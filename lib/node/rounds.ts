// Work that is done over whenever something may have changed: one round at a time, and one more after whatever came
// meanwhile.

export interface Rounds {
  /** Settles after a round that began no earlier than this. */
  start(): Promise<void>;
}

export function createRounds(round: () => Promise<void>): Rounds {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const run = (): Promise<void> => {
    running = round().finally(() => {
      running = null;
    });
    return running;
  };
  return {
    start: () => {
      if (running === null) return run();
      next ??= running
        .catch(() => {})
        .then(() => {
          next = null;
          return run();
        });
      return next;
    },
  };
}
