// What a benchmark is and what it gives. Adding one: write a file with a value of type `Bench`, and put that value into
// the list in bench-list.ts.

export interface Bench {
  /** Named on the command line to run only this one. */
  readonly name: string;
  /** Makes what it measures, measures it, and leaves nothing behind. */
  run(size: Size): Promise<readonly Figure[]>;
}

/** `small`: to see that a benchmark runs. Its figures say nothing; those that are quick anyway take no notice. */
export type Size = 'full' | 'small';

export interface Figure {
  readonly name: string;
  /** `ratio`: our median by a peer's; below 1 is less than theirs. */
  readonly unit: 'ms' | 'bytes' | 'tokens' | 'calls' | 'per second' | 'ratio';
  /** One measured value for each repetition, at least one. */
  readonly values: readonly number[];
}

/** Milliseconds that `work` takes, once. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** The figure of `repetitions` runs one after another, without the first `warmUps`. */
export async function timedFigure(
  name: string,
  repetitions: number,
  work: () => Promise<unknown>,
  warmUps = 0,
): Promise<Figure> {
  const values: number[] = [];
  for (let run = 0; run < warmUps + repetitions; run += 1) values.push(await timed(work));
  return { name, unit: 'ms', values: values.slice(warmUps) };
}

/** How many a second `work` does of `count`, once. */
export async function rateOf(count: number, work: () => Promise<unknown>): Promise<number> {
  return (count * 1000) / (await timed(work));
}
