// How the gate says no. Each refusal names exactly what is missing and what the agent may ask its person for.
import type { Amounts } from '../wire/authority.ts';
import type { Failure, FailureCode } from '../wire/failure.ts';
import type { AgentState, GrantState } from './book.ts';

/** Whose panel it is, for the remedies. */
export interface Asking {
  readonly person: string;
  readonly agent: string;
}

export interface Refusal {
  readonly ok: false;
  readonly failure: Failure;
}

function fail(code: FailureCode, message: string, remedy: string): Refusal {
  return { ok: false, failure: { code, message, remedy } };
}

export function unpaired({ person, agent }: Asking): Refusal {
  return fail(
    'pairing_required',
    `${person} has not allowed ${agent} yet. The request is waiting in the Commonplace side panel.`,
    `Ask ${person} to open the Commonplace side panel and allow ${agent} under Agents, then call again.`,
  );
}

export function tooManyWaiting({ person }: Asking): Refusal {
  return fail(
    'rate_limited',
    'Too many agents are waiting to be allowed.',
    `Ask ${person} to answer the waiting requests in the Commonplace side panel (Agents), then call again.`,
  );
}

export function halted(asking: Asking, reason: string): Refusal {
  const { person, agent } = asking;
  if (reason === 'declined') {
    return fail(
      'permission_denied',
      `${person} said no to ${agent}.`,
      `Do not try again. Only ${person} can change this, in the side panel (Agents → ${agent} → Change).`,
    );
  }
  return fail(
    'stopped',
    `${person} stopped ${agent}. Nothing more was done.`,
    `Do not try again. Only ${person} can let it go on, in the side panel (Agents → ${agent} → Change).`,
  );
}

export function lapsed(asking: Asking, state: GrantState): Refusal {
  const what =
    state.revoked === null
      ? `ended at ${new Date(state.grant.expiresAt).toISOString()}`
      : 'was taken back';
  return fail(
    'permission_denied',
    `The permission of ${asking.agent} ${what}.`,
    change(asking, 'give a new permission'),
  );
}

export function exhausted(asking: Asking, state: GrantState, cost: Amounts): Refusal {
  const { limits } = state.grant;
  const kind =
    state.used.writes + state.reserved.writes + cost.writes > limits.writes ? 'writes' : 'reads';
  const spent = state.used[kind];
  const held = state.reserved[kind];
  const calls = held > 0 ? `${spent} used and ${held} held by calls under way` : `${spent} used`;
  return fail(
    'budget_exhausted',
    `No ${kind} left: this needs ${cost[kind]}, and of ${limits[kind]} ${kind} there are ${calls}.`,
    limits[kind] === 0
      ? change(asking, `allow ${kind}${onScope(state)}`)
      : change(asking, `allow more ${kind}${onScope(state)}`),
  );
}

export function toolNotAllowed(asking: Asking, tool: string): Refusal {
  return fail(
    'permission_denied',
    `The tool ${tool} is not in the permission of ${asking.agent}.`,
    change(asking, `allow ${tool}`),
  );
}

export function originNotAllowed(
  asking: Asking,
  where: string,
  allowed: readonly string[],
): Refusal {
  const list = allowed.length === 0 ? 'no site' : allowed.slice(0, 8).join(', ');
  return fail(
    'permission_denied',
    `${where} is outside the permission of ${asking.agent}, which covers ${list}.`,
    change(asking, `allow ${where}`),
  );
}

export function neverAllowed(where: string): Refusal {
  return fail(
    'permission_denied',
    `${where} is not a web page that an agent may use: only http and https pages can be allowed.`,
    'Use a page whose address begins with http:// or https://.',
  );
}

export function spaceNotAllowed(asking: Asking, space: string): Refusal {
  return fail(
    'permission_denied',
    `The space ${space} is not in the permission of ${asking.agent}.`,
    `${change(asking, 'allow that space')} space_list shows the spaces that are allowed.`,
  );
}

export function flowNotAllowed(asking: Asking, from: readonly string[], to: string): Refusal {
  return fail(
    'permission_denied',
    `${asking.agent} has read ${from.slice(0, 4).join(', ')} and may not act on ${to} with that.`,
    change(asking, 'give a new permission for that site alone'),
  );
}

export function notApproved(asking: Asking, verdict: 'refused' | 'expired'): Refusal {
  return fail(
    'approval_required',
    verdict === 'refused'
      ? `${asking.person} said no to this action.`
      : `${asking.person} did not answer in time, so nothing was done.`,
    verdict === 'refused'
      ? 'Do something else; the same action will be asked about again.'
      : `Ask ${asking.person} to look at the side panel, then call again.`,
  );
}

export function tooBusy(running: number): Refusal {
  return fail(
    'rate_limited',
    `${running} calls of this agent are still running.`,
    'Wait for one of them to finish, then call again.',
  );
}

export function overran(timeoutMs: number): Refusal {
  return fail(
    'timeout',
    `The call did not finish within ${Math.round(timeoutMs / 1000)} s. What it had begun may have happened.`,
    'Look at the page before trying again.',
  );
}

export function cancelled(): Failure {
  return {
    code: 'cancelled',
    message: 'The call was cancelled before it finished. What it had begun may have happened.',
    remedy: 'Look at the page before trying again.',
  };
}

/** How an agent asks for more, in words. */
export function howToAsk(asking: Asking, state: AgentState | null): string {
  return state?.current === null || state === null
    ? `Ask ${asking.person} to allow ${asking.agent} in the Commonplace side panel (Agents).`
    : change(asking, 'allow what is missing');
}

function change({ person, agent }: Asking, what: string): string {
  return `Ask ${person} to ${what} in the Commonplace side panel (Agents → ${agent} → Change).`;
}

function onScope(state: GrantState): string {
  const { origins } = state.grant.scope;
  return origins.length === 0
    ? ''
    : ` on ${origins.slice(0, 3).join(', ')}${origins.length > 3 ? ', …' : ''}`;
}
