// Reads a checkpoint that came from elsewhere: that it is the one that stewards certified, part after part, and that its
// rows lead link by link to the certified heads. Signatures and seals are looked at later, when the entries are made again.
import { hashOf } from '../../identity/hash.ts';
import { equalBytes } from '../../wire/bytes.ts';
import {
  decodeCheckpointHead,
  decodeCheckpointPart,
  splitCheckpoint,
  type CheckpointHead,
  type CheckpointPart,
  type CheckpointRow,
} from '../../wire/checkpoint.ts';
import { decodeBody, type EntryBody } from '../../wire/entry-body.ts';
import { encodeHeader, type EntryHeader } from '../../wire/entry.ts';
import { fail, ok, type Result } from '../../wire/failure.ts';
import { checkpointHash, checkpointPartHash } from './make-checkpoint.ts';

/** What the control log says of a checkpoint. */
export interface CertifiedCheckpoint {
  /** 32 bytes. */
  readonly space: Uint8Array;
  readonly snapshot: Uint8Array;
  readonly heads: readonly {
    readonly device: Uint8Array;
    readonly seq: number;
    readonly hash: Uint8Array | null;
  }[];
}

/** An entry as a checkpoint has it. */
export interface CheckpointEntry {
  readonly header: EntryHeader;
  readonly headerBytes: Uint8Array;
  /** The entry's name. */
  readonly hash: Uint8Array;
  readonly signature: Uint8Array;
  /** Sealed, where whoever made the checkpoint could not open it. */
  readonly body:
    { readonly open: EntryBody; readonly bytes: Uint8Array } | { readonly sealed: Uint8Array };
}

export interface ReadCheckpoint {
  readonly head: CheckpointHead;
  /** Entries in all. */
  readonly size: number;
  /** The entries, author after author. Ends at the first thing that is wrong: a failure `bad_signature` or `malformed`. */
  entries(): Generator<Result<readonly CheckpointEntry[]>>;
}

/** Failures: `malformed`, `not_canonical`, `too_large`, `bad_signature` (not what was certified). */
export function readCheckpoint(
  certified: CertifiedCheckpoint,
  bytes: Uint8Array,
): Result<ReadCheckpoint> {
  const split = splitCheckpoint(bytes);
  if (!split.ok) return split;
  const [headBytes, ...parts] = split.value;
  if (headBytes === undefined) return NOT_CERTIFIED;
  if (!equalBytes(checkpointHash(headBytes), certified.snapshot)) return NOT_CERTIFIED;
  const head = decodeCheckpointHead(headBytes);
  if (!head.ok) return head;
  if (!fits(head.value, certified) || parts.length !== head.value.parts.length)
    return NOT_CERTIFIED;
  const size = head.value.logs.reduce((sum, { count }) => sum + count, 0);
  return ok({ head: head.value, size, entries: () => entriesOf(head.value, parts) });
}

function fits({ space, logs }: CheckpointHead, certified: CertifiedCheckpoint): boolean {
  const heads = certified.heads.filter(({ seq }) => seq > 0);
  return (
    equalBytes(space, certified.space) &&
    logs.length === heads.length &&
    logs.every(({ author, count, hash }, i) => {
      const point = heads[i];
      if (point?.hash === undefined || point.hash === null) return false;
      return (
        equalBytes(point.device, author) && point.seq === count && equalBytes(point.hash, hash)
      );
    })
  );
}

/** Where a reader stands in the logs of a checkpoint. */
interface Position {
  log: number;
  seq: number;
  prev: Uint8Array | null;
}

function* entriesOf(
  head: CheckpointHead,
  parts: readonly Uint8Array[],
): Generator<Result<readonly CheckpointEntry[]>> {
  const at: Position = { log: 0, seq: 0, prev: null };
  for (const [index, bytes] of parts.entries()) {
    const expected = head.parts[index];
    if (expected === undefined || !equalBytes(checkpointPartHash(bytes), expected)) {
      return yield NOT_CERTIFIED;
    }
    const part = decodeCheckpointPart(bytes);
    const entries = part.ok ? entriesIn(head, part.value, at) : part;
    yield entries;
    if (!entries.ok) return;
  }
  if (at.log !== head.logs.length) yield BROKEN;
}

function entriesIn(
  head: CheckpointHead,
  { author, from, rows }: CheckpointPart,
  at: Position,
): Result<readonly CheckpointEntry[]> {
  const log = head.logs[at.log];
  if (log === undefined || !equalBytes(log.author, author) || from !== at.seq + 1) return BROKEN;
  const entries: CheckpointEntry[] = [];
  for (const row of rows) {
    const entry = entryOf(row, { space: head.space, author, at, before: entries.at(-1)?.header });
    if (!entry.ok) return entry;
    entries.push(entry.value);
    [at.seq, at.prev] = [at.seq + 1, entry.value.hash];
  }
  if (at.seq > log.count) return BROKEN;
  if (at.seq < log.count) return ok(entries);
  if (at.prev === null || !equalBytes(at.prev, log.hash)) return BROKEN;
  [at.log, at.seq, at.prev] = [at.log + 1, 0, null];
  return ok(entries);
}

interface RowPlace {
  readonly space: Uint8Array;
  readonly author: Uint8Array;
  readonly at: Position;
  readonly before: EntryHeader | undefined;
}

function entryOf(
  row: CheckpointRow,
  { space, author, at, before }: RowPlace,
): Result<CheckpointEntry> {
  const segment = row.segment ?? before?.segment;
  const control = row.control ?? before?.control;
  const commitment = row.commitment ?? before?.commitment;
  const epoch = row.epoch ?? before?.epoch;
  if (!segment || !control || !commitment || epoch === undefined) return BROKEN;
  const { seen, nonce, bodyHash, bodySize, signature, body } = row;
  const place = { space, author, segment, seq: at.seq + 1, prev: at.prev, control, seen };
  const header = { ...place, epoch, commitment, nonce, bodyHash, bodySize };
  const headerBytes = encodeHeader(header);
  const named = { header, headerBytes, hash: hashOf('entry-header', headerBytes), signature };
  if (!body.isOpen) return ok({ ...named, body: { sealed: body.bytes } });
  const open = decodeBody(body.bytes);
  return open.ok ? ok({ ...named, body: { open: open.value, bytes: body.bytes } }) : open;
}

const NOT_CERTIFIED = fail(
  'bad_signature',
  'What came as a checkpoint of this space is not what its stewards certified.',
  'It is not used; the space is read from its log instead.',
);

const BROKEN = fail(
  'bad_signature',
  'A checkpoint of this space does not lead to the heads that its stewards certified.',
  'It is not used; the space is read from its log instead.',
);
