// This room put together: reads the log, settles what an earlier life of the node left open, and gives out
// the gate, the person's commands (allow, change, stop, resume) and the views of both.
import type { AgentIdentity, GrantDraft, Receipt } from '../wire/authority.ts';
import { ok, type Result } from '../wire/failure.ts';
import { createApprovals, type ApprovalDesk } from './approvals.ts';
import { createBook, type Book } from './book.ts';
import { liveGrant } from './checks.ts';
import { createCommands, type Commands } from './commands.ts';
import { createGate } from './gate.ts';
import type { Gate } from './gated-call.ts';
import type { Ledger } from './ledger.ts';
import { createListeners } from './listeners.ts';
import { createPairings, type Pairings } from './pairings.ts';
import { HOUSE_POLICY, type Policy } from './policy.ts';
import { createQuietReceipts } from './quiet-receipts.ts';
import { createReceipts, type Receipts } from './receipts.ts';
import * as refusals from './refusals.ts';
import { abortFailure, createRunning } from './running.ts';
import { createScribe, type Scribe } from './scribe.ts';
import type { SessionStore } from './session-store.ts';
import { createTurns } from './turns.ts';
import { agentSummaries, grantSummary, type AgentSummary, type GrantSummary } from './views.ts';

export interface AuthorityOptions {
  readonly ledger: Ledger;
  readonly session: SessionStore;
  /** The did of this device: only grants made for it count, only its reservations are settled here. */
  readonly node: string;
  /** Asked at every use, since a person may change their name. */
  readonly person: () => { readonly did: string; readonly name: string };
  /** Addresses (http or ws) of relays: their pages are never covered by a pattern with a `*`. */
  readonly protectedOrigins: () => readonly string[];
  /** Given to any agent that pairs while this node lives, without asking. */
  readonly preauthorised: GrantDraft | null;
  /** Takes an agent's tabs out of its hands. */
  readonly releaseTabs: (agent: string) => Promise<void>;
  readonly policy?: Policy;
  readonly now?: () => number;
  readonly newId?: () => string;
  readonly pairingWaitMs?: number;
  readonly pairingDeadlineMs?: number;
  readonly approvalWaitMs?: number;
}

/** What one agent may do, as the `authority` tool tells it. */
export interface Standing {
  readonly status: AgentSummary['status'];
  readonly grant: GrantSummary | null;
  readonly howToAsk: string;
}

export interface Authority extends Commands {
  readonly gate: Gate;
  readonly pairings: Pick<Pairings, 'pending' | 'decide'>;
  readonly approvals: Pick<ApprovalDesk, 'waiting' | 'decide'>;
  agents(): readonly AgentSummary[];
  standing(agent: AgentIdentity): Standing;
  /** What agents did here, newest first, at most 200. */
  receipts(): readonly Receipt[];
  /** Calls back whenever any of these views may have changed. Returns how to stop. */
  onChange(listener: () => void): () => void;
}

const DEFAULTS = {
  pairingWaitMs: 15_000,
  pairingDeadlineMs: 5 * 60_000,
  approvalWaitMs: 2 * 60_000,
  maxPendingPairings: 8,
  maxRunningPerAgent: 8,
  maxApprovalsPerAgent: 3,
  freeReceipts: { burst: 20, refillMs: 60_000 },
} as const;

export async function createAuthority(options: AuthorityOptions): Promise<Authority> {
  const { ledger, node, person, protectedOrigins, preauthorised } = options;
  const now = options.now ?? Date.now;
  const newId = options.newId ?? (() => crypto.randomUUID());
  const listeners = createListeners();
  const book = await readBook(ledger);
  const scribe = createScribe(ledger, book, () => listeners.tell());
  const receipts = createReceipts(
    scribe,
    createQuietReceipts({
      write: (receipt) => scribe.write(receipt),
      now,
      ...DEFAULTS.freeReceipts,
    }),
    now,
  );
  await settleAbandoned(scribe, receipts, node);

  const running = createRunning(newId, refusals.cancelled);
  const turns = createTurns();
  const parts = { scribe, running, turns, now, newId, node, person };
  const pairings = await createPairings({
    grant: (agent, draft) => commands.grant(agent, draft),
    decline: (agent) => commands.decline(agent),
    store: options.session,
    now,
    newId,
    deadlineMs: options.pairingDeadlineMs ?? DEFAULTS.pairingDeadlineMs,
    maxPending: DEFAULTS.maxPendingPairings,
    changed: () => listeners.tell(),
  });
  const commands = createCommands({ ...parts, pairings, releaseTabs: options.releaseTabs });
  const approvals = createApprovals({
    scribe,
    now,
    newId,
    waitMs: options.approvalWaitMs ?? DEFAULTS.approvalWaitMs,
    maxWaitingPerAgent: DEFAULTS.maxApprovalsPerAgent,
  });

  const live = (agent: AgentIdentity) =>
    liveGrant(book.agent(agent.did), { asking: asking(agent), now: now(), node });
  const asking = (agent: AgentIdentity) => ({ person: person().name, agent: agent.name });

  /** Lets in whoever holds a grant; asks the person about whoever never had one. */
  const admit = async (agent: AgentIdentity, signal: AbortSignal): Promise<Result<null>> => {
    const before = live(agent);
    if (before.ok) return ok(null);
    if (before.failure.code !== 'pairing_required') return before;
    if (preauthorised !== null) return commands.grantOnce(agent, preauthorised);
    const request = pairings.request(agent);
    if (!request.ok) return request;
    await pairings.answer(agent.did, options.pairingWaitMs ?? DEFAULTS.pairingWaitMs, signal);
    if (signal.aborted) return { ok: false, failure: abortFailure(signal) };
    const after = live(agent);
    return after.ok ? ok(null) : after;
  };

  return {
    gate: createGate({
      ...parts,
      receipts,
      approvals,
      policy: options.policy ?? HOUSE_POLICY,
      protectedOrigins,
      maxRunningPerAgent: DEFAULTS.maxRunningPerAgent,
      admit,
      changed: () => listeners.tell(),
    }),
    pairings,
    approvals,
    change: (did, draft) => commands.change(did, draft),
    stop: (did) => commands.stop(did),
    resume: (did) => commands.resume(did),
    agents: () => agentSummaries(book, running, pairings.pending(), now()),
    standing: (agent) => {
      const state = book.agent(agent.did);
      const current = state?.current ?? null;
      const summary = agentSummaries(book, running, [], now()).find(({ did }) => did === agent.did);
      return {
        status: summary?.status ?? 'waiting',
        grant: current === null ? null : grantSummary(current),
        howToAsk: refusals.howToAsk(asking(agent), state),
      };
    },
    receipts: () => book.receipts(),
    onChange: (listener) => listeners.add(listener),
  };
}

async function readBook(ledger: Ledger): Promise<Book> {
  const book = createBook();
  for await (const { event } of ledger.replay()) book.apply(event);
  return book;
}

/** A call that was under way when the node died may have happened: it is spent, and said to be unknown. */
async function settleAbandoned(scribe: Scribe, receipts: Receipts, node: string): Promise<void> {
  for (const { id, grant, agent, tool, cost } of scribe.book.unresolved()) {
    if (scribe.book.grant(grant)?.grant.node !== node) continue;
    await receipts.abandoned(id, { agent, tool, origin: null }, cost);
  }
}
