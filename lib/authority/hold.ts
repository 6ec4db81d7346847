// The middle of the gate: grant, policy, flow and approval, then the cost set aside in the log, durably,
// before anything is done.
import { AUTHORITY_VERSION } from '../wire/authority.ts';
import { ok, type Result } from '../wire/failure.ts';
import { isNothing } from './amounts.ts';
import { check, type Question, type Target } from './checks.ts';
import { digestOfAction } from './digest.ts';
import type { GateParts, GatedCall, Held, Passage, Prepared } from './gated-call.ts';
import { ruleFor } from './policy.ts';
import * as refusals from './refusals.ts';
import { abortFailure } from './running.ts';

/** Only the last step, check and set aside, is serial. */
export async function hold<T>(
  parts: GateParts,
  { call, prepared, running }: Passage<T>,
  target: Target,
): Promise<Result<Held>> {
  const { agent, tool } = call;
  const question = ask(parts, call, prepared, target);
  const allowed = check(parts.scribe.book.agent(agent.did), question);
  if (!allowed.ok) return allowed;
  const digest = digestOfAction({
    agent: agent.did,
    tool,
    args: prepared.args,
    where: target.where,
  });
  const approval = await approve(
    parts,
    question,
    { agent: agent.did, tool, digest },
    running.signal,
  );
  if (!approval.ok) return approval;
  if (isNothing(prepared.cost)) return ok({ reservation: null, grant: allowed.value });
  return parts.turns(async () => {
    if (running.signal.aborted) return { ok: false, failure: abortFailure(running.signal) };
    const again = check(parts.scribe.book.agent(agent.did), { ...question, now: parts.now() });
    if (!again.ok) return again;
    const reservation = parts.newId();
    const written = await parts.scribe.write({
      v: AUTHORITY_VERSION,
      kind: 'reserve',
      id: reservation,
      grant: again.value.grant.id,
      agent: agent.did,
      tool,
      digest,
      cost: prepared.cost,
      ...(approval.value === null ? {} : { approval: approval.value }),
      at: parts.now(),
    });
    return written.ok ? ok({ reservation, grant: again.value }) : written;
  });
}

function ask<T>(
  parts: GateParts,
  { agent, tool }: GatedCall<T>,
  { cost }: Prepared<T>,
  target: Target,
): Question {
  const { now, node, person, policy, protectedOrigins } = parts;
  return {
    asking: { person: person().name, agent: agent.name },
    tool,
    cost,
    target,
    rule: ruleFor(policy, tool, cost),
    now: now(),
    node,
    protectedOrigins,
  };
}

/** The id of a fresh approval of exactly this action, or null where policy asks for none. */
async function approve(
  parts: GateParts,
  { rule, asking, target }: Question,
  action: { agent: string; tool: string; digest: string },
  signal: AbortSignal,
): Promise<Result<string | null>> {
  if (rule.approval === 'none') return ok(null);
  const summary = `${action.tool} ${target.where}`;
  const verdict = await parts.approvals.ask({ ...action, summary }, signal);
  if (!verdict.ok) return verdict;
  if (verdict.value.kind !== 'allowed') return refusals.notApproved(asking, verdict.value.kind);
  const approval = parts.scribe.book.approval(verdict.value.approval);
  const good =
    approval?.decided?.decision === 'allowed' &&
    !approval.used &&
    approval.requested.digest === action.digest &&
    approval.requested.expiresAt > parts.now();
  return good ? ok(verdict.value.approval) : refusals.notApproved(asking, 'expired');
}
