// Where authority is written down: the person's home-space log, seen through the two verbs this room needs.
import type { AuthorityEvent } from '../wire/authority.ts';
import type { Result } from '../wire/failure.ts';

export interface Recorded {
  readonly event: AuthorityEvent;
  /** Hash of the log entry, hex. */
  readonly entry: string;
  /** When the entry was written, milliseconds since 1970. */
  readonly at: number;
}

export interface Ledger {
  /**
   * Writes one event, signed and sealed. Settles once it is durable. A failure means that it was certainly
   * not written; where that is in doubt the promise must reject, and what it reserved counts as spent.
   */
  append(event: AuthorityEvent): Promise<Result<{ readonly entry: string }>>;
  /** Every event of the log, oldest first. Bodies that `parseAuthorityEvent` refuses are left out. */
  replay(): AsyncIterable<Recorded>;
}
