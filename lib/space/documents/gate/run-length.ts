// Columns of a change: run-length coded numbers, deltas, texts and booleans. A column is read only when it holds exactly
// as many values as there are operations and is coded the one way Automerge itself would code it, since Automerge codes
// a change anew when it saves and must get the same bytes. A run is checked against the count before it is written out.
// Format: automerge.org/automerge-binary-format-spec, section "Column types".
import { MAX_COUNT, refuse, type ByteReader } from './byte-reader.ts';

/** Stands for null where numbers are never negative. */
export const NONE = -1;

type Emit<T> = (value: T | null, from: number, to: number) => void;

/** Unsigned numbers, `NONE` for null; nulls only where `nullable`, and then not nulls alone. */
export function readNumbers(reader: ByteReader, count: number, nullable: boolean): Int32Array {
  const values = new Int32Array(count);
  readRuns(
    reader,
    count,
    nullable,
    () => reader.unsigned(),
    (value, from, to) => values.fill(value ?? NONE, from, to),
  );
  return values;
}

/** Numbers coded as differences; every sum must lie between 0 and 2^31 − 1. Nulls do not count as a step. */
export function readDeltas(reader: ByteReader, count: number, nullable: boolean): Int32Array {
  const values = new Int32Array(count);
  let sum = 0;
  readRuns(
    reader,
    count,
    nullable,
    () => reader.signed(),
    (step, from, to) => {
      for (let i = from; i < to; i++) {
        if (step !== null) sum += step;
        if (sum < 0 || sum > MAX_COUNT) refuse('a counter is out of range');
        values[i] = step === null ? NONE : sum;
      }
    },
  );
  return values;
}

export function readTexts(reader: ByteReader, count: number, maxBytes: number): (string | null)[] {
  const values = Array.from<string | null>({ length: count }).fill(null);
  const readText = () => {
    const length = reader.unsigned();
    if (length === 0 || length > maxBytes) refuse('a key or name is empty or too long');
    return reader.text(length);
  };
  readRuns(reader, count, true, readText, (value, from, to) => values.fill(value, from, to));
  return values;
}

/** Runs of alternating booleans, the first one false and perhaps empty, no other empty. */
export function readBooleans(reader: ByteReader, count: number): Uint8Array {
  const values = new Uint8Array(count);
  let value = 0;
  let at = 0;
  while (!reader.done) {
    const length = reader.unsigned();
    if (length === 0 && (at > 0 || value === 1)) refuse('a run is empty');
    if (length > count - at) refuse('a column is longer than the operations');
    values.fill(value, at, (at += length));
    value = 1 - value;
  }
  if (at !== count) refuse('a column is shorter than the operations');
  return values;
}

/** How many values a column holds in all and how many of them are not `except`; stops as soon as there are more than `max`. */
export function countRuns(reader: ByteReader, max: number, except: number): [number, number] {
  let total = 0;
  let other = 0;
  while (!reader.done) {
    const length = reader.signed();
    const items = length < 0 ? -length : length;
    if (items > max - total) refuse(`it has more than ${max} operations`);
    total += items;
    for (let i = 0; i < (length < 0 ? items : 1); i++) {
      if (reader.unsigned() !== except) other += length < 0 ? 1 : items;
    }
  }
  return [total, other];
}

/** Calls `emit` for every run, one value of a literal at a time. */
function readRuns<T>(
  reader: ByteReader,
  count: number,
  nullable: boolean,
  readValue: () => T,
  emit: Emit<T>,
): void {
  let at = 0;
  let last: T | null | undefined;
  let afterLiteral = false;
  let valued = false;
  while (!reader.done) {
    const length = reader.signed();
    if (length === 0) {
      if (!nullable || last === null) refuse('nulls stand where none may be');
      const nulls = reader.unsigned();
      if (nulls === 0 || nulls > count - at) refuse('a run of nulls has a wrong length');
      emit((last = null), at, (at += nulls));
      afterLiteral = false;
      continue;
    }
    const literal = length < 0;
    const items = literal ? -length : length;
    if (items > count - at) refuse('a column is longer than the operations');
    if (literal ? afterLiteral : length === 1) refuse('a run is not in its canonical form');
    const step = literal ? 1 : items;
    for (const end = at + items; at < end; at += step) {
      const value = readValue();
      if (value === last) refuse('equal values are not in one run');
      emit((last = value), at, at + step);
    }
    afterLiteral = literal;
    valued = true;
  }
  if (at !== count) refuse('a column is shorter than the operations');
  if (!valued && count > 0) refuse('a column of nulls alone is written out');
}
