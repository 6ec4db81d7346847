// Takes an export apart as its bytes come, in pieces of any size, and keeps no more of it than one record.
import { concatBytes, equalBytes } from './bytes.ts';
import { fail, ok, type Result } from './failure.ts';
import {
  decodeExportRecord,
  EXPORT_MAGIC,
  MAX_EXPORT_BYTES,
  MAX_RECORD_BYTES,
  type ExportRecord,
} from './space-export.ts';

const LENGTH_BYTES = 4;

export interface ReadRecord {
  readonly record: ExportRecord;
  /** As it stands in the file, without its length. */
  readonly bytes: Uint8Array;
}

export interface ExportReader {
  /**
   * The records that are whole now. They come in one order: header, private, entries, forks, end. After a failure there is
   * nothing more to be had. Failures: as of `decodeExportRecord`, `too_large` for the file.
   */
  push(piece: Uint8Array): Result<readonly ReadRecord[]>;
  /** Whether the last record has come, and nothing after it. */
  isComplete(): boolean;
}

/** The length that stands before a record. */
export function recordLength(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return length;
}

const ORDER = ['header', 'private', 'entries', 'fork', 'end'] as const;

export function createExportReader(): ExportReader {
  let rest: Uint8Array = new Uint8Array();
  let total = 0;
  let begun = false;
  let last: ExportRecord['type'] | null = null;
  const takeMagic = (): boolean => {
    begun = equalBytes(rest.subarray(0, EXPORT_MAGIC.length), EXPORT_MAGIC);
    rest = rest.subarray(EXPORT_MAGIC.length);
    return begun;
  };
  const takeRecord = (): Result<ReadRecord> | null => {
    if (rest.length < LENGTH_BYTES) return null;
    const length = new DataView(rest.buffer, rest.byteOffset).getUint32(0);
    if (length === 0 || length > MAX_RECORD_BYTES) return NO_EXPORT;
    if (rest.length < LENGTH_BYTES + length) return null;
    const bytes = rest.slice(LENGTH_BYTES, LENGTH_BYTES + length);
    rest = rest.subarray(LENGTH_BYTES + length);
    const record = decodeExportRecord(bytes);
    if (!record.ok) return record;
    if (!mayFollow(last, record.value.type)) return NO_EXPORT;
    last = record.value.type;
    return ok({ record: record.value, bytes });
  };
  return {
    push: (piece) => {
      total += piece.length;
      if (total > MAX_EXPORT_BYTES) return TOO_LARGE;
      rest = concatBytes(rest, piece);
      if (!begun && rest.length < EXPORT_MAGIC.length) return ok([]);
      if (!begun && !takeMagic()) return NO_EXPORT;
      const records: ReadRecord[] = [];
      for (let next = takeRecord(); next !== null; next = takeRecord()) {
        if (!next.ok) return next;
        records.push(next.value);
      }
      return ok(records);
    },
    isComplete: () => last === 'end' && rest.length === 0,
  };
}

function mayFollow(last: ExportRecord['type'] | null, next: ExportRecord['type']): boolean {
  if (last === null) return next === 'header';
  if (last === 'end' || next === 'header') return false;
  return ORDER.indexOf(next) >= ORDER.indexOf(last);
}

const NO_EXPORT = fail(
  'malformed',
  'This file is damaged, or is not an export of Commonplace.',
  'Nothing was changed. Choose another file, or ask for it to be exported again.',
);

const TOO_LARGE = fail(
  'too_large',
  'This file is larger than an export may be.',
  'Nothing was changed. Make sure that it is an export of Commonplace.',
);
