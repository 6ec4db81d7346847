// Who gets to the gate at all: an agent with a grant in force, one that the launch preauthorised, or one that
// its person allows while the call waits.
import type { AgentIdentity, GrantDraft } from '../wire/authority.ts';
import { ok, type Result } from '../wire/failure.ts';
import type { Book, GrantState } from './book.ts';
import { liveGrant } from './checks.ts';
import type { Pairings } from './pairings.ts';
import { abortFailure } from './running.ts';

export interface Admission {
  /** Settles ok once the agent has a grant, however it came by it. */
  admit(agent: AgentIdentity, signal: AbortSignal): Promise<Result<null>>;
  /** Gives an agent what the launch preauthorised, before a call that needs no grant tells of it. Asks nobody. */
  welcome(agent: AgentIdentity): Promise<void>;
}

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

export function createAdmission(parts: AdmissionParts): Admission {
  const { preauthorised, pairings } = parts;
  const admit = async (agent: AgentIdentity, signal: AbortSignal): Promise<Result<null>> => {
    const before = live(parts, agent);
    if (before.ok) return ok(null);
    if (!isNew(before)) return before;
    if (preauthorised !== null) return parts.grantOnce(agent, preauthorised);
    const request = pairings.request(agent);
    if (!request.ok) return request;
    await pairings.answer(agent.did, parts.waitMs, signal);
    if (signal.aborted) return { ok: false, failure: abortFailure(signal) };
    const after = live(parts, agent);
    return after.ok ? ok(null) : after;
  };
  return {
    admit,
    welcome: async (agent) => {
      if (preauthorised !== null && isNew(live(parts, agent))) {
        await parts.grantOnce(agent, preauthorised);
      }
    },
  };
}

function isNew(state: Result<GrantState>): boolean {
  return !state.ok && state.failure.code === 'pairing_required';
}

function live(
  { book, now, node, person }: AdmissionParts,
  agent: AgentIdentity,
): Result<GrantState> {
  const asking = { person: person().name, agent: agent.name };
  return liveGrant(book.agent(agent.did), { asking, now: now(), node });
}
