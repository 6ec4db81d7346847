// The first meeting of an agent and a person: nothing until the person says yes in the panel.
// Requests are folded per agent, bounded in number, outlive the panel and the node's process, and run out.
import { z } from 'zod';
import { parseAgentIdentity, type AgentIdentity, type GrantDraft } from '../wire/authority.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { SessionStore } from './session-store.ts';

export interface PendingPairing {
  readonly id: string;
  readonly agent: AgentIdentity;
  readonly askedAt: number;
  readonly expiresAt: number;
}

export type PairingDecision =
  { readonly allow: true; readonly grant: GrantDraft } | { readonly allow: false };

export type PairingAnswer = 'granted' | 'declined' | 'no_answer';

export interface Pairings {
  /** The request of this agent, made now if there is none. Failure: `rate_limited` when too many wait. */
  request(agent: AgentIdentity): Result<PendingPairing>;
  /** Waits for the person's answer to this agent, for `waitMs` at most. */
  answer(did: string, waitMs: number, signal: AbortSignal): Promise<PairingAnswer>;
  /** Failure: `not_found` when it has been answered or has run out; whatever writing the grant gives. */
  decide(id: string, decision: PairingDecision): Promise<Result<null>>;
  pending(): readonly PendingPairing[];
  /** Takes back an agent's request, because it was answered in another way (stopped, granted elsewhere). */
  settle(did: string, answer: PairingAnswer): void;
}

export interface PairingOptions {
  readonly grant: (agent: AgentIdentity, draft: GrantDraft) => Promise<Result<unknown>>;
  readonly decline: (agent: AgentIdentity) => Promise<Result<unknown>>;
  readonly store: SessionStore;
  readonly now: () => number;
  readonly newId: () => string;
  readonly deadlineMs: number;
  readonly maxPending: number;
  readonly changed: () => void;
}

const KEY = 'pairings';

const stored = z.array(
  z.object({
    id: z.string().max(64),
    agent: z.unknown(),
    askedAt: z.number(),
    expiresAt: z.number(),
  }),
);

export async function createPairings(options: PairingOptions): Promise<Pairings> {
  const { now, changed, store } = options;
  const pending = new Map<string, PendingPairing>();
  const waiters = new Set<{ did: string; resolve: (answer: PairingAnswer) => void }>();
  const deciding = new Set<string>();
  for (const one of await load(store)) pending.set(one.agent.did, one);

  const live = () => {
    for (const [did, one] of pending) if (one.expiresAt <= now()) pending.delete(did);
    return [...pending.values()];
  };
  const keep = () => {
    // Losing this only means that the agent asks again.
    void store.set(KEY, live()).catch(() => undefined);
    changed();
  };
  const settle = (did: string, answer: PairingAnswer) => {
    if (pending.delete(did)) keep();
    for (const waiter of waiters) if (waiter.did === did) waiter.resolve(answer);
  };

  return {
    pending: live,
    settle,
    request(agent) {
      const waiting = live();
      const mine = pending.get(agent.did);
      if (mine !== undefined) return ok(mine);
      if (waiting.length >= options.maxPending) return full();
      const askedAt = now();
      const made = { id: options.newId(), agent, askedAt, expiresAt: askedAt + options.deadlineMs };
      pending.set(agent.did, made);
      keep();
      return ok(made);
    },
    answer: (did, waitMs, signal) => waitFor(waiters, did, waitMs, signal),
    async decide(id, decision) {
      const one = live().find((candidate) => candidate.id === id);
      if (one === undefined || deciding.has(id)) return gone();
      const { agent } = one;
      deciding.add(id);
      const written = decision.allow
        ? await options.grant(agent, decision.grant)
        : await options.decline(agent);
      deciding.delete(id);
      if (!written.ok) return written;
      settle(agent.did, decision.allow ? 'granted' : 'declined');
      return ok(null);
    },
  };
}

async function load(store: SessionStore): Promise<PendingPairing[]> {
  const parsed = stored.safeParse(await store.get(KEY).catch(() => undefined));
  if (!parsed.success) return [];
  return parsed.data.flatMap((one) => {
    const agent = parseAgentIdentity(one.agent);
    return agent.ok ? [{ ...one, agent: agent.value }] : [];
  });
}

async function waitFor(
  waiters: Set<{ did: string; resolve: (answer: PairingAnswer) => void }>,
  did: string,
  waitMs: number,
  signal: AbortSignal,
): Promise<PairingAnswer> {
  const { promise, resolve } = Promise.withResolvers<PairingAnswer>();
  const waiter = { did, resolve };
  const giveUp = () => resolve('no_answer');
  const timer = setTimeout(giveUp, waitMs);
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  waiters.add(waiter);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
    waiters.delete(waiter);
  }
}

function full(): Result<never> {
  return fail(
    'rate_limited',
    'Too many agents are waiting to be allowed.',
    'Ask the person to answer the waiting requests in the Commonplace side panel (Agents), then call again.',
  );
}

function gone(): Result<never> {
  return fail(
    'not_found',
    'This request has been answered already or has run out.',
    'Let the agent call again: it will ask anew.',
  );
}
