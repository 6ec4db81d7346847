// Makes a checkpoint of a space from its log. Everyone who has the same entries and keys makes the same bytes.
import type { EpochKeys } from '../../group/epoch-keys.ts';
import { hashOf } from '../../identity/hash.ts';
import type { Replica } from '../../log/replica.ts';
import { openEntry, readStoredEntry, type Entry } from '../../log/seal.ts';
import { compareBytes, equalBytes, toHex } from '../../wire/bytes.ts';
import {
  encodeCheckpointHead,
  encodeCheckpointPart,
  joinCheckpoint,
  MAX_PART_ROWS,
  TARGET_PART_BYTES,
  type CheckpointRow,
} from '../../wire/checkpoint.ts';
import { encodeBody } from '../../wire/entry-body.ts';
import { fail, ok, type Result } from '../../wire/failure.ts';
import type { Head } from '../../wire/sync-message.ts';

export interface CheckpointSource {
  /** 32 bytes. */
  readonly space: Uint8Array;
  readonly replica: Pick<Replica, 'read'>;
  readonly keys: EpochKeys;
}

export interface MadeCheckpoint {
  /** 32 bytes: what the control log certifies. */
  readonly hash: Uint8Array;
  /** By ascending author. */
  readonly heads: readonly Head[];
  readonly bytes: Uint8Array;
}

const BATCH = { maxEntries: MAX_PART_ROWS, maxBytes: TARGET_PART_BYTES };

export function checkpointHash(head: Uint8Array): Uint8Array {
  return hashOf('checkpoint', head);
}

export function checkpointPartHash(part: Uint8Array): Uint8Array {
  return hashOf('checkpoint-part', part);
}

/** Up to these heads of devices' logs. Failures: `cancelled`, `not_found` (an entry is not here). */
export async function makeCheckpoint(
  source: CheckpointSource,
  heads: Iterable<Head>,
  signal?: AbortSignal,
): Promise<Result<MadeCheckpoint>> {
  const sorted = [...heads].toSorted((a, b) => compareBytes(a.author, b.author));
  const parts: Uint8Array[] = [];
  for (const head of sorted) {
    for (let from = 1; from <= head.seq;) {
      if (signal?.aborted === true) return CANCELLED;
      const entries = await readEntries(source, head, from);
      if (entries.length === 0) return INCOMPLETE;
      const rows = await rowsOf(entries, source.keys);
      parts.push(encodeCheckpointPart({ author: head.author, from, rows }));
      from += entries.length;
    }
  }
  const logs = sorted.map(({ author, seq: count, hash }) => ({ author, count, hash }));
  const hashes = parts.map(checkpointPartHash);
  const head = encodeCheckpointHead({ space: source.space, logs, parts: hashes });
  return ok({ hash: checkpointHash(head), heads: sorted, bytes: joinCheckpoint([head, ...parts]) });
}

async function readEntries(
  { replica, space }: CheckpointSource,
  { author, seq }: Head,
  from: number,
): Promise<Entry[]> {
  const limits = { ...BATCH, maxEntries: Math.min(BATCH.maxEntries, seq - from + 1) };
  const stored = await replica.read(toHex(space), toHex(author), from, limits);
  return stored.flatMap(({ bytes }) => {
    const entry = readStoredEntry(bytes);
    return entry.ok ? [entry.value] : [];
  });
}

async function rowsOf(entries: readonly Entry[], keys: EpochKeys): Promise<CheckpointRow[]> {
  const bodies = await Promise.all(entries.map((entry) => bodyOf(entry, keys)));
  return entries.map(({ header, signature }, i): CheckpointRow => {
    const before = entries[i - 1]?.header;
    const { segment, control, seen, epoch, commitment, nonce, bodyHash, bodySize } = header;
    return {
      segment: before && equalBytes(before.segment, segment) ? null : segment,
      control: before && equalBytes(before.control, control) ? null : control,
      seen,
      epoch: before?.epoch === epoch ? null : epoch,
      commitment: before && equalBytes(before.commitment, commitment) ? null : commitment,
      nonce,
      bodyHash,
      bodySize,
      signature,
      body: bodies[i] ?? { isOpen: false, bytes: new Uint8Array() },
    };
  });
}

async function bodyOf(entry: Entry, keys: EpochKeys): Promise<CheckpointRow['body']> {
  const key = await keys.authorKey(entry.header.epoch, entry.header.author);
  const opened = key.ok ? await openEntry(entry, key.value) : key;
  return opened.ok
    ? { isOpen: true, bytes: encodeBody(opened.value) }
    : { isOpen: false, bytes: entry.body };
}

const CANCELLED = fail('cancelled', 'Making a checkpoint was stopped.', 'Try again later.');

const INCOMPLETE = fail(
  'not_found',
  'This browser does not have the whole log of the space.',
  'Wait until it has been sent, then try again.',
);
