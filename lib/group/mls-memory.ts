// What a device keeps of its place in a space's MLS group. All of it is one record, so that a crash leaves either what was
// before or what came after, and the control log leads on from either.
import type { Result } from '../wire/failure.ts';

export interface MlsRecord {
  /** Of the last control entry with an epoch that was followed; 0 before the first. */
  readonly height: number;
  /** 32 bytes: its hash. */
  readonly head: Uint8Array;
  /** The group as of that entry, encoded, with private keys; null when this device has none to go on with. */
  readonly group: Uint8Array | null;
  /** Own drafts above it. MLS lets nobody read their own Commit, so where it leads is kept until something is decided. */
  readonly pending: readonly { readonly commitment: Uint8Array; readonly group: Uint8Array }[];
  /** Of every epoch that this device has held the key of. */
  readonly secrets: ReadonlyMap<number, Uint8Array>;
}

export interface MlsMemory {
  load(): Promise<MlsRecord | null>;
  /** Resolves when it is durable. Failure: `storage_full`. */
  save(record: MlsRecord): Promise<Result<null>>;
}

export function emptyMlsRecord(head: Uint8Array): MlsRecord {
  return { height: 0, head, group: null, pending: [], secrets: new Map() };
}
