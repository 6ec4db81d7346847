// Waiting for something that comes true when logs move on, here or elsewhere.

export interface ConditionWatch {
  /** Something may have come true. */
  moved(): void;
  /** Whether it came true before `timeoutMs` were over. */
  until(holds: () => boolean, timeoutMs: number): Promise<boolean>;
}

export function createConditionWatch(): ConditionWatch {
  const waiting = new Set<() => void>();
  return {
    moved: () => {
      for (const look of waiting) look();
    },
    until: (holds, timeoutMs) => {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const end = (came: boolean): void => {
        waiting.delete(look);
        clearTimeout(timer);
        resolve(came);
      };
      const look = (): void => {
        if (holds()) end(true);
      };
      const timer = setTimeout(() => end(holds()), timeoutMs);
      waiting.add(look);
      look();
      return promise;
    },
  };
}
