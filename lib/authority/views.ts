// What a person sees of authority: agents with their grant, what runs now, and what was done.
import type { Amounts, Scope } from '../wire/authority.ts';
import { minus, plus } from './amounts.ts';
import type { AgentState, Book, GrantState } from './book.ts';
import type { PendingPairing } from './pairings.ts';
import type { Running } from './running.ts';

export interface GrantSummary {
  readonly id: string;
  readonly scope: Scope;
  readonly limits: Amounts;
  readonly used: Amounts;
  readonly reserved: Amounts;
  readonly left: Amounts;
  readonly expiresAt: number;
}

export interface AgentSummary {
  readonly did: string;
  readonly name: string;
  readonly client: string;
  readonly status: 'waiting' | 'active' | 'stopped' | 'expired';
  /** Null before the first grant. */
  readonly grant: GrantSummary | null;
  readonly running: readonly {
    readonly id: string;
    readonly tool: string;
    readonly since: number;
    readonly origin: string | null;
  }[];
  readonly lastActionAt: number | null;
}

export function agentSummaries(
  book: Book,
  running: Pick<Running, 'of'>,
  pending: readonly PendingPairing[],
  now: number,
): readonly AgentSummary[] {
  const known = book.agents().map((agent) => summarise(agent, running, now));
  const met = new Set(known.map(({ did }) => did));
  const waiting = pending
    .filter(({ agent }) => !met.has(agent.did))
    .map(({ agent }): AgentSummary => ({
      ...agent,
      status: 'waiting',
      grant: null,
      running: [],
      lastActionAt: null,
    }));
  return [...waiting, ...known];
}

export function grantSummary(state: GrantState): GrantSummary {
  const { grant, used, reserved } = state;
  return {
    id: grant.id,
    scope: grant.scope,
    limits: grant.limits,
    used,
    reserved,
    left: minus(grant.limits, plus(used, reserved)),
    expiresAt: grant.expiresAt,
  };
}

function summarise(agent: AgentState, running: Pick<Running, 'of'>, now: number): AgentSummary {
  const { did, name, client, current, lastActionAt } = agent;
  return {
    did,
    name,
    client,
    status: statusOf(agent, now),
    grant: current === null ? null : grantSummary(current),
    running: running.of(did).map(({ id, tool, since, origin }) => ({ id, tool, since, origin })),
    lastActionAt,
  };
}

function statusOf({ stopped, current }: AgentState, now: number): AgentSummary['status'] {
  if (stopped !== null || (current?.revoked ?? null) !== null) return 'stopped';
  return current === null || current.grant.expiresAt <= now ? 'expired' : 'active';
}
