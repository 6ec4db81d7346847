// Receipts of calls that cost nothing (free or refused), written so that a hostile agent cannot fill the log.
// Rule: calls alike in a row (same agent, tool, outcome, code, origin) become one entry with a count, and an agent
// gets at most `burst` such entries at once and one more every `refillMs`; what exceeds that is counted
// into its next entry. Agents without a grant share one allowance. Nothing that was charged passes through here.
import type { Receipt } from '../wire/authority.ts';

export interface QuietReceipts {
  /** Writes it now, or holds it back to be counted. */
  record(receipt: Receipt, known: boolean): Promise<void>;
  /** Writes what is held back for an agent, rate permitting or not: it is one entry at most. */
  flush(did: string): Promise<void>;
}

export interface QuietOptions {
  readonly write: (receipt: Receipt) => Promise<unknown>;
  readonly now: () => number;
  readonly burst: number;
  readonly refillMs: number;
}

const STRANGERS = '';

interface Meter {
  tokens: number;
  refilledAt: number;
  /** What the newest written entry was about; a repeat of it is only counted. */
  last: string;
  held: Receipt | null;
}

export function createQuietReceipts({ write, now, burst, refillMs }: QuietOptions): QuietReceipts {
  const meters = new Map<string, Meter>();
  const meterOf = (did: string): Meter => {
    const meter = meters.get(did) ?? { tokens: burst, refilledAt: now(), last: '', held: null };
    meters.set(did, meter);
    return meter;
  };
  const flush = async (did: string) => {
    const meter = meters.get(did);
    if (!meter?.held) return;
    const { held } = meter;
    meter.held = null;
    meter.last = alike(held);
    await write(held);
  };
  return {
    flush,
    async record(receipt, known) {
      const key = known ? receipt.agent : STRANGERS;
      const meter = meterOf(key);
      refill(meter, now(), burst, refillMs);
      const repeat = alike(receipt) === meter.last;
      const spend = !repeat && meter.tokens >= 1;
      meter.held = meter.held === null ? receipt : merge(meter.held, receipt);
      if (!spend) return;
      meter.tokens -= 1;
      await flush(key);
    },
  };
}

function refill(meter: Meter, at: number, burst: number, refillMs: number): void {
  const earned = Math.floor(Math.max(0, at - meter.refilledAt) / refillMs);
  if (earned === 0) return;
  meter.tokens = Math.min(burst, meter.tokens + earned);
  meter.refilledAt += earned * refillMs;
  // A repeat after a quiet while is worth an entry again.
  meter.last = '';
}

/** The newest stands for all; the count says how many. */
function merge(held: Receipt, next: Receipt): Receipt {
  return { ...next, count: Math.min(1_000_000, held.count + next.count) };
}

function alike({ tool, outcome, code, origin }: Receipt): string {
  return JSON.stringify([tool, outcome, code, origin]);
}
