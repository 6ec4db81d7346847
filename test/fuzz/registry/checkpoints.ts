// Decoders of checkpoints: the head part, the parts with entries, and how parts are told apart.
import {
  decodeCheckpointHead,
  decodeCheckpointPart,
  encodeCheckpointHead,
  encodeCheckpointPart,
  joinCheckpoint,
  splitCheckpoint,
  type CheckpointRow,
} from '../../../lib/wire/checkpoint.ts';
import type { Random } from '../../simulation/random.ts';
import type { Decoder } from '../decoder.ts';
import { bytesDecoder } from './byte-decoder.ts';

export function checkpointDecoders(): Decoder[] {
  return [
    bytesDecoder('decodeCheckpointHead', head, decodeCheckpointHead, encodeCheckpointHead),
    bytesDecoder('decodeCheckpointPart', part, decodeCheckpointPart, encodeCheckpointPart),
    {
      ...bytesDecoder(
        'splitCheckpoint',
        (random) => joinCheckpoint([head(random), part(random), part(random)]),
        splitCheckpoint,
        joinCheckpoint,
      ),
      covers: [],
    },
  ];
}

function head(random: Random): Uint8Array {
  const author = random.bytes(32);
  const logs = [{ author, count: 1 + random.int(9), hash: random.bytes(32) }];
  const parts = Array.from({ length: random.int(4) }, () => random.bytes(32));
  return encodeCheckpointHead({ space: random.bytes(32), logs, parts });
}

function part(random: Random): Uint8Array {
  const rows = Array.from({ length: 1 + random.int(3) }, (_, i) => row(random, i === 0));
  return encodeCheckpointPart({ author: random.bytes(32), from: 1 + random.int(9), rows });
}

function row(random: Random, isFirst: boolean): CheckpointRow {
  const repeated = <T>(value: T): T | null => (isFirst || random.chance(0.3) ? value : null);
  return {
    segment: repeated(random.bytes(16)),
    control: repeated(random.bytes(32)),
    seen: random.bytes(32),
    epoch: repeated(random.int(3)),
    commitment: repeated(random.bytes(32)),
    nonce: random.bytes(12),
    bodyHash: random.bytes(32),
    bodySize: random.int(300),
    signature: random.bytes(64),
    body: { isOpen: random.chance(0.5), bytes: random.bytes(random.int(40)) },
  };
}
