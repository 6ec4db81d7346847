// How decoders of bytes and of text enter the registry: with a maker of valid samples and what spells them again.
import { fromBase64Url, toBase64Url } from '../../../lib/wire/bytes.ts';
import { decodeCbor, encodeCbor, type CborValue } from '../../../lib/wire/cbor.ts';
import { ok, type Result } from '../../../lib/wire/failure.ts';
import type { Random } from '../../simulation/random.ts';
import type { Decoder } from '../decoder.ts';
import { mutateBytes, mutateText } from '../mutate.ts';

/** Inputs of a decoder of bytes or text are of that kind, whatever is drawn: `draw` sees to it. */
const asBytes = (input: unknown) => input as Uint8Array;
const asText = (input: unknown) => input as string;

export function bytesDecoder<T>(
  name: string,
  sample: (random: Random) => Uint8Array,
  decode: (bytes: Uint8Array) => Result<T> | Promise<Result<T>>,
  encode: ((value: T) => Uint8Array) | null = null,
): Decoder {
  return {
    name,
    covers: [name],
    draw: (random) => mutateBytes(sample(random), sample(random), random),
    decode: (input) => decode(asBytes(input)),
    // What `decode` made is what `encode` takes.
    spell: encode === null ? null : (value) => encode(value as T),
    settles: false,
  };
}

/** For what is read out of decoded CBOR: a part of a message, by a parser that gives null for what it does not know. */
export function partDecoder<T>(
  name: string,
  sample: (random: Random) => T,
  encode: (part: T) => CborValue,
  parse: (part: unknown) => T | null,
): Decoder {
  return bytesDecoder<T | null>(
    name,
    (random) => encodeCbor(encode(sample(random))),
    (bytes) => {
      const decoded = decodeCbor(bytes, 1024 * 1024);
      if (!decoded.ok) return decoded;
      const part = parse(decoded.value);
      return part === null ? REFUSED : ok(part);
    },
    (part) => (part === null ? new Uint8Array() : encodeCbor(encode(part))),
  );
}

export const REFUSED: Result<never> = {
  ok: false,
  failure: { code: 'malformed', message: 'It gave null.', remedy: '' },
};

export interface TextDecoder<T> {
  readonly sample: (random: Random) => string;
  readonly decode: (text: string) => T;
  readonly spell?: (value: unknown) => string;
  readonly settles?: boolean;
}

export function textDecoder<T>(name: string, options: TextDecoder<T>): Decoder {
  const { sample, decode, spell = null, settles = false } = options;
  return {
    name,
    covers: [name],
    draw: (random) => mutateLink(sample(random), random),
    decode: (input) => decode(asText(input)),
    spell,
    settles,
  };
}

/** A text, or the bytes that it holds in base64url after a number sign, changed. */
function mutateLink(text: string, random: Random): string {
  const at = text.indexOf('#') + 1;
  const bytes = at > 0 && random.chance(0.7) ? fromBase64Url(text.slice(at)) : null;
  if (bytes === null) return mutateText(text, random);
  return text.slice(0, at) + toBase64Url(mutateBytes(bytes, bytes, random));
}
