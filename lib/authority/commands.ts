// What the person may do with an agent: allow it, change what it may do, stop it at once, let it go on.
// All of them are written in the same queue as reservations, so the log and the book agree on their order.
import type { AgentIdentity, Grant, GrantDraft, Revoke, Scope } from '../wire/authority.ts';
import { AUTHORITY_VERSION } from '../wire/authority.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import { minus, isNothing, plus } from './amounts.ts';
import { liveGrant } from './checks.ts';
import { canonicalPatterns } from './origins.ts';
import type { Pairings } from './pairings.ts';
import * as refusals from './refusals.ts';
import type { Running } from './running.ts';
import type { Scribe } from './scribe.ts';
import type { Turns } from './turns.ts';

export interface Commands {
  /**
   * Replaces what an agent may do; also how a stopped, declined or expired agent may act again.
   * Failures: `not_found`, `bad_arguments` (an origin pattern), whatever writing it gives.
   */
  change(did: string, draft: GrantDraft): Promise<Result<null>>;
  /**
   * At once: aborts what runs, refuses what comes, takes its tabs back, then writes it down. A failure means
   * that the agent is stopped, but that this may be forgotten when the browser restarts.
   */
  stop(did: string): Promise<Result<null>>;
  /** Gives back what was left when it was stopped, to the same end. Failures: `not_found`, `conflict`. */
  resume(did: string): Promise<Result<null>>;
}

interface InnerCommands extends Commands {
  grant(agent: AgentIdentity, draft: GrantDraft): Promise<Result<null>>;
  /** Grants unless the agent has a grant by now. */
  grantOnce(agent: AgentIdentity, draft: GrantDraft): Promise<Result<null>>;
  decline(agent: AgentIdentity): Promise<Result<null>>;
}

interface CommandParts {
  readonly scribe: Scribe;
  readonly running: Running;
  readonly turns: Turns;
  readonly pairings: Pick<Pairings, 'settle' | 'pending'>;
  readonly now: () => number;
  readonly newId: () => string;
  readonly node: string;
  readonly person: () => { readonly did: string; readonly name: string };
  readonly releaseTabs: (agent: string) => Promise<void>;
}

export function createCommands(parts: CommandParts): InnerCommands {
  const { scribe, turns, pairings, now } = parts;
  const named = (did: string): AgentIdentity | null =>
    scribe.book.agent(did) ??
    pairings.pending().find(({ agent }) => agent.did === did)?.agent ??
    null;

  return {
    grant: (agent, draft) => turns(() => issue(parts, agent, draft)),
    grantOnce: (agent, draft) =>
      turns(async () => {
        const asking = { person: parts.person().name, agent: agent.name };
        const standing = { asking, now: now(), node: parts.node };
        const live = liveGrant(scribe.book.agent(agent.did), standing);
        if (live.ok) return ok(null);
        return live.failure.code === 'pairing_required' ? issue(parts, agent, draft) : live;
      }),
    decline: (agent) => turns(() => record(parts, revocation(agent, 'declined', now()))),
    async change(did, draft) {
      const agent = named(did);
      if (agent === null) return unknownAgent();
      const granted = await turns(() => issue(parts, agent, draft));
      if (granted.ok) pairings.settle(did, 'granted');
      return granted;
    },
    stop: (did) => stop(parts, named(did)),
    resume: (did) => turns(() => resume(parts, did)),
  };
}

async function stop(parts: CommandParts, agent: AgentIdentity | null): Promise<Result<null>> {
  if (agent === null) return unknownAgent();
  const { did, name } = agent;
  const event = revocation(agent, 'stopped', parts.now());
  // In the book before the log: no call may slip through while the log is being written.
  parts.scribe.book.apply(event);
  parts.running.abortAll(
    did,
    refusals.halted({ person: parts.person().name, agent: name }, 'stopped').failure,
  );
  parts.pairings.settle(did, 'declined');
  const [written] = await Promise.all([
    parts.turns(() => record(parts, event)),
    // Tabs that cannot be returned are useless to an agent whose every call is refused.
    parts.releaseTabs(did).catch(() => undefined),
  ]);
  return written;
}

async function resume(parts: CommandParts, did: string): Promise<Result<null>> {
  const agent = parts.scribe.book.agent(did);
  if (agent === null) return unknownAgent();
  const { current } = agent;
  if (current === null || current.revoked === null) return nothingToResume();
  const { grant, used, reserved } = current;
  const limits = minus(grant.limits, plus(used, reserved));
  if (grant.expiresAt <= parts.now() || isNothing(limits)) return nothingToResume();
  return write(parts, agent, { scope: grant.scope, limits, expiresAt: grant.expiresAt });
}

async function issue(
  parts: CommandParts,
  agent: AgentIdentity,
  draft: GrantDraft,
): Promise<Result<null>> {
  const origins = canonicalPatterns(draft.origins);
  if (!origins.ok) return origins;
  const { tools, spaces, reads, writes, minutes } = draft;
  return write(parts, agent, {
    scope: { origins: origins.value, tools, spaces },
    limits: { reads, writes },
    expiresAt: Math.round(parts.now() + minutes * 60_000),
  });
}

async function write(
  parts: CommandParts,
  { did, name, client }: AgentIdentity,
  terms: { scope: Scope; limits: Grant['limits']; expiresAt: number },
): Promise<Result<null>> {
  return record(parts, {
    v: AUTHORITY_VERSION,
    kind: 'grant',
    id: parts.newId(),
    agent: did,
    agentName: name,
    client,
    issuer: parts.person().did,
    node: parts.node,
    ...terms,
    issuedAt: parts.now(),
  });
}

function revocation(agent: AgentIdentity, reason: Revoke['reason'], at: number): Revoke {
  const target = { agent: agent.did, agentName: agent.name };
  return { v: AUTHORITY_VERSION, kind: 'revoke', target, reason, at };
}

async function record(parts: CommandParts, event: Grant | Revoke): Promise<Result<null>> {
  const written = await parts.scribe.write(event);
  return written.ok ? ok(null) : written;
}

function unknownAgent(): Result<never> {
  return fail('not_found', 'No such agent is known here.', 'Choose one from the list of agents.');
}

function nothingToResume(): Result<never> {
  return fail(
    'conflict',
    'There is nothing left of its permission to go on with.',
    'Give it a new permission with Change.',
  );
}
