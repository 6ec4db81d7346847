// A person's yes to one exact action: written down before it is shown, decided before the tool runs, used once.
// Only the extension's own pages call `decide`. No answer in time means no.
import type { ApprovalRequested } from '../wire/authority.ts';
import { AUTHORITY_VERSION } from '../wire/authority.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { printable } from '../wire/printable.ts';
import type { Scribe } from './scribe.ts';

export interface ApprovalAsk {
  readonly agent: string;
  readonly tool: string;
  readonly digest: string;
  readonly summary: string;
}

export type Verdict =
  | { readonly kind: 'allowed'; readonly approval: string }
  | { readonly kind: 'refused' | 'expired' };

/** What the gate needs. */
export interface Approvals {
  ask(ask: ApprovalAsk, signal: AbortSignal): Promise<Result<Verdict>>;
}

/** What the panel needs besides. */
export interface ApprovalDesk extends Approvals {
  waiting(): readonly ApprovalRequested[];
  /** `by` is the did of the person at the panel. Failures: `not_found` (unknown, expired, answered). */
  decide(id: string, decision: 'allowed' | 'refused', by: string): Promise<Result<null>>;
}

export interface ApprovalOptions {
  readonly scribe: Scribe;
  readonly now: () => number;
  readonly newId: () => string;
  readonly waitMs: number;
  readonly maxWaitingPerAgent: number;
}

export function createApprovals(options: ApprovalOptions): ApprovalDesk {
  const { scribe, now, newId } = options;
  const waiters = new Map<string, (verdict: Verdict) => void>();
  const waiting = () =>
    [...waiters.keys()].flatMap((id) => scribe.book.approval(id)?.requested ?? []);

  return {
    waiting,
    async ask(ask, signal) {
      if (waiting().filter((one) => one.agent === ask.agent).length >= options.maxWaitingPerAgent) {
        return fail(
          'rate_limited',
          'Too many of your actions are waiting for an answer.',
          'Wait for the person to answer those, then call again.',
        );
      }
      const id = newId();
      const at = now();
      const written = await scribe.write({
        v: AUTHORITY_VERSION,
        kind: 'approval_requested',
        id,
        ...ask,
        summary: printable(ask.summary, 200),
        at,
        expiresAt: at + options.waitMs,
      });
      if (!written.ok) return written;
      return ok(await answer(waiters, id, options.waitMs, signal));
    },
    async decide(id, decision, by) {
      const settle = waiters.get(id);
      const asked = scribe.book.approval(id);
      if (settle === undefined || asked === null || asked.requested.expiresAt <= now())
        return gone();
      waiters.delete(id);
      const written = await scribe.write({
        v: AUTHORITY_VERSION,
        kind: 'approval_decided',
        id,
        decision,
        by,
        at: now(),
      });
      settle(
        written.ok && decision === 'allowed'
          ? { kind: 'allowed', approval: id }
          : { kind: 'refused' },
      );
      return written.ok ? ok(null) : written;
    },
  };
}

async function answer(
  waiters: Map<string, (verdict: Verdict) => void>,
  id: string,
  waitMs: number,
  signal: AbortSignal,
): Promise<Verdict> {
  const { promise, resolve } = Promise.withResolvers<Verdict>();
  const late = () => resolve({ kind: 'expired' });
  const timer = setTimeout(late, waitMs);
  signal.addEventListener('abort', late, { once: true });
  if (signal.aborted) late();
  waiters.set(id, resolve);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', late);
    waiters.delete(id);
  }
}

function gone(): Result<never> {
  return fail(
    'not_found',
    'This question has been answered already or has run out.',
    'Nothing was done. The agent may ask again.',
  );
}
