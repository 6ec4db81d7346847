// How parsers of plain values enter the registry: with valid samples, of which parts are changed.
import { readWords } from '../../../lib/wire/bridge.ts';
import type { z } from 'zod';
import type { Decoder } from '../decoder.ts';
import { junk, nested } from '../junk.ts';
import { mutateText, mutateValue } from '../mutate.ts';
import type { Random } from '../../simulation/random.ts';

export function jsonDecoder(
  name: string,
  samples: readonly unknown[],
  decode: (value: unknown) => unknown,
  settles = true,
): Decoder {
  const draw = (random: Random): unknown => drawValue(samples, random);
  return { name, covers: [name], draw, decode, spell: null, settles };
}

/** A schema that is exported as it is, read as the bridge reads its words. */
export function shapeDecoder(name: string, samples: readonly unknown[], shape: z.ZodType): Decoder {
  const decoder = jsonDecoder(name, samples, (value) => readWords(shape, value));
  return { ...decoder, covers: [name, 'readWords'] };
}

/** A parser of JSON as text. */
export function jsonTextDecoder(
  name: string,
  samples: readonly unknown[],
  decode: (text: string) => unknown,
): Decoder {
  const draw = (random: Random): string => {
    if (random.chance(0.03)) return '['.repeat(random.int(200_000));
    const text = JSON.stringify(drawValue(samples, random)) ?? '';
    return random.chance(0.3) ? mutateText(text, random) : text;
  };
  // What `draw` gives is text.
  const ofText = (input: unknown): unknown => decode(input as string);
  return { name, covers: [name], draw, decode: ofText, spell: null, settles: false };
}

function drawValue(samples: readonly unknown[], random: Random): unknown {
  if (random.chance(0.05)) return junk(random);
  if (random.chance(0.005)) return nested(random.pick([100, 1_000]));
  const sample = random.pick(samples);
  return random.chance(0.05) ? sample : mutateValue(sample, random.pick(samples), random);
}
