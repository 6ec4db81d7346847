// Writes Automerge changes as no honest replica would: takes real ones apart into their fields and columns, puts them
// together again with a right envelope, and codes columns by hand. For tests of the document gate alone.
import { sha256 } from '../../lib/identity/hash.ts';
import { ByteReader } from '../../lib/space/documents/gate/byte-reader.ts';
import { concatBytes, fromHex, toHex } from '../../lib/wire/bytes.ts';
import {
  booleans,
  deltas,
  optional,
  prefixed,
  runs,
  signed,
  texts,
  unsigned,
} from './column-codes.ts';

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
  return [...codePlaces(ops), ...codeContents(ops)];
}

function codePlaces(ops: readonly ForgedOp[]): [number, Uint8Array][] {
  const objects = ops.map((op) => op.object ?? NOWHERE);
  const elements = ops.map(({ element }) => (element === 'head' ? HEAD : (element ?? NOWHERE)));
  const keys = ops.map((op) => op.key ?? null);
  const actors = (ids: typeof elements) => ids.map(([actor]) => actor);
  const counters = (ids: typeof elements) => ids.map(([, counter]) => counter);
  return [
    [COL.objectActor, optional(actors(objects), runs)],
    [COL.objectCounter, optional(counters(objects), runs)],
    [COL.keyActor, optional(actors(elements), runs)],
    [COL.keyCounter, optional(counters(elements), deltas)],
    [COL.keyText, optional(keys, texts)],
    [COL.insert, booleans(ops.map((op) => op.insert ?? false))],
  ];
}

type CodedId = readonly [actor: number | null, counter: number | null];
const NOWHERE: CodedId = [null, null];
const HEAD: CodedId = [null, 0];

function codeContents(ops: readonly ForgedOp[]): [number, Uint8Array][] {
  const preds = ops.flatMap((op) => op.preds ?? []);
  const meta = (op: ForgedOp) => (op.value?.[0] ?? 0) + (op.value?.[1].length ?? 0) * 16;
  const expands = ops.map((op) => op.expand ?? false);
  const marks = ops.map((op) => op.mark ?? null);
  return [
    [COL.action, runs(ops.map((op) => op.action))],
    [COL.valueMeta, runs(ops.map(meta))],
    [COL.values, concatBytes(...ops.map((op) => op.value?.[1] ?? none))],
    [COL.predCount, runs(ops.map((op) => op.preds?.length ?? 0))],
    [COL.predActor, runs(preds.map(([actor]) => actor))],
    [COL.predCounter, deltas(preds.map(([, counter]) => counter))],
    [COL.expand, expands.includes(true) ? booleans(expands) : none],
    [COL.markName, optional(marks, texts)],
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

function hex(text: string): Uint8Array {
  const bytes = fromHex(text);
  if (bytes === null) throw new Error(`not hex: ${text}`);
  return bytes;
}
