// What a running tool may ask about its own permission. Answers follow the book as it stands at that moment.
import type { AgentIdentity } from '../wire/authority.ts';
import type { Result } from '../wire/failure.ts';
import { checkOrigin, coversSpace, liveGrant } from './checks.ts';
import type { RunningCall } from './running.ts';
import type { Scribe } from './scribe.ts';

export interface Permit {
  readonly agent: AgentIdentity;
  /** Id of the grant in force, for the mark "by this agent for that person"; null without one. */
  readonly grantId: string | null;
  /** Aborted when the agent is stopped, the caller goes away, or the time is up. */
  readonly signal: AbortSignal;
  /** Whether a page at this address may be read, shown or acted on now. */
  allows(url: string): Result<null>;
  allowsSpace(id: string): boolean;
}

interface PermitParts {
  readonly scribe: Scribe;
  readonly now: () => number;
  readonly node: string;
  readonly person: () => { readonly did: string; readonly name: string };
  readonly protectedOrigins: () => readonly string[];
}

export function createPermit(
  parts: PermitParts,
  agent: AgentIdentity,
  { signal }: RunningCall,
): Permit {
  const live = () => {
    const asking = { person: parts.person().name, agent: agent.name };
    const standing = { asking, now: parts.now(), node: parts.node };
    return { asking, grant: liveGrant(parts.scribe.book.agent(agent.did), standing) };
  };
  const { grant } = live();
  return {
    agent,
    grantId: grant.ok ? grant.value.grant.id : null,
    signal,
    allows(url) {
      const now = live();
      const { protectedOrigins } = parts;
      if (!now.grant.ok) return now.grant;
      return checkOrigin(now.grant.value, url, { asking: now.asking, protectedOrigins });
    },
    allowsSpace(id) {
      const now = live();
      return now.grant.ok && coversSpace(now.grant.value, id);
    },
  };
}
