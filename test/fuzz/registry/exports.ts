// Decoders of what stands in an export of a space.
import { concatBytes } from '../../../lib/wire/bytes.ts';
import { createExportReader, recordLength } from '../../../lib/wire/export-reader.ts';
import { fail, ok, type Result } from '../../../lib/wire/failure.ts';
import {
  decodeExportRecord,
  decodePrivatePart,
  encodeExportRecord,
  encodePrivatePart,
  EXPORT_MAGIC,
  type ExportRecord,
} from '../../../lib/wire/space-export.ts';
import type { Random } from '../../simulation/random.ts';
import type { Decoder } from '../decoder.ts';
import { bytesDecoder } from './byte-decoder.ts';
import { entry } from './messages.ts';

export function exportDecoders(): Decoder[] {
  return [
    bytesDecoder(
      'decodeExportRecord',
      (random) => encodeExportRecord(random.pick(records(random))),
      decodeExportRecord,
      encodeExportRecord,
    ),
    bytesDecoder('decodePrivatePart', privatePart, decodePrivatePart, encodePrivatePart),
    bytesDecoder('createExportReader', file, readWhole, fileOf),
  ];
}

function records(random: Random): ExportRecord[] {
  const lock = random.pick([null, { salt: random.bytes(16), iterations: 600_000 }]);
  const head = { author: random.bytes(32), seq: 1 + random.int(9), hash: random.bytes(32) };
  const certificate = random.bytes(140);
  return [
    { type: 'header', genesis: random.bytes(90), exportedAt: 1_700_000_000_000, certificate, lock },
    { type: 'private', nonce: random.pick([null, random.bytes(12)]), content: privatePart(random) },
    { type: 'entries', entries: [entry(random), entry(random)] },
    { type: 'fork', first: entry(random), second: entry(random) },
    { type: 'end', heads: [head], signature: random.bytes(64) },
  ];
}

function privatePart(random: Random): Uint8Array {
  const key = { epoch: random.int(4), author: random.bytes(32), key: random.bytes(32) };
  const relay = random.pick([null, 'https://relay.example.org']);
  return encodePrivatePart({ name: 'Reef survey', relay, keys: random.pick([[], [key]]) });
}

function file(random: Random): Uint8Array {
  return fileOf(records(random));
}

function fileOf(all: readonly ExportRecord[]): Uint8Array {
  const parts = all.map((record) => encodeExportRecord(record));
  return concatBytes(EXPORT_MAGIC, ...parts.flatMap((bytes) => [recordLength(bytes), bytes]));
}

/** In pieces that fit nothing, as a network or a page would bring it. */
function readWhole(bytes: Uint8Array): Result<readonly ExportRecord[]> {
  const reader = createExportReader();
  const found: ExportRecord[] = [];
  for (let at = 0; at < bytes.length; at += 37) {
    const read = reader.push(bytes.subarray(at, at + 37));
    if (!read.ok) return read;
    found.push(...read.value.map(({ record }) => record));
  }
  return reader.isComplete() ? ok(found) : fail('malformed', 'It ends too early.', '');
}
