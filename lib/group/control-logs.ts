// The control logs of all the spaces that a replica keeps, read from its store when first needed, and the check by which
// the replica takes further entries. A relay and a node use the same.
import type { ControlCheck, LogEntry } from '../log/log-entry.ts';
import { NOTHING_SETTLED } from '../log/settlement.ts';
import type { EntryStore } from '../store/entry-store.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { readControl } from './control-entry.ts';
import { createControlLog, type ControlLog } from './control-log.ts';
import { settledIn } from './settled-logs.ts';

export interface ControlLogs {
  /** Null for a space whose genesis is not known here. */
  of(space: string): Promise<ControlLog | null>;
  /** Forgets what is in memory of a space. */
  forget(space: string): void;
  readonly check: ControlCheck;
}

export interface ControlLogsOptions {
  readonly store: EntryStore;
  readonly genesisOf: (space: string) => Promise<Uint8Array | null>;
}

/** Kept in memory; a relay has many more in its store. */
const MAX_LOGS = 500;
const BATCH = { maxEntries: 200, maxBytes: 8 * 1024 * 1024 };

export function createControlLogs(options: ControlLogsOptions): ControlLogs {
  const logs = new Map<string, Promise<ControlLog | null>>();
  const of = (space: string): Promise<ControlLog | null> => {
    const known = logs.get(space) ?? load(options, space);
    logs.delete(space);
    logs.set(space, known);
    const [oldest] = logs.keys();
    if (logs.size > MAX_LOGS && oldest !== undefined) logs.delete(oldest);
    // A space may become known later.
    void known.then((log) => log ?? logs.delete(space)).catch(() => logs.delete(space));
    return known;
  };
  return {
    of,
    forget: (space) => void logs.delete(space),
    check: {
      read: readLogEntry,
      verify: async (space, entry) => {
        const log = await of(space);
        if (log === null) return UNKNOWN_SPACE;
        return log.weigh(entry.bytes);
      },
      stored: async (space, entries) => {
        const log = await of(space);
        for (const { hash } of entries) log?.settle(hash);
      },
      settled: async (space) => {
        const log = await of(space);
        return log === null ? NOTHING_SETTLED : settledIn(log.tip());
      },
    },
  };
}

async function load(options: ControlLogsOptions, space: string): Promise<ControlLog | null> {
  const genesis = await options.genesisOf(space);
  if (genesis === null) return null;
  const log = createControlLog(genesis);
  if (!log.ok) return null;
  for (let seq = 1; ;) {
    const batch = await options.store.read(space, space, seq, BATCH);
    if (batch.length === 0) break;
    for (const { bytes } of batch) await log.value.take(bytes);
    seq += batch.length;
  }
  await takeRivals(options, space, log.value);
  return log.value;
}

/** What was decided a second time at one point is not in the log itself, and freezes it all the same. */
async function takeRivals(
  { store }: ControlLogsOptions,
  space: string,
  log: ControlLog,
): Promise<void> {
  for (const { author, first, second } of await store.forks(space)) {
    if (author !== space) continue;
    await log.take(first);
    await log.take(second);
  }
}

/** A list of three, as every entry with a sealed body is; an entry of a control log has more parts. */
const CONTENT_ENTRY = 0x83;

/** A control entry in the place that it has in the log of the author whose name is the space's own. */
export function readLogEntry(bytes: Uint8Array): Result<LogEntry> | null {
  if (bytes[0] === CONTENT_ENTRY) return null;
  const control = readControl(bytes);
  if (!control.ok) return control;
  const { hash, entry } = control.value;
  const { space, height, prev } = entry;
  const header = { space, author: space, seq: height, prev: height === 1 ? null : prev };
  return ok({ header, hash, bytes });
}

const UNKNOWN_SPACE = fail(
  'not_found',
  'A change of the group came for a space that is not known here.',
  'Open the space first.',
);
