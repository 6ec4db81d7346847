// A call on its way through the gate: what the tools give it, and what it needs from the rest of this room.
import type { AgentIdentity, Amounts } from '../wire/authority.ts';
import type { Result } from '../wire/failure.ts';
import type { Approvals } from './approvals.ts';
import type { GrantState } from './book.ts';
import type { Target } from './checks.ts';
import type { Permit } from './permit.ts';
import type { Policy } from './policy.ts';
import type { Receipts } from './receipts.ts';
import type { Running, RunningCall } from './running.ts';
import type { Scribe } from './scribe.ts';
import type { Turns } from './turns.ts';

/** What a call came to: the answer, and a line about it for the receipt. */
export interface Done<T> {
  readonly value: T;
  readonly summary: string;
  /** Address of the page it ended on. */
  readonly url?: string;
}

/** A call whose arguments have been read. */
export interface Prepared<T> {
  readonly args: unknown;
  readonly cost: Amounts;
  /** False for the one question that anybody may ask: what may I do? Such a call must cost nothing. */
  readonly needsGrant: boolean;
  readonly timeoutMs: number;
  /** Finds out where it would act, without acting or reading. */
  locate(signal: AbortSignal): Promise<Result<Target>>;
  run(permit: Permit): Promise<Result<Done<T>>>;
}

export interface GatedCall<T> {
  readonly agent: AgentIdentity;
  /** Its name if there is such a tool, `unknown_tool` if not. */
  readonly tool: string;
  readonly signal: AbortSignal;
  parse(): Result<Prepared<T>>;
}

export interface Gate {
  /** Never rejects. */
  call<T>(call: GatedCall<T>): Promise<Result<T>>;
}

export interface GateParts {
  readonly scribe: Scribe;
  readonly receipts: Receipts;
  readonly running: Running;
  readonly turns: Turns;
  readonly approvals: Approvals;
  readonly policy: Policy;
  readonly now: () => number;
  readonly newId: () => string;
  readonly node: string;
  readonly person: () => { readonly did: string; readonly name: string };
  readonly protectedOrigins: () => readonly string[];
  readonly maxRunningPerAgent: number;
  /** Settles ok once the agent has a grant, however it came by it. */
  readonly admit: (agent: AgentIdentity, signal: AbortSignal) => Promise<Result<null>>;
  readonly welcome: (agent: AgentIdentity) => Promise<void>;
  readonly changed: () => void;
}

/** Everything about one call that its steps share. */
export interface Passage<T> {
  readonly call: GatedCall<T>;
  readonly prepared: Prepared<T>;
  readonly running: RunningCall;
}

/** What was set aside, or null for a call that costs nothing. */
export interface Held {
  readonly reservation: string | null;
  readonly grant: GrantState | null;
}
