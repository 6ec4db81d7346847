// The calls under way, so that one press can abort those of an agent and the panel can show them.
import { FailureError, failureOf, type Failure } from '../wire/failure.ts';

export interface RunningCall {
  readonly id: string;
  readonly agent: string;
  readonly tool: string;
  readonly since: number;
  /** Set once it is known; null for calls that touch no page. */
  origin: string | null;
  readonly signal: AbortSignal;
  abort(failure: Failure): void;
}

export interface Running {
  begin(call: { agent: string; tool: string; since: number; outer: AbortSignal }): RunningCall;
  end(call: RunningCall): void;
  of(did: string): readonly RunningCall[];
  abortAll(did: string, failure: Failure): void;
}

export function createRunning(newId: () => string, cancelled: () => Failure): Running {
  const calls = new Map<string, { call: RunningCall; release: () => void }>();
  const of = (did: string) =>
    [...calls.values()].map(({ call }) => call).filter((call) => call.agent === did);
  return {
    of,
    begin({ agent, tool, since, outer }) {
      const controller = new AbortController();
      const abort = (failure: Failure) => controller.abort(new FailureError(failure));
      const onOuter = () => abort(cancelled());
      outer.addEventListener('abort', onOuter, { once: true });
      if (outer.aborted) onOuter();
      const { signal } = controller;
      const call = { id: newId(), agent, tool, since, origin: null, signal, abort };
      calls.set(call.id, { call, release: () => outer.removeEventListener('abort', onOuter) });
      return call;
    },
    end(call) {
      calls.get(call.id)?.release();
      calls.delete(call.id);
    },
    abortAll(did, failure) {
      for (const call of of(did)) call.abort(failure);
    },
  };
}

/** Why a call was aborted. */
export function abortFailure(signal: AbortSignal): Failure {
  return failureOf(signal.reason);
}
