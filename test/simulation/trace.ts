// What happened in a simulation, in order: a digest to compare two runs by, and the lines themselves for a reader.
import { createHash } from 'node:crypto';

export interface Trace {
  note(line: string): void;
  /** Hex; the same for two runs only if the same happened in the same order at the same times. */
  digest(): string;
}

export function createTrace(
  elapsedMs: () => number,
  print: ((line: string) => void) | null,
): Trace {
  const hash = createHash('sha256');
  return {
    note: (what) => {
      const line = `${elapsedMs().toFixed(2).padStart(10)}  ${what}`;
      hash.update(line).update('\n');
      print?.(line);
    },
    digest: () => hash.copy().digest('hex'),
  };
}
