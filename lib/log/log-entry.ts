// What replication knows of an entry, whatever it holds: its place, its name, its bytes.
import type { EntryHeader } from '../wire/entry.ts';
import type { Result } from '../wire/failure.ts';
import type { SettledLogs } from './settlement.ts';

export interface LogEntry {
  readonly header: Pick<EntryHeader, 'space' | 'author' | 'seq' | 'prev'> & {
    /** Entries of a control log have none. */
    readonly segment?: Uint8Array;
  };
  /** 32 bytes: the entry's name. */
  readonly hash: Uint8Array;
  /** The entry as it travels and is stored. */
  readonly bytes: Uint8Array;
}

/**
 * The control log travels as the log of one more author, whose name is the space's own id: sync, storage and forks
 * are the same. Only what makes an entry valid differs: a certificate instead of one device's signature.
 */
export interface ControlCheck {
  /** The control entry in these bytes, not yet checked; null when they are of another kind. */
  read(bytes: Uint8Array): Result<LogEntry> | null;
  /** Whether it is certified, given the control log below it. Called in the order in which entries are placed. */
  verify(space: string, entry: LogEntry): Promise<Result<unknown>>;
  /** What is settled about the logs of devices, by the newest state known. The same value as long as nothing changes. */
  settled(space: string): Promise<SettledLogs>;
  /** Verified entries are durable, so that they may be acted upon and named from now on. */
  stored(space: string, entries: readonly LogEntry[]): Promise<void>;
}
