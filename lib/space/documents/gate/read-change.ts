// One Automerge change read from bytes that anyone may have written. What passes is canonical, bounded and well-formed
// in itself; whether it fits the document is the causal check's to say.
import { toHex } from '../../../wire/bytes.ts';
import { refuse, Refusal, type ByteReader } from './byte-reader.ts';
import { openChunk } from './change-chunk.ts';
import { readOps, type ChangeOps } from './change-ops.ts';
import { checkShapes } from './op-shape.ts';

export interface ReadChange {
  /** Hex. */
  readonly hash: string;
  /** Hashes of the changes it builds on, ascending. */
  readonly deps: readonly string[];
  /** The author first, then the others it refers to, ascending. Hex. */
  readonly actors: readonly string[];
  readonly seq: number;
  readonly startOp: number;
  readonly ops: ChangeOps;
}

/** A change, or why it is none; `hash` is null when the envelope was wrong already. */
export type Reading =
  | { readonly ok: true; readonly change: ReadChange }
  | { readonly ok: false; readonly hash: string | null; readonly reason: string };

const HASH_BYTES = 32;
const ACTOR_BYTES = 16;
/** More concurrent changes than a document of people and their devices ever has. */
const MAX_DEPS = 256;
const MAX_ACTORS = 1024;
/** Seconds; a JavaScript Date goes no further. */
const MAX_TIME = 8.64e12;

export function readChange(bytes: Uint8Array): Reading {
  let hash: string | null = null;
  try {
    const chunk = openChunk(bytes);
    hash = chunk.hash;
    return { ok: true, change: readBody(chunk.hash, chunk.body) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, hash, reason: error.message };
    throw error;
  }
}

function readBody(hash: string, body: ByteReader): ReadChange {
  const deps = readList(body, MAX_DEPS, () => toHex(body.take(HASH_BYTES)));
  const author = readActor(body);
  const seq = body.unsigned();
  const startOp = body.unsigned();
  if (Math.abs(body.signed()) > MAX_TIME) refuse('its time is out of range');
  if (body.unsigned() !== 0) refuse('it carries a message');
  const others = readList(body, MAX_ACTORS, () => readActor(body));
  if (others.includes(author)) refuse('it names its author twice');
  const actors = [author, ...others];
  const ops = readOps(body);
  checkShapes(ops, actors.length);
  return { hash, deps, actors, seq, startOp, ops };
}

function readActor(body: ByteReader): string {
  if (body.unsigned() !== ACTOR_BYTES) refuse('an actor is not 16 bytes');
  return toHex(body.take(ACTOR_BYTES));
}

/** Strictly ascending, so that there is one way to write it. */
function readList(body: ByteReader, max: number, readItem: () => string): string[] {
  const length = body.unsigned();
  if (length > max) refuse('a list is too long');
  const items: string[] = [];
  for (let i = 0; i < length; i++) {
    const item = readItem();
    if (item <= (items.at(-1) ?? '')) refuse('a list is not in ascending order');
    items.push(item);
  }
  return items;
}
