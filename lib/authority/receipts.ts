// What is written after a call. A call that ran is charged in full, whatever came of it, so that the number of
// entries is bounded by the grant; one that was stopped between reserve and run is charged nothing.
import type { Amounts, Receipt } from '../wire/authority.ts';
import { AUTHORITY_LIMITS, AUTHORITY_VERSION } from '../wire/authority.ts';
import type { Failure, FailureCode, Result } from '../wire/failure.ts';
import { printable } from '../wire/printable.ts';
import { isNothing, NOTHING } from './amounts.ts';
import type { QuietReceipts } from './quiet-receipts.ts';
import type { Scribe } from './scribe.ts';

export interface Note {
  readonly agent: string;
  readonly tool: string;
  readonly origin: string | null;
}

export interface Receipts {
  /** The call never got as far as setting its cost aside. */
  refused(note: Note, failure: Failure): Promise<void>;
  /** Its cost was set aside, but it was not run. */
  unrun(reservation: string | null, note: Note, failure: Failure): Promise<void>;
  ran(
    reservation: string | null,
    note: Note,
    cost: Amounts,
    done: Result<{ readonly summary: string }>,
  ): Promise<void>;
  /** What an earlier life of this node left open: counts as spent, outcome unknown. */
  abandoned(reservation: string, note: Note, cost: Amounts): Promise<void>;
}

/** After these the page may or may not have been changed. */
const IN_DOUBT: ReadonlySet<FailureCode> = new Set([
  'timeout',
  'cancelled',
  'stopped',
  'closed',
  'internal',
]);

export function createReceipts(scribe: Scribe, quiet: QuietReceipts, now: () => number): Receipts {
  const make = (
    note: Note,
    rest: Pick<Receipt, 'outcome' | 'summary'> & Partial<Receipt>,
  ): Receipt => {
    const { origin } = note;
    return {
      v: AUTHORITY_VERSION,
      kind: 'receipt',
      reservation: null,
      agent: note.agent,
      tool: note.tool,
      charged: NOTHING,
      labels: [...(scribe.book.agent(note.agent)?.labels ?? [])],
      count: 1,
      at: now(),
      ...(origin === null ? {} : { origin: origin.slice(0, AUTHORITY_LIMITS.originChars) }),
      ...rest,
      summary: printable(rest.summary, AUTHORITY_LIMITS.summaryChars),
    };
  };
  const write = async (receipt: Receipt) => {
    const { reservation, agent } = receipt;
    if (reservation === null) {
      const current = scribe.book.agent(agent)?.current ?? null;
      return quiet.record(receipt, current !== null);
    }
    await quiet.flush(agent);
    // If this cannot be written the reservation stays open, which counts as spent.
    await scribe.write(receipt);
  };
  return {
    refused: (note, { code, message }) =>
      write(make(note, { outcome: 'refused', code, summary: message })),
    unrun: (reservation, note, { code, message }) =>
      write(make(note, { reservation, outcome: 'refused', code, summary: message })),
    ran: (reservation, note, cost, done) =>
      write(make(note, { reservation, charged: cost, ...outcomeOf(cost, done) })),
    abandoned: (reservation, note, cost) =>
      write(
        make(note, {
          reservation,
          charged: cost,
          outcome: 'unknown',
          code: 'closed',
          summary: 'The browser closed before this call was settled. It counts as spent.',
        }),
      ),
  };
}

function outcomeOf(
  cost: Amounts,
  done: Result<{ readonly summary: string }>,
): Pick<Receipt, 'outcome' | 'summary'> & Partial<Receipt> {
  if (done.ok) return { outcome: 'ok', summary: done.value.summary };
  const { code, message } = done.failure;
  const changes = cost.writes > 0 && !isNothing(cost);
  return { outcome: changes && IN_DOUBT.has(code) ? 'unknown' : 'failed', code, summary: message };
}
