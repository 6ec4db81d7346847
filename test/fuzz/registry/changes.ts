// The reader of Automerge changes, with which the document gate begins.
import { readChange } from '../../../lib/space/documents/gate/read-change.ts';
import { startAutomerge } from '../../support/automerge.ts';
import { mutantOf, strangerOn } from '../../support/change-mutants.ts';
import { wildHistory } from '../../support/wild-document.ts';
import { createRandom, type Random } from '../../simulation/random.ts';
import type { Decoder } from '../decoder.ts';
import { mutateBytes } from '../mutate.ts';

const HISTORY = 24;

export async function changeDecoders(): Promise<Decoder[]> {
  await startAutomerge();
  const past = createRandom('history');
  const history = wildHistory((below) => past.int(below), HISTORY);
  const draw = (random: Random): Uint8Array => {
    const { bytes } = random.pick(history);
    if (random.chance(0.2)) return mutateBytes(bytes, random.pick(history).bytes, random);
    const make = random.chance(0.3) ? strangerOn : mutantOf;
    return make(history, (below) => random.int(below)).bytes;
  };
  return [{ name: 'readChange', covers: [], draw, decode, spell: null, settles: false }];
}

function decode(input: unknown): unknown {
  // `draw` makes bytes.
  const read = readChange(input as Uint8Array);
  return read.ok ? read.change : null;
}
