// An authority over a memory ledger, with agents, a clock that tests move, and calls that tests finish.
import { createAuthority, type AuthorityOptions } from '../../lib/authority/authority.ts';
import { NOWHERE } from '../../lib/authority/checks.ts';
import type { GatedCall, Prepared } from '../../lib/authority/gated-call.ts';
import type { Permit } from '../../lib/authority/permit.ts';
import { grantDraft, type AgentIdentity, type GrantDraftInput } from '../../lib/wire/authority.ts';
import { ok, type Result } from '../../lib/wire/failure.ts';
import { createMemoryLedger } from './memory-ledger.ts';
import { createMemorySession } from './memory-session.ts';

export const ADA = { did: 'did:key:z6MkAda1111111111111111111111111', name: 'Ada' };
export const NODE = 'did:key:z6MkNode111111111111111111111111';
export const SITE = 'https://example.org';

export function agent(name = 'Claude'): AgentIdentity {
  const tail = name.replaceAll(/[^1-9A-HJ-NP-Za-km-z]/g, '');
  return { did: `did:key:z6Mk${tail.padEnd(24, '1')}`, name, client: 'test-client 1.0' };
}

export function draft(over: Partial<GrantDraftInput> = {}) {
  return grantDraft.parse({ origins: [SITE], reads: 10, writes: 10, minutes: 60, ...over });
}

export interface Clock {
  now: number;
}

export async function createBench(over: Partial<AuthorityOptions> = {}) {
  const ledger = createMemoryLedger();
  const clock: Clock = { now: 1_700_000_000_000 };
  const released: string[] = [];
  const options: AuthorityOptions = {
    ledger,
    session: createMemorySession(),
    node: NODE,
    person: () => ADA,
    protectedOrigins: () => [],
    preauthorised: null,
    releaseTabs: (did) => {
      released.push(did);
      return Promise.resolve();
    },
    now: () => clock.now,
    times: { pairingWaitMs: 0 },
    ...over,
  };
  return { authority: await createAuthority(options), ledger, clock, released, options };
}

interface CallShape {
  readonly agent?: AgentIdentity;
  readonly tool?: string;
  readonly reads?: number;
  readonly writes?: number;
  readonly urls?: readonly string[];
  readonly spaces?: readonly string[];
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly needsGrant?: boolean;
  readonly run?: (permit: Permit) => Promise<Result<string>>;
}

/** A call of one write at the site, unless told otherwise. */
export function call(shape: CallShape = {}): GatedCall<string> {
  const { urls = [SITE], spaces = [], reads = 0, writes = 1 } = shape;
  const run = shape.run ?? (() => Promise.resolve(ok('done')));
  const prepared: Prepared<string> = {
    args: { urls: [...urls] },
    cost: { reads, writes },
    needsGrant: shape.needsGrant ?? true,
    timeoutMs: shape.timeoutMs ?? 30_000,
    locate: () => Promise.resolve(ok({ ...NOWHERE, urls, spaces, where: urls.join(' ') })),
    run: async (permit) => {
      const result = await run(permit);
      return result.ok ? ok({ value: result.value, summary: 'Did it.' }) : result;
    },
  };
  return {
    agent: shape.agent ?? agent(),
    tool: shape.tool ?? 'page_click',
    signal: shape.signal ?? new AbortController().signal,
    parse: () => ok(prepared),
  };
}

/** A `run` that has begun and waits to be told how it ends. */
export function heldRun() {
  const begun = Promise.withResolvers<Permit>();
  const end = Promise.withResolvers<Result<string>>();
  return {
    begun: begun.promise,
    finish: (result: Result<string> = ok('done')) => end.resolve(result),
    run: (permit: Permit) => {
      begun.resolve(permit);
      return end.promise;
    },
  };
}

export function codeOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.failure.code;
}
