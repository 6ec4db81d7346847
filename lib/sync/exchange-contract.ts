// What the exchange of one space over one channel is made of, and what can be done with it.
import type { Acceptance } from '../log/acceptance.ts';
import type { LogEntry } from '../log/log-entry.ts';
import type { Replica, StoredFrom } from '../log/replica.ts';
import type { Failure } from '../wire/failure.ts';
import type { Head, SyncMessage } from '../wire/sync-message.ts';

export interface ExchangeOptions {
  /** 32 bytes. */
  readonly space: Uint8Array;
  readonly replica: Replica;
  /** Queues a message; returns false when the queue is too full for anything but answers. */
  readonly send: (message: SyncMessage, urgency: 'answer' | 'push') => boolean;
  /** The other sent something an honest replica would not have. */
  readonly onOffence: (failure: Failure) => void;
  /** What the other sent was good, and could not be kept here. */
  readonly onTrouble: (failure: Failure) => void;
  /** What the other holds has changed. */
  readonly onProgress: () => void;
}

export type ExchangeMessage = Extract<SyncMessage, { type: 'have' | 'want' | 'entries' | 'fork' }>;

export interface Exchange {
  /** Says what we hold: the start of everything. */
  start(): Promise<void>;
  receive(message: ExchangeMessage): Promise<void>;
  /** Entries that this replica has stored since, and forks it has proved, from here or from elsewhere. */
  advanced(stored: readonly LogEntry[], forks: Acceptance['forks'], more: StoredFrom): void;
  /** Called when the queue has room again after a push was turned away. */
  drained(): void;
  /** The highest seq of an author that the other is known to hold durably. */
  heldByOther(author: string): number;
  /** The other has said all that it holds. */
  readonly hasHeard: boolean;
  /** What the other has said it holds, by author. */
  readonly named: ReadonlyMap<string, Head>;
  /** Nothing is tried again after this. */
  close(): void;
}
