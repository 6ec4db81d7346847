// Looks at the past that a checkpoint speaks of: makes each entry again and has it verified and stored, as if a stranger had
// sent it. What was changed in a checkpoint shows here at the latest.
import type { EpochKeys } from '../group/epoch-keys.ts';
import type { Replica } from '../log/replica.ts';
import type { CheckpointEntry, ReadCheckpoint } from '../space/checkpoint/read-checkpoint.ts';
import { remakeEntry } from '../space/checkpoint/remake-entries.ts';
import { toHex } from '../wire/bytes.ts';
import type { Failure } from '../wire/failure.ts';

/** Entries whose signatures were checked, of all that the checkpoint speaks of. */
export interface Checking {
  readonly done: number;
  readonly total: number;
}

/** Of a held space. */
export interface CheckedSpace {
  readonly keys: EpochKeys;
  readonly record: { readonly id: string };
}

export interface CheckOptions {
  readonly replica: Replica;
  readonly signal: AbortSignal;
  readonly onProgress: (checking: Checking) => void;
}

const AT_ONCE = 100;

/** Why it stopped, if it did not come to the end; null when it was told to stop too. */
export async function checkAll(
  held: CheckedSpace,
  checkpoint: ReadCheckpoint,
  { replica, signal, onProgress }: CheckOptions,
): Promise<Failure | null> {
  let done = 0;
  for (const part of checkpoint.entries()) {
    if (!part.ok) return part.failure;
    for (let from = 0; from < part.value.length; from += AT_ONCE) {
      if (signal.aborted) return null;
      const slice = part.value.slice(from, from + AT_ONCE);
      const failure = await storeSlice(held, slice, replica);
      if (failure !== null) return failure;
      done += slice.length;
      onProgress({ done, total: checkpoint.size });
    }
  }
  return null;
}

async function storeSlice(
  { keys, record }: CheckedSpace,
  slice: readonly CheckpointEntry[],
  replica: Replica,
): Promise<Failure | null> {
  const heads = await replica.heads(record.id);
  const lacking = slice.filter(
    ({ header }) => header.seq > (heads.get(toHex(header.author))?.seq ?? 0),
  );
  const entries: Uint8Array[] = [];
  for (const remade of await Promise.all(lacking.map((entry) => remakeEntry(entry, keys)))) {
    if (!remade.ok) return remade.failure;
    entries.push(remade.value);
  }
  const { offence, trouble } = await replica.accept(record.id, entries);
  return offence ?? trouble;
}
