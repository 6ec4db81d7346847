// Who gets to the gate at all: an agent with a grant in force, one that the launch preauthorised, or one that
// its person allows while the call waits.
import type { AgentIdentity, GrantDraft } from '../wire/authority.ts';
import { ok, type Result } from '../wire/failure.ts';
import type { Book, GrantState } from './book.ts';
import { liveGrant } from './checks.ts';
import type { Pairings } from './pairings.ts';
import { abortFailure } from './running.ts';

export type Admit = (agent: AgentIdentity, signal: AbortSignal) => Promise<Result<null>>;

export interface AdmissionParts {
  readonly book: Book;
  readonly now: () => number;
  readonly node: string;
  readonly person: () => { readonly name: string };
  readonly preauthorised: GrantDraft | null;
  readonly pairings: Pick<Pairings, 'request' | 'answer'>;
  readonly grantOnce: (agent: AgentIdentity, draft: GrantDraft) => Promise<Result<null>>;
  readonly waitMs: number;
}

export function createAdmission(parts: AdmissionParts): Admit {
  const { preauthorised, pairings } = parts;
  return async (agent, signal) => {
    const before = live(parts, agent);
    if (before.ok) return ok(null);
    if (before.failure.code !== 'pairing_required') return before;
    if (preauthorised !== null) return parts.grantOnce(agent, preauthorised);
    const request = pairings.request(agent);
    if (!request.ok) return request;
    await pairings.answer(agent.did, parts.waitMs, signal);
    if (signal.aborted) return { ok: false, failure: abortFailure(signal) };
    const after = live(parts, agent);
    return after.ok ? ok(null) : after;
  };
}

function live(
  { book, now, node, person }: AdmissionParts,
  agent: AgentIdentity,
): Result<GrantState> {
  const asking = { person: person().name, agent: agent.name };
  return liveGrant(book.agent(agent.did), { asking, now: now(), node });
}
