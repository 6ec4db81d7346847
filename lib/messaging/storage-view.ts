// The room that this browser gives Commonplace, as a page shows it.

export interface StorageView {
  readonly usedBytes: number;
  /** Of these, files; the rest is notes, logs and what was read of them. */
  readonly fileBytes: number;
  readonly quotaBytes: number;
  readonly persisted: boolean;
}
