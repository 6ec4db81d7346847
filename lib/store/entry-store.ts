// The contract of storage for logs: entries by (space, author, seq), their heads, and proofs of forks.
// It checks links, not signatures: what is appended was verified before.
import type { Result } from '../wire/failure.ts';
import type { Head } from '../wire/sync-message.ts';

/** One entry as storage sees it. `space` and `author` are lower-case hex. */
export interface StoredEntry {
  readonly author: string;
  readonly seq: number;
  /** Hash of the entry's header. */
  readonly hash: Uint8Array;
  /** Hash of the author's previous entry, null at seq 1. */
  readonly prev: Uint8Array | null;
  readonly bytes: Uint8Array;
}

/** Two validly signed entries of one author at one seq. Kept for ever, gossiped. */
export interface ForkProof {
  readonly author: string;
  readonly seq: number;
  readonly first: Uint8Array;
  readonly second: Uint8Array;
}

export interface ReadLimits {
  readonly maxEntries: number;
  /** At least one entry is returned even if it alone is larger. */
  readonly maxBytes: number;
}

export interface EntryStore {
  heads(space: string): Promise<Head[]>;
  /**
   * Appends all or nothing, durably before it settles. Each entry must extend its author's head, in the order given.
   * Failures: `conflict` (a link does not fit the head at that moment), `storage_full`.
   */
  append(space: string, entries: readonly StoredEntry[]): Promise<Result<void>>;
  /** Entries of one author from `fromSeq` on, in order, as far as the limits allow. */
  read(space: string, author: string, fromSeq: number, limits: ReadLimits): Promise<StoredEntry[]>;
  /**
   * Takes what an author wrote after `seq` out of the log, all or nothing, because the history that goes on there is
   * another one. A store that has an author's own use for it keeps it aside; others forget it. Failure: `storage_full`.
   */
  cutBack(space: string, author: string, seq: number): Promise<Result<void>>;
  /** What was taken out of logs and not forgotten since, by author and seq. */
  aside(space: string): Promise<StoredEntry[]>;
  forgetAside(space: string, hashes: readonly Uint8Array[]): Promise<void>;
  /** Keeps the first proof for a place of an author; later ones change nothing. */
  addFork(space: string, proof: ForkProof): Promise<void>;
  forks(space: string): Promise<ForkProof[]>;
  /** Forgets everything of a space. */
  drop(space: string): Promise<void>;
  close(): void;
}
