import { expect, test } from 'vitest';
import {
  decodeCheckpointPart,
  encodeCheckpointPart,
  MAX_PART_BYTES,
  type CheckpointRow,
} from '../../../lib/wire/checkpoint.ts';

const bytes = (length: number) => new Uint8Array(length).fill(1);

const ROW: CheckpointRow = {
  segment: bytes(16),
  control: bytes(32),
  seen: bytes(32),
  epoch: 0,
  commitment: bytes(32),
  nonce: bytes(12),
  bodyHash: bytes(32),
  bodySize: 20,
  signature: bytes(64),
  body: { isOpen: true, bytes: bytes(4) },
};
const PART = { author: bytes(32), from: 1, rows: [ROW, { ...ROW, segment: null, epoch: null }] };

test('a part of a checkpoint comes back as it went', () => {
  expect(decodeCheckpointPart(encodeCheckpointPart(PART))).toEqual({ ok: true, value: PART });
});

test('a part whose first row leaves something out is none', () => {
  const wrong = encodeCheckpointPart({ ...PART, rows: PART.rows.toReversed() });
  expect(decodeCheckpointPart(wrong)).toMatchObject({ failure: { code: 'malformed' } });
});

test('a part without rows or beyond its size is refused', () => {
  const empty = encodeCheckpointPart({ ...PART, rows: [] });
  expect(decodeCheckpointPart(empty)).toMatchObject({ failure: { code: 'malformed' } });
  const large = new Uint8Array(MAX_PART_BYTES + 1);
  expect(decodeCheckpointPart(large)).toMatchObject({ failure: { code: 'too_large' } });
});
