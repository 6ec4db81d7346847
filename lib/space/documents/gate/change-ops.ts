// The operations of a change as columns side by side, read from bytes that may be hostile.
// Format: automerge.org/automerge-binary-format-spec, section "Change chunk: operation columns".
import { ByteReader, refuse } from './byte-reader.ts';
import { countRuns, NONE, readBooleans, readDeltas, readNumbers, readTexts } from './run-length.ts';

/** What an operation does. Counters (5) and tables (6) are not used by any kind of document and refused. */
export const ACTION = { makeMap: 0, set: 1, makeList: 2, del: 3, makeText: 4, mark: 7 } as const;

/**
 * Column `i` of each array is operation `i`. Actors are numbers into the change's own list; `NONE` is null. An object
 * without actor is the root; a key is a text, or an element, which without actor and at counter 0 is the head.
 */
export interface ChangeOps {
  readonly count: number;
  readonly action: Int32Array;
  readonly insert: Uint8Array;
  readonly objectActor: Int32Array;
  readonly objectCounter: Int32Array;
  readonly keyText: readonly (string | null)[];
  readonly keyActor: Int32Array;
  readonly keyCounter: Int32Array;
  /** Type in the low four bits, length in bytes above. */
  readonly valueMeta: Int32Array;
  readonly values: ByteReader;
  readonly predCount: Int32Array;
  readonly predActor: Int32Array;
  readonly predCounter: Int32Array;
  readonly expand: Uint8Array;
  readonly markName: readonly (string | null)[];
}

/** As many as Automerge applies well within the time that a change may take, wherever in a list they go. */
export const MAX_OPS = 32_768;
/** Operations that make something must be paid for in bytes, or a few bytes would fill any memory. */
const FREE_OPS = 64;
const MAX_KEY_BYTES = 1024;

/** Column ids as the format gives them: number of the field × 16 + type of the column. */
const COLUMN = {
  objectActor: 0x01,
  objectCounter: 0x02,
  keyActor: 0x11,
  keyCounter: 0x13,
  keyText: 0x15,
  insert: 0x34,
  action: 0x42,
  valueMeta: 0x56,
  values: 0x57,
  predCount: 0x70,
  predActor: 0x71,
  predCounter: 0x73,
  expand: 0x94,
  markName: 0xa5,
} as const;
const KNOWN_COLUMNS: ReadonlySet<number> = new Set(Object.values(COLUMN));

/** Reads to the end of `body`; throws a `Refusal`. */
export function readOps(body: ByteReader): ChangeOps {
  const columns = sliceColumns(body);
  const column = (id: number) => columns.get(id) ?? null;
  const required = (id: number) => columns.get(id) ?? refuse('a column is missing');
  const action = required(COLUMN.action);
  const count = countOps(action, body.bytes.length);
  const numbers = (id: number) => optional(column(id), count, readNumbers);
  const predCount = readNumbers(required(COLUMN.predCount), count, false);
  const preds = countPreds(predCount);
  const predActor = column(COLUMN.predActor);
  const predCounter = column(COLUMN.predCounter);
  if ((predActor !== null) !== preds > 0 || (predCounter !== null) !== preds > 0) {
    refuse('predecessors are missing or left over');
  }
  return {
    count,
    action: readNumbers(action, count, false),
    insert: readBooleans(required(COLUMN.insert), count),
    objectActor: numbers(COLUMN.objectActor),
    objectCounter: numbers(COLUMN.objectCounter),
    keyText: texts(column(COLUMN.keyText), count),
    keyActor: numbers(COLUMN.keyActor),
    keyCounter: optional(column(COLUMN.keyCounter), count, readDeltas),
    valueMeta: readNumbers(required(COLUMN.valueMeta), count, false),
    values: column(COLUMN.values) ?? new ByteReader(body.bytes, body.end),
    predCount,
    predActor: predActor === null ? EMPTY : readNumbers(predActor, preds, false),
    predCounter: predCounter === null ? EMPTY : readDeltas(predCounter, preds, false),
    expand: readExpand(column(COLUMN.expand), count),
    markName: texts(column(COLUMN.markName), count),
  };
}

const EMPTY = new Int32Array(0);

/** One reader for each column, in ascending order without repetition, filling the body to its end. */
function sliceColumns(body: ByteReader): ReadonlyMap<number, ByteReader> {
  const lengths: [id: number, length: number][] = [];
  const total = body.unsigned();
  if (total > KNOWN_COLUMNS.size) refuse('it has too many columns');
  for (let i = 0; i < total; i++) {
    const id = body.unsigned();
    if (!KNOWN_COLUMNS.has(id)) refuse('it has a column of an unknown or compressed kind');
    if (id <= (lengths.at(-1)?.[0] ?? -1)) refuse('its columns are out of order');
    const length = body.unsigned();
    if (length === 0) refuse('an empty column is written out');
    lengths.push([id, length]);
  }
  const columns = new Map<number, ByteReader>();
  for (const [id, length] of lengths) {
    const start = body.at;
    body.take(length);
    columns.set(id, new ByteReader(body.bytes, start, body.at));
  }
  if (!body.done) refuse('something stands after its columns');
  return columns;
}

function countOps(action: ByteReader, bytes: number): number {
  const look = new ByteReader(action.bytes, action.at, action.end);
  const [count, growing] = countRuns(look, MAX_OPS, ACTION.del);
  if (count === 0) refuse('it does nothing');
  if (growing > FREE_OPS + bytes) refuse('it has more operations than its bytes account for');
  return count;
}

function countPreds(predCount: Int32Array): number {
  let preds = 0;
  for (const count of predCount) {
    preds += count;
    if (preds > MAX_OPS) refuse(`it has more than ${MAX_OPS} predecessors`);
  }
  return preds;
}

function optional(
  column: ByteReader | null,
  count: number,
  read: (reader: ByteReader, count: number, nullable: boolean) => Int32Array,
): Int32Array {
  return column === null ? new Int32Array(count).fill(NONE) : read(column, count, true);
}

function texts(column: ByteReader | null, count: number): readonly (string | null)[] {
  return column === null ? NO_TEXTS : readTexts(column, count, MAX_KEY_BYTES);
}

/** Read past its end it gives undefined, which readers take as null. */
const NO_TEXTS: readonly (string | null)[] = [];

function readExpand(column: ByteReader | null, count: number): Uint8Array {
  if (column === null) return new Uint8Array(count);
  const expand = readBooleans(column, count);
  return expand.includes(1) ? expand : refuse('a column of false alone is written out');
}
