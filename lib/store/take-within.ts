// Cuts a run of entries to a batch.
import type { ReadLimits, StoredEntry } from './entry-store.ts';

/** The longest prefix within the limits; the first entry always, however large. */
export function takeWithin(entries: readonly StoredEntry[], limits: ReadLimits): StoredEntry[] {
  const taken: StoredEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    bytes += entry.bytes.length;
    if (taken.length >= limits.maxEntries || (taken.length > 0 && bytes > limits.maxBytes)) break;
    taken.push(entry);
  }
  return taken;
}
