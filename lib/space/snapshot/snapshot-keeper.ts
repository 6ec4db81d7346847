// When to keep what was read of a space: after enough has come, and once it is quiet, or has not been for long.

export interface SnapshotKeeperOptions {
  readonly save: () => Promise<void>;
}

/** Entries after which keeping saves more than it costs. */
const ENOUGH = 200;
const QUIET_MS = 2_000;
const LONGEST_MS = 30_000;

export class SnapshotKeeper {
  readonly #save: () => Promise<void>;
  #news = 0;
  #dueMs = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isSaving = false;
  #isStopped = false;

  constructor({ save }: SnapshotKeeperOptions) {
    this.#save = save;
  }

  /** So many entries were taken in. */
  noted(count: number): void {
    this.#news += count;
    this.#schedule();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#isStopped || this.#isSaving || this.#news < ENOUGH) return;
    const nowMs = performance.now();
    this.#dueMs = Math.min(this.#dueMs, nowMs + LONGEST_MS);
    clearTimeout(this.#timer);
    const waitMs = Math.max(0, Math.min(QUIET_MS, this.#dueMs - nowMs));
    this.#timer = setTimeout(() => void this.#run(), waitMs);
  }

  async #run(): Promise<void> {
    this.#isSaving = true;
    this.#news = 0;
    this.#dueMs = Infinity;
    // What cannot be kept is read from the log again next time.
    await this.#save().catch(() => {});
    this.#isSaving = false;
    this.#schedule();
  }
}
