// The thread that `watched.ts` starts and watches.
import { parentPort, workerData } from 'node:worker_threads';
import { allDecoders } from './registry.ts';
import { fuzz, type Outcome } from './run.ts';
import type { ThreadData, ThreadWord } from './watched.ts';

// Both ends of this are in this folder, so what arrives is what `watched.ts` sends.
const { seconds, only, place, ...run } = workerData as ThreadData;
const at = new Int32Array(place);
const say = (word: ThreadWord): void => parentPort?.postMessage(word, []);

const decoders = (await allDecoders()).filter(
  ({ name }) => only.length === 0 || only.includes(name),
);
say({ names: decoders.map(({ name }) => name) });
const onInput = (decoder: number, input: number): void => {
  Atomics.store(at, 0, decoder);
  Atomics.store(at, 1, input);
};
const onRound = (soFar: Outcome): void => say({ soFar });
const untilMs = performance.now() + seconds * 1000;
say({ outcome: await fuzz(decoders, { ...run, untilMs, onInput, onRound }) });
