// The contract of storage for a node's own settled facts outside the logs: its identity, its spaces, its settings.
// Values are anything that structured clone carries.

export interface RecordStore {
  get(collection: string, key: string): Promise<unknown>;
  put(collection: string, key: string, value: unknown): Promise<void>;
  /** Writes only where nothing stands yet; says whether it wrote. */
  putNew(collection: string, key: string, value: unknown): Promise<boolean>;
  remove(collection: string, key: string): Promise<void>;
  /** Removes a whole collection. */
  drop(collection: string): Promise<void>;
  /** All of a collection, ordered by key. */
  list(collection: string): Promise<readonly { readonly key: string; readonly value: unknown }[]>;
}
