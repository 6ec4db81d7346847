// Checkpoints as a steward would make them who means harm: all hashes fit, and what they say is not what was written.
import {
  checkpointHash,
  checkpointPartHash,
  type MadeCheckpoint,
} from '../../lib/space/checkpoint/make-checkpoint.ts';
import {
  decodeCheckpointHead,
  decodeCheckpointPart,
  encodeCheckpointHead,
  encodeCheckpointPart,
  joinCheckpoint,
  splitCheckpoint,
  type CheckpointHead,
  type CheckpointPart,
  type CheckpointRow,
} from '../../lib/wire/checkpoint.ts';
import { decodeBody, encodeBody } from '../../lib/wire/entry-body.ts';
import { unwrap } from '../../lib/wire/failure.ts';

type ChangeRow = (row: CheckpointRow) => readonly CheckpointRow[];

/** The row of the first log that is changed. */
const ROW = 5;

export function poison(
  made: MadeCheckpoint,
  changeRow: ChangeRow,
  changeHead: (head: CheckpointHead) => Partial<CheckpointHead> = () => ({}),
): MadeCheckpoint {
  const [headBytes = new Uint8Array(), ...partBytes] = unwrap(splitCheckpoint(made.bytes));
  const parts = partBytes.map((bytes, index) => {
    const part = unwrap(decodeCheckpointPart(bytes));
    return encodeCheckpointPart(index === 0 ? withRow(part, changeRow) : part);
  });
  const head = { ...unwrap(decodeCheckpointHead(headBytes)), parts: parts.map(checkpointPartHash) };
  const encoded = encodeCheckpointHead({ ...head, ...changeHead(head) });
  const bytes = joinCheckpoint([encoded, ...parts]);
  return { hash: checkpointHash(encoded), heads: made.heads, bytes };
}

/** A row that says of its author that they wrote something else. */
export function withOtherChange(row: CheckpointRow): CheckpointRow[] {
  const body = unwrap(decodeBody(row.body.bytes));
  if (body.kind !== 'change') throw new Error(`row ${ROW} is no change`);
  const change = body.change.map((byte, i) => (i === body.change.length - 1 ? byte ^ 1 : byte));
  return [{ ...row, body: { isOpen: true, bytes: encodeBody({ ...body, change }) } }];
}

function withRow(part: CheckpointPart, change: ChangeRow): CheckpointPart {
  return { ...part, rows: part.rows.flatMap((row, i) => (i === ROW ? change(row) : [row])) };
}
