// A thread that runs seeds one after another, with a fault in the code if it is given one.
import { parentPort, workerData } from 'node:worker_threads';
import { plant, type Mutant } from './mutant.ts';

// Both ends of this are in this folder, so what arrives is what `pool.ts` sends.
const { mutant } = workerData as { readonly mutant: Mutant | null };
if (mutant !== null) plant(mutant);
const { simulate } = await import('./simulate.ts');

parentPort?.on('message', (seed: number) => {
  void simulate(seed).then((outcome) => parentPort?.postMessage(outcome, []));
});
