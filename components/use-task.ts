// One thing a component asked for: whether it is under way and how it failed, so that a button can say so.
import { useRef, useState } from 'preact/hooks';
import type { Failure, Result } from '../lib/wire/failure.ts';

export interface Task {
  readonly busy: boolean;
  readonly failure: Failure | null;
  /** Runs one at a time; a second press while busy does nothing. Gives the value, or null on failure. */
  run<T>(work: () => Promise<Result<T>>): Promise<{ readonly value: T } | null>;
  fail(failure: Failure): void;
}

export function useTask(): Task {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const running = useRef(false);
  return {
    busy,
    failure,
    fail: setFailure,
    async run(work) {
      if (running.current) return null;
      running.current = true;
      setBusy(true);
      const result = await work();
      running.current = false;
      setBusy(false);
      setFailure(result.ok ? null : result.failure);
      return result.ok ? { value: result.value } : null;
    },
  };
}
