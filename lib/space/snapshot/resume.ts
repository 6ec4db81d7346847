// Whether a kept snapshot of a space still goes with its log, and what of the log it needs to go on.
import type { Replica } from '../../log/replica.ts';
import { readStoredEntry, type Entry } from '../../log/seal.ts';
import { equalBytes } from '../../wire/bytes.ts';
import type { EntryRef } from '../document-tail.ts';
import type { IntakeState } from '../intake.ts';

const ONE = { maxEntries: 1, maxBytes: 1 };

/** Whether the log still holds, for each author, the entry up to which it was taken in. */
export async function isOfLog(
  replica: Replica,
  space: string,
  { taken }: IntakeState,
): Promise<boolean> {
  const heads = await replica.heads(space);
  for (const [author, seq, hash] of taken) {
    const head = heads.get(author);
    if (head === undefined || head.seq < seq) return false;
    const there = head.seq === seq ? head : (await replica.read(space, author, seq, ONE))[0];
    if (there === undefined || !equalBytes(there.hash, hash)) return false;
  }
  return true;
}

/** The entries at these places, not opened. */
export async function entriesAt(
  replica: Replica,
  space: string,
  refs: readonly EntryRef[],
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const { author, seq } of refs) {
    const [stored] = await replica.read(space, author, seq, ONE);
    const entry = stored?.seq === seq ? readStoredEntry(stored.bytes) : null;
    if (entry?.ok === true) entries.push(entry.value);
  }
  return entries;
}
