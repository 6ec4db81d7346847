// What a grant and the policy say about one call, decided from the book alone: no waiting, so that the same
// checks can be made again in the very step that sets the cost aside.
import type { Amounts } from '../wire/authority.ts';
import { ok, type Result } from '../wire/failure.ts';
import { fits, plus } from './amounts.ts';
import type { AgentState, GrantState } from './book.ts';
import { createOriginScope, originOf } from './origins.ts';
import type { PolicyRule } from './policy.ts';
import * as refusals from './refusals.ts';

/** Where a call would act. */
export interface Target {
  /** Addresses of pages it reads, changes or opens. */
  readonly urls: readonly string[];
  /** Ids of spaces it reads or writes. */
  readonly spaces: readonly string[];
  /** The same in a line, for the digest: tab handle and address, or space. */
  readonly where: string;
}

export const NOWHERE: Target = { urls: [], spaces: [], where: '' };

export interface Question {
  readonly asking: refusals.Asking;
  readonly tool: string;
  readonly cost: Amounts;
  readonly target: Target;
  readonly rule: PolicyRule;
  readonly now: number;
  /** This node, the only one whose grants count here. */
  readonly node: string;
  readonly protectedOrigins: () => readonly string[];
}

/** The grant that allows the call, or the refusal that names what is missing. */
export function check(agent: AgentState | null, question: Question): Result<GrantState> {
  const live = liveGrant(agent, question);
  if (!live.ok) return live;
  const state = live.value;
  const { asking, tool, target, rule } = question;
  const { scope } = state.grant;
  if (scope.tools !== 'all' && !scope.tools.includes(tool))
    return refusals.toolNotAllowed(asking, tool);
  for (const space of target.spaces) {
    if (!coversSpace(state, space)) return refusals.spaceNotAllowed(asking, space);
  }
  for (const url of target.urls) {
    const allowed = checkOrigin(state, url, question);
    if (!allowed.ok) return allowed;
    const others = (agent?.labels ?? []).filter((label) => label !== originOf(url));
    if (rule.flow === 'same_origin' && others.length > 0) {
      return refusals.flowNotAllowed(asking, others, originOf(url) ?? url);
    }
  }
  return covers(state, question.cost)
    ? ok(state)
    : refusals.exhausted(asking, state, question.cost);
}

type Standing = Pick<Question, 'asking' | 'now' | 'node'>;

/** The grant in force, whatever it covers. */
export function liveGrant(agent: AgentState | null, standing: Standing): Result<GrantState> {
  const { asking, now, node } = standing;
  if (agent?.stopped) return refusals.halted(asking, agent.stopped.reason);
  const current = agent?.current ?? null;
  if (current === null || current.grant.node !== node) return refusals.unpaired(asking);
  if (current.revoked !== null || current.grant.expiresAt <= now)
    return refusals.lapsed(asking, current);
  return ok(current);
}

export function checkOrigin(
  state: GrantState,
  url: string,
  { asking, protectedOrigins }: Pick<Question, 'asking' | 'protectedOrigins'>,
): Result<null> {
  const { origins } = state.grant.scope;
  if (createOriginScope(origins, protectedOrigins).allows(url)) return ok(null);
  const origin = originOf(url);
  if (origin === null) return refusals.neverAllowed(printableAddress(url));
  return refusals.originNotAllowed(asking, origin, origins);
}

export function coversSpace(state: GrantState, space: string): boolean {
  const { spaces } = state.grant.scope;
  return spaces === 'all' || spaces.includes(space);
}

function covers(state: GrantState, cost: Amounts): boolean {
  return fits(plus(plus(state.used, state.reserved), cost), state.grant.limits);
}

/** The kind of page only: a local path or an extension's address is none of the agent's business. */
function printableAddress(url: string): string {
  return URL.canParse(url) ? `A ${new URL(url).protocol} page` : 'This page';
}
