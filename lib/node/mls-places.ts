// Where this device stands in the MLS groups of its spaces: one record for each space, written in one piece.
import type { MlsMemory, MlsRecord } from '../group/mls-memory.ts';
import type { RecordStore } from '../store/record-store.ts';
import { toHex } from '../wire/bytes.ts';
import { failureOf, ok } from '../wire/failure.ts';

const PLACES = 'mls-places';

/** `device` too, since a profile that was given a new key begins anew. */
export function createMlsMemory(
  records: RecordStore,
  { space, device }: { readonly space: string; readonly device: Uint8Array },
): MlsMemory {
  const key = `${space}:${toHex(device)}`;
  return {
    // Only this file writes these records.
    load: async () => ((await records.get(PLACES, key)) as MlsRecord | undefined) ?? null,
    save: async (record) => {
      try {
        await records.put(PLACES, key, record);
        return ok(null);
      } catch (error) {
        return { ok: false, failure: failureOf(error) };
      }
    },
  };
}
