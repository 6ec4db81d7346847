// The room that this browser gives Commonplace, as a page shows it.

export interface StorageView {
  readonly usedBytes: number;
  readonly quotaBytes: number;
  readonly persisted: boolean;
}
