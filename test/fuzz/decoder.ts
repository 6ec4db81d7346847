// What the fuzz run knows of a decoder, and what it holds against one call of it.
import { isDeepStrictEqual } from 'node:util';
import { equalBytes } from '../../lib/wire/bytes.ts';
import { FAILURE_CODES } from '../../lib/wire/failure.ts';
import type { Random } from '../simulation/random.ts';

export interface Decoder {
  readonly name: string;
  /** Exports of lib/wire that it exercises. */
  readonly covers: readonly string[];
  /** An input that is most often nearly right. */
  readonly draw: (random: Random) => unknown;
  /** A `Result`, null or false for a refusal, or the value itself; or a promise of it. */
  readonly decode: (input: unknown) => unknown;
  /** What was accepted, spelled again: must be the input. */
  readonly spell: ((value: unknown) => unknown) | null;
  /** Whether decoding what came out gives just that again. */
  readonly settles: boolean;
}

export interface Call {
  readonly accepted: boolean;
  readonly ms: number;
  readonly grownBytes: number;
  /** Null when all is well. */
  readonly fault: string | null;
}

/** No input may keep a thread longer. */
export const HANG_MS = 2_000;
/** No input is larger than about 2 MB, so no call has reason to hold more. */
const MAX_GROWTH_BYTES = 192 * 1024 * 1024;
/** What fits the word `refuse`, so that one side can tell the other. */
const MAX_FAILURE_CHARS = 1_000;

export async function tryOnce(decoder: Decoder, input: unknown): Promise<Call> {
  const call = await measure(decoder, input);
  // A busy machine is slow by chance, a decoder is slow every time.
  return call.ms > HANG_MS || call.grownBytes > MAX_GROWTH_BYTES ? measure(decoder, input) : call;
}

async function measure(decoder: Decoder, input: unknown): Promise<Call> {
  const heldBytes = memoryBytes();
  const startedMs = performance.now();
  let outcome: unknown;
  try {
    const returned = decoder.decode(input);
    outcome = returned instanceof Promise ? await returned : returned;
  } catch (error) {
    const ms = performance.now() - startedMs;
    return { accepted: false, ms, grownBytes: 0, fault: `threw ${String(error)}` };
  }
  const ms = performance.now() - startedMs;
  const grownBytes = Math.max(0, memoryBytes() - heldBytes);
  const judged = await judge(decoder, input, outcome);
  if (ms > HANG_MS) return { ...judged, ms, grownBytes, fault: `took ${ms.toFixed(0)} ms` };
  const fault = grownBytes > MAX_GROWTH_BYTES ? `took ${grownBytes} bytes of memory` : judged.fault;
  return { ...judged, ms, grownBytes, fault };
}

function memoryBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

type Judgement = Pick<Call, 'accepted' | 'fault'>;

async function judge(decoder: Decoder, input: unknown, outcome: unknown): Promise<Judgement> {
  if (outcome === null || outcome === false) return { accepted: false, fault: null };
  if (isRefusal(outcome)) return { accepted: false, fault: faultOf(outcome.failure) };
  const value = isAcceptance(outcome) ? outcome.value : outcome;
  return { accepted: true, fault: await faultOfValue(decoder, input, value) };
}

async function faultOfValue(
  { decode, spell, settles }: Decoder,
  input: unknown,
  value: unknown,
): Promise<string | null> {
  try {
    if (spell !== null && !isSame(await spell(value), input)) return 'spells it another way';
    if (!settles) return null;
    const outcome = await decode(value);
    const again = isAcceptance(outcome) ? outcome.value : outcome;
    return isDeepStrictEqual(again, value) ? null : 'reads its own value another way';
  } catch (error) {
    return `threw on what it had accepted: ${String(error)}`;
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return one instanceof Uint8Array && other instanceof Uint8Array
    ? equalBytes(one, other)
    : isDeepStrictEqual(one, other);
}

function isRefusal(outcome: unknown): outcome is { readonly failure: unknown } {
  return hasOk(outcome) && !outcome.ok && 'failure' in outcome;
}

function isAcceptance(outcome: unknown): outcome is { readonly value: unknown } {
  return hasOk(outcome) && outcome.ok && 'value' in outcome;
}

function hasOk(outcome: unknown): outcome is { readonly ok: boolean } {
  return typeof outcome === 'object' && outcome !== null && 'ok' in outcome;
}

/** What is wrong with a Failure itself. */
function faultOf(failure: unknown): string | null {
  const { code, message, remedy } = failure as Record<'code' | 'message' | 'remedy', unknown>;
  if (!FAILURE_CODES.some((known) => known === code)) return `refused with ${String(code)}`;
  if (typeof message !== 'string' || typeof remedy !== 'string') return 'refused without words';
  const chars = Math.max(message.length, remedy.length);
  return chars > MAX_FAILURE_CHARS ? `refused with ${chars} characters` : null;
}
