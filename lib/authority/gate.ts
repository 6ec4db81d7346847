// The one gate before every tool:
//   call → parse → grant? → policy → flow check → approval? → reserve → run → settle → receipt
// Only the step that checks and sets the cost aside is serial; everything else of different calls overlaps.
import type { AgentIdentity } from '../wire/authority.ts';
import { failureOf, ok, type Failure, type Result } from '../wire/failure.ts';
import { liveGrant } from './checks.ts';
import type { Done, Gate, GateParts, GatedCall, Held, Passage, Prepared } from './gated-call.ts';
import { hold } from './hold.ts';
import { originOf } from './origins.ts';
import { createPermit, type Permit } from './permit.ts';
import * as refusals from './refusals.ts';
import { abortFailure, type RunningCall } from './running.ts';

export function createGate(parts: GateParts): Gate {
  return {
    async call(call) {
      const parsed = call.parse();
      if (!parsed.ok) return refuse(parts, call, parsed.failure, null);
      const busy = parts.running.of(call.agent.did).length;
      if (busy >= parts.maxRunningPerAgent) {
        return refuse(parts, call, refusals.tooBusy(busy).failure, null);
      }
      const running = parts.running.begin({
        agent: call.agent.did,
        tool: call.tool,
        since: parts.now(),
        outer: call.signal,
      });
      parts.changed();
      try {
        return await pass(parts, { call, prepared: parsed.value, running });
      } catch (error) {
        return refuse(parts, call, failureOf(error), running.origin);
      } finally {
        parts.running.end(running);
        parts.changed();
      }
    },
  };
}

async function pass<T>(parts: GateParts, passage: Passage<T>): Promise<Result<T>> {
  const { call, prepared, running } = passage;
  if (!prepared.needsGrant) {
    await parts.welcome(call.agent);
    return perform(parts, passage, { reservation: null, grant: null });
  }
  const admitted = await parts.admit(call.agent, running.signal);
  if (!admitted.ok) return refuse(parts, call, admitted.failure, null);
  const target = await prepared.locate(running.signal);
  if (!target.ok) return refuse(parts, call, target.failure, null);
  running.origin = originOf(target.value.urls[0] ?? '');
  const held = await hold(parts, passage, target.value);
  if (!held.ok) return refuse(parts, call, held.failure, running.origin);
  return perform(parts, passage, held.value);
}

async function perform<T>(
  parts: GateParts,
  { call, prepared, running }: Passage<T>,
  held: Held,
): Promise<Result<T>> {
  const note = { agent: call.agent.did, tool: call.tool, origin: running.origin };
  const late = stillAllowed(parts, call.agent, held, running.signal);
  if (!late.ok) {
    await parts.receipts.unrun(held.reservation, note, late.failure);
    return late;
  }
  const permit = createPermit(parts, call.agent, running);
  const done = await withinDeadline(prepared, permit, running);
  const url = done.ok ? done.value.url : undefined;
  const at = url === undefined ? note : { ...note, origin: originOf(url) };
  await parts.receipts.ran(held.reservation, at, prepared.cost, done);
  return done.ok ? ok(done.value.value) : done;
}

/** The person may have stopped the agent while its cost was being set aside. */
function stillAllowed(
  parts: GateParts,
  agent: AgentIdentity,
  held: Held,
  signal: AbortSignal,
): Result<null> {
  if (signal.aborted) return { ok: false, failure: abortFailure(signal) };
  if (held.grant === null) return ok(null);
  const asking = { person: parts.person().name, agent: agent.name };
  const state = parts.scribe.book.agent(agent.did);
  const live = liveGrant(state, { asking, now: parts.now(), node: parts.node });
  return live.ok ? ok(null) : live;
}

/** A tool that does not heed its signal is left behind: its late answer goes nowhere. */
async function withinDeadline<T>(
  prepared: Prepared<T>,
  permit: Permit,
  running: RunningCall,
): Promise<Result<Done<T>>> {
  const { promise, resolve } = Promise.withResolvers<Result<never>>();
  const onAbort = () => resolve({ ok: false, failure: abortFailure(running.signal) });
  running.signal.addEventListener('abort', onAbort, { once: true });
  const { timeoutMs } = prepared;
  const timer = setTimeout(() => running.abort(refusals.overran(timeoutMs).failure), timeoutMs);
  try {
    return await Promise.race([promise, prepared.run(permit)]);
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  } finally {
    clearTimeout(timer);
    running.signal.removeEventListener('abort', onAbort);
  }
}

async function refuse<T>(
  parts: GateParts,
  { agent, tool }: GatedCall<T>,
  failure: Failure,
  origin: string | null,
): Promise<Result<never>> {
  await parts.receipts.refused({ agent: agent.did, tool, origin }, failure);
  return { ok: false, failure };
}
