// Tries decoders in turn. Each input follows from the seed, the decoder's name and its number, so any one replays alone.
import { createRandom } from '../simulation/random.ts';
import { tryOnce, type Decoder } from './decoder.ts';

export interface Tally {
  readonly name: string;
  inputs: number;
  accepted: number;
  slowestMs: number;
  mostBytes: number;
}

export interface Violation {
  readonly decoder: string;
  readonly input: number;
  readonly fault: string;
}

export interface Run {
  readonly seed: string;
  /** Number of the first input of each decoder. */
  readonly from: number;
  /** Per decoder. */
  readonly inputs: number;
  /** Nothing new is begun after this. */
  readonly untilMs: number;
  /** Called before each input. */
  readonly onInput?: (decoder: number, input: number) => void;
  /** Called when each decoder has had its turn. */
  readonly onRound?: (soFar: Outcome) => void;
}

export interface Outcome {
  readonly tallies: readonly Tally[];
  readonly violations: readonly Violation[];
}

/** Inputs of one decoder in a row: the others have their turn soon, and compiled code stays warm. */
const TURN = 50;

export async function fuzz(decoders: readonly Decoder[], run: Run): Promise<Outcome> {
  const tallies = decoders.map(({ name }) => newTally(name));
  const violations: Violation[] = [];
  const end = run.from + run.inputs;
  for (let from = run.from; from < end; from += TURN) {
    for (const [index, decoder] of decoders.entries()) {
      for (let input = from; input < Math.min(end, from + TURN); input++) {
        if (performance.now() > run.untilMs) return { tallies, violations };
        run.onInput?.(index, input);
        const fault = await tryInput(
          decoder,
          `${run.seed}/${decoder.name}/${input}`,
          tallies[index],
        );
        if (fault !== null) violations.push({ decoder: decoder.name, input, fault });
      }
    }
    run.onRound?.({ tallies, violations });
  }
  return { tallies, violations };
}

/** What was wrong, or null. */
async function tryInput(decoder: Decoder, seed: string, tally?: Tally): Promise<string | null> {
  const call = await tryOnce(decoder, decoder.draw(createRandom(seed)));
  if (tally === undefined) return call.fault;
  tally.inputs += 1;
  tally.accepted += call.accepted ? 1 : 0;
  tally.slowestMs = Math.max(tally.slowestMs, call.ms);
  tally.mostBytes = Math.max(tally.mostBytes, call.grownBytes);
  return call.fault;
}

function newTally(name: string): Tally {
  return { name, inputs: 0, accepted: 0, slowestMs: 0, mostBytes: 0 };
}
