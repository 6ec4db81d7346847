// Runs the decoders in a thread of their own, of bounded memory, so that a call which never returns is seen and ended.
import { Worker } from 'node:worker_threads';
import type { Outcome, Run, Violation } from './run.ts';

export interface WatchedRun extends Omit<Run, 'onInput' | 'untilMs'> {
  readonly seconds: number;
  /** Names of the decoders to try; all of them when there are none. */
  readonly only: readonly string[];
}

export interface ThreadData extends WatchedRun {
  /** Two 32-bit numbers: which decoder is at which input. */
  readonly place: SharedArrayBuffer;
}

/** What the thread says first, after each round, and last. */
export type ThreadWord =
  | { readonly names: readonly string[] }
  | { readonly soFar: Outcome }
  | { readonly outcome: Outcome };

/** A decoder that hangs is only measured when it returns; past this it is ended. */
const ENDED_AFTER_MS = 20_000;
const MAX_HEAP_MB = 768;

export function fuzzWatched(run: WatchedRun): Promise<Outcome> {
  const place = new SharedArrayBuffer(8);
  const worker = new Worker(new URL('thread.ts', import.meta.url), {
    workerData: { ...run, place } satisfies ThreadData,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  return follow(worker, new Int32Array(place));
}

async function follow(worker: Worker, place: Int32Array): Promise<Outcome> {
  let names: readonly string[] = [];
  let soFar: Outcome = { tallies: [], violations: [] };
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const lost = (fault: string): void => resolve(lostAt(place, names, fault, soFar));
  const timer = watch(place, () => lost(`did not return within ${ENDED_AFTER_MS / 1000} s`));
  // Both ends of this are in this folder, so what arrives is what `thread.ts` sends.
  worker.on('message', (word: ThreadWord) => {
    if ('names' in word) names = word.names;
    else if ('soFar' in word) soFar = word.soFar;
    else resolve(word.outcome);
  });
  worker.on('error', (error) => lost(`ended the thread: ${String(error)}`));
  worker.on('exit', (code) => lost(`ended the thread with code ${code}`));
  const outcome = await promise;
  clearInterval(timer);
  await worker.terminate();
  return outcome;
}

function watch(place: Int32Array, onStill: () => void): NodeJS.Timeout {
  let [seen, sinceMs] = ['', performance.now()];
  return setInterval(() => {
    const now = place.join('/');
    if (now !== seen) [seen, sinceMs] = [now, performance.now()];
    else if (performance.now() - sinceMs > ENDED_AFTER_MS) onStill();
  }, 250);
}

/** What is known of a run whose thread is gone: its last round, and where it was. */
function lostAt(
  [decoder = 0, input = 0]: Int32Array,
  names: readonly string[],
  fault: string,
  { tallies, violations }: Outcome,
): Outcome {
  const violation: Violation = { decoder: names[decoder] ?? 'the start', input, fault };
  return { tallies, violations: [...violations, violation] };
}
