// What a change is called and what it says it builds on, read from its envelope alone: for putting changes in order, not
// for deciding whether one may be applied.
import { toHex } from '../../../wire/bytes.ts';
import { Refusal } from './byte-reader.ts';
import { openChunk } from './change-chunk.ts';

export interface ChangeDeps {
  /** Hex. */
  readonly hash: string;
  readonly deps: readonly string[];
}

const HASH_BYTES = 32;
const MAX_DEPS = 256;

/** Null for bytes that are no change. */
export function readChangeDeps(bytes: Uint8Array): ChangeDeps | null {
  try {
    const { hash, body } = openChunk(bytes);
    const count = body.unsigned(MAX_DEPS);
    const deps = Array.from({ length: count }, () => toHex(body.take(HASH_BYTES)));
    return { hash, deps };
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
