// Writes Automerge changes as no honest replica would: takes real ones apart into their fields and columns, puts them
// together again with a right envelope, and codes columns by hand. For tests of the document gate alone.
import { sha256 } from '../../lib/identity/hash.ts';
import { ByteReader } from '../../lib/space/documents/gate/byte-reader.ts';
import { concatBytes, fromHex, toHex, utf8 } from '../../lib/wire/bytes.ts';

/** Ids of columns by what they hold. */
export const COL = {
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

/** The fields of a change, with its columns as they are coded. */
export interface Parts {
  deps: string[];
  actor: string;
  seq: number;
  startOp: number;
  time: number;
  message: Uint8Array;
  others: string[];
  columns: [id: number, bytes: Uint8Array][];
  extra: Uint8Array;
}

export function takeApart(change: Uint8Array): Parts {
  const body = new ByteReader(change, 9);
  body.unsigned();
  const list = <T>(read: () => T): T[] => Array.from({ length: body.unsigned() }, read);
  const actor = () => toHex(body.take(body.unsigned()));
  const head = {
    deps: list(() => toHex(body.take(32))),
    actor: actor(),
    seq: body.unsigned(),
    startOp: body.unsigned(),
    time: body.signed(),
    message: body.take(body.unsigned()),
    others: list(actor),
  };
  const lengths = list(() => [body.unsigned(), body.unsigned()] as const);
  const columns = lengths.map(([id, length]): [number, Uint8Array] => [id, body.take(length)]);
  return { ...head, columns, extra: body.take(body.end - body.at) };
}

export function putTogether(parts: Parts): Uint8Array {
  const columns = parts.columns.filter(([, bytes]) => bytes.length > 0);
  return envelope(
    1,
    concatBytes(
      unsigned(parts.deps.length),
      ...parts.deps.map(hex),
      prefixed(hex(parts.actor)),
      unsigned(parts.seq),
      unsigned(parts.startOp),
      signed(parts.time),
      prefixed(parts.message),
      unsigned(parts.others.length),
      ...parts.others.map((other) => prefixed(hex(other))),
      unsigned(columns.length),
      ...columns.map(([id, bytes]) => concatBytes(unsigned(id), unsigned(bytes.length))),
      ...columns.map(([, bytes]) => bytes),
      parts.extra,
    ),
  );
}

/** Magic, checksum, type and length around contents. */
export function envelope(type: number, contents: Uint8Array): Uint8Array {
  const sealed = concatBytes(Uint8Array.of(type), unsigned(contents.length), contents);
  return concatBytes(Uint8Array.of(0x85, 0x6f, 0x4a, 0x83), sha256(sealed).subarray(0, 4), sealed);
}

export function hashOf(change: Uint8Array): string {
  return toHex(sha256(change.subarray(8)));
}

export type Id = readonly [actor: number, counter: number];

/** One operation; actors are numbers into author, then `others`. */
export interface ForgedOp {
  action: number;
  object?: Id;
  key?: string;
  element?: Id | 'head';
  insert?: boolean;
  /** Type and bytes. */
  value?: readonly [type: number, bytes: Uint8Array];
  preds?: readonly Id[];
  expand?: boolean;
  mark?: string;
}

/** Columns of operations as an honest encoder writes them. */
export function codeOps(ops: readonly ForgedOp[]): [number, Uint8Array][] {
  const preds = ops.flatMap((op) => op.preds ?? []);
  const element = (op: ForgedOp) => (op.element === 'head' ? ([null, 0] as const) : op.element);
  const meta = (op: ForgedOp) => (op.value?.[0] ?? 0) + (op.value?.[1].length ?? 0) * 16;
  return [
    [
      COL.objectActor,
      optional(
        ops.map((op) => op.object?.[0] ?? null),
        runs,
      ),
    ],
    [
      COL.objectCounter,
      optional(
        ops.map((op) => op.object?.[1] ?? null),
        runs,
      ),
    ],
    [
      COL.keyActor,
      optional(
        ops.map((op) => element(op)?.[0] ?? null),
        runs,
      ),
    ],
    [
      COL.keyCounter,
      optional(
        ops.map((op) => element(op)?.[1] ?? null),
        deltas,
      ),
    ],
    [
      COL.keyText,
      optional(
        ops.map((op) => op.key ?? null),
        texts,
      ),
    ],
    [COL.insert, booleans(ops.map((op) => op.insert ?? false))],
    [COL.action, runs(ops.map((op) => op.action))],
    [COL.valueMeta, runs(ops.map(meta))],
    [COL.values, concatBytes(...ops.map((op) => op.value?.[1] ?? new Uint8Array()))],
    [COL.predCount, runs(ops.map((op) => op.preds?.length ?? 0))],
    [COL.predActor, runs(preds.map(([actor]) => actor))],
    [COL.predCounter, deltas(preds.map(([, counter]) => counter))],
    [
      COL.expand,
      ops.some((op) => op.expand) ? booleans(ops.map((op) => op.expand ?? false)) : none,
    ],
    [
      COL.markName,
      optional(
        ops.map((op) => op.mark ?? null),
        texts,
      ),
    ],
  ];
}

/** A change written from nothing, by default the first of its actor in an empty document. */
export function forge(
  parts: Partial<Omit<Parts, 'columns'>> & { actor: string; ops: readonly ForgedOp[] },
): Uint8Array {
  const { ops, ...given } = parts;
  const plain = { deps: [], seq: 1, startOp: 1, time: 0, message: none, others: [], extra: none };
  return putTogether({ ...plain, ...given, columns: codeOps(ops) });
}

const none = new Uint8Array();

function optional<T>(
  values: readonly (T | null)[],
  code: (values: readonly (T | null)[]) => Uint8Array,
) {
  return values.every((value) => value === null) ? none : code(values);
}

export function runs(values: readonly (number | null)[]): Uint8Array {
  return runsOf(values, unsigned);
}

export function deltas(values: readonly (number | null)[]): Uint8Array {
  let last = 0;
  const steps = values.map((value) => {
    if (value === null) return null;
    const step = value - last;
    last = value;
    return step;
  });
  return runsOf(steps, signed);
}

export function texts(values: readonly (string | null)[]): Uint8Array {
  return runsOf(values, (text) => prefixed(utf8(text)));
}

export function booleans(values: readonly boolean[]): Uint8Array {
  const lengths: number[] = [];
  let current = false;
  let length = 0;
  for (const value of values) {
    if (value !== current) {
      lengths.push(length);
      length = 0;
      current = value;
    }
    length += 1;
  }
  return concatBytes(...[...lengths, length].map(unsigned));
}

function runsOf<T>(values: readonly (T | null)[], code: (value: T) => Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let literal: T[] = [];
  const flush = () => {
    if (literal.length > 0) parts.push(signed(-literal.length), ...literal.map(code));
    literal = [];
  };
  for (let i = 0; i < values.length;) {
    const value = values[i] ?? null;
    let end = i + 1;
    while (end < values.length && (values[end] ?? null) === value) end += 1;
    if (value === null) {
      flush();
      parts.push(signed(0), unsigned(end - i));
    } else if (end - i === 1) literal.push(value);
    else {
      flush();
      parts.push(signed(end - i), code(value));
    }
    i = end;
  }
  flush();
  return concatBytes(...parts);
}

export function unsigned(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  do {
    bytes.push((left % 128) + (left >= 128 ? 128 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return Uint8Array.from(bytes);
}

export function signed(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let left = value; ;) {
    const byte = ((left % 128) + 128) % 128;
    left = (left - byte) / 128;
    const last = (left === 0 && byte < 64) || (left === -1 && byte >= 64);
    bytes.push(last ? byte : byte + 128);
    if (last) return Uint8Array.from(bytes);
  }
}

export function prefixed(bytes: Uint8Array): Uint8Array {
  return concatBytes(unsigned(bytes.length), bytes);
}

function hex(text: string): Uint8Array {
  const bytes = fromHex(text);
  if (bytes === null) throw new Error(`not hex: ${text}`);
  return bytes;
}
