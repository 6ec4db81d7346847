// Runs many seeds in threads of their own, so that one that hangs can be ended.
import { Worker } from 'node:worker_threads';
import type { Mutant } from './mutant.ts';
import type { Outcome } from './simulate.ts';

export interface Run {
  readonly from: number;
  readonly seeds: number;
  readonly threads: number;
  readonly mutant?: Mutant;
  /** Called for each seed as it ends; false stops the run. */
  readonly onOutcome: (outcome: Outcome) => boolean;
}

/** Far more than any seed takes, on a machine that does much else. */
const DEADLINE_MS = 60_000;

export async function runSeeds(run: Run): Promise<void> {
  const seeds = Array.from({ length: run.seeds }, (_, index) => run.from + index).values();
  let isOver = false;
  const work = async (): Promise<void> => {
    let worker = start(run);
    for (const seed of seeds) {
      if (isOver) break;
      const outcome = await ask(worker, seed);
      if (outcome === null) {
        await worker.terminate();
        worker = start(run);
      }
      if (!isOver && !run.onOutcome(outcome ?? hung(seed))) isOver = true;
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: run.threads }, work));
}

function start({ mutant = null }: { readonly mutant?: Mutant | null }): Worker {
  return new Worker(new URL('worker.ts', import.meta.url), {
    workerData: { mutant },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
}

/** Null when the seed did not come to an end. */
function ask(worker: Worker, seed: number): Promise<Outcome | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => resolve(null)), DEADLINE_MS);
    const onMessage = (outcome: Outcome): void => settle(() => resolve(outcome));
    const onError = (error: unknown): void => settle(() => reject(error));
    const settle = (how: () => void): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError);
      how();
    };
    worker.on('message', onMessage).on('error', onError).postMessage(seed, []);
  });
}

function hung(seed: number): Outcome {
  const detail = `seed ${seed} ran for ${DEADLINE_MS / 1000} s`;
  return {
    seed,
    digest: '',
    events: 0,
    violations: [{ invariant: 'everything comes to an end', detail }],
  };
}
