// What the stewards have settled about the logs of devices, and how a replica that holds another history of one finds its
// way over to the kept one. It asks from the settled point downwards, because there each entry names the one before it:
// so nobody can lead it onto a third history, and what it holds stays until the kept history is known down to where they part.
import { equalBytes } from '../wire/bytes.ts';
import type { LogEntry } from './log-entry.ts';

export interface LogPlace {
  readonly seq: number;
  /** Name of the entry there. */
  readonly hash: Uint8Array;
}

export interface SettledLog {
  /** The highest place through which the log must pass; null where only a beginning was cut off. */
  readonly keep: LogPlace | null;
  /** Segments of which nothing counts after `seq`. */
  readonly ends: readonly { readonly segment: Uint8Array; readonly seq: number }[];
}

/** By author, hex. */
export type SettledLogs = ReadonlyMap<string, SettledLog>;

export const NOTHING_SETTLED: SettledLogs = new Map();

/** A log whose kept history is being found out. */
export class Crossing {
  readonly keep: LogPlace;
  /** By seq: how the kept entries are called, from `keep` down to `lowest`. */
  readonly #names: Map<number, Uint8Array>;
  #lowest: number;
  #reachesStart = false;
  /** Where the histories part was found: what follows can be taken upwards, by name. */
  isOpen = false;

  constructor(keep: LogPlace) {
    this.keep = keep;
    this.#names = new Map([[keep.seq, keep.hash]]);
    this.#lowest = keep.seq;
  }

  /** The lowest place of which the name is known: the entry to ask for next. */
  get lowest(): number {
    return this.#lowest;
  }

  /** Every entry of the kept history is known by name. */
  get reachesStart(): boolean {
    return this.#reachesStart;
  }

  isKept({ header, hash }: Pick<LogEntry, 'header' | 'hash'>): boolean {
    return this.isNamed(header.seq, hash);
  }

  isNamed(seq: number, hash: Uint8Array): boolean {
    const name = this.#names.get(seq);
    return name !== undefined && equalBytes(name, hash);
  }

  /** A verified entry of this log: if it is one of the kept ones, it tells how the one before it is called. */
  learn(entry: LogEntry): void {
    const { seq, prev } = entry.header;
    if (seq !== this.#lowest || !this.isKept(entry)) return;
    if (prev === null || seq === 1) {
      this.#reachesStart = true;
      return;
    }
    this.#lowest = seq - 1;
    this.#names.set(seq - 1, prev);
  }
}

/** Whether an entry lies beyond the end of its segment. */
export function isEnded(settled: SettledLog | undefined, { segment, seq }: LogEntry['header']) {
  if (segment === undefined) return false;
  return settled?.ends.some((end) => seq > end.seq && equalBytes(end.segment, segment)) ?? false;
}
