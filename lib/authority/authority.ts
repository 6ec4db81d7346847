// This room put together: reads the log, settles what an earlier life of the node left open, and gives out
// the gate, the person's commands (allow, change, stop, resume) and the views of both.
import type { AgentIdentity, GrantDraft, Receipt } from '../wire/authority.ts';
import { createAdmission, type AdmissionParts } from './admission.ts';
import { createApprovals, type ApprovalDesk } from './approvals.ts';
import { createBook, type Book } from './book.ts';
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
import { createRunning } from './running.ts';
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
  readonly times?: Partial<Times>;
}

export interface Times {
  /** How long a call waits for the person's first yes before it is refused. */
  readonly pairingWaitMs: number;
  /** How long the request itself stays in the panel. */
  readonly pairingDeadlineMs: number;
  readonly approvalWaitMs: number;
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

const TIMES: Times = {
  pairingWaitMs: 15_000,
  pairingDeadlineMs: 5 * 60_000,
  approvalWaitMs: 2 * 60_000,
};

const BOUNDS = { pendingPairings: 8, runningPerAgent: 8, approvalsPerAgent: 3 } as const;

const FREE_RECEIPTS = { burst: 20, refillMs: 60_000 } as const;

export async function createAuthority(options: AuthorityOptions): Promise<Authority> {
  const listeners = createListeners();
  const desk = await createDesk(options, () => listeners.tell());
  const { book, running, pairings, approvals, commands, gate, now } = desk;
  return {
    gate,
    pairings,
    approvals,
    change: (did, draft) => commands.change(did, draft),
    stop: (did) => commands.stop(did),
    resume: (did) => commands.resume(did),
    agents: () => agentSummaries(book, running, pairings.pending(), now()),
    standing: (agent) => {
      const state = book.agent(agent.did);
      const current = state?.current ?? null;
      const known = agentSummaries(book, running, [], now()).find(({ did }) => did === agent.did);
      const asking = { person: options.person().name, agent: agent.name };
      return {
        status: known?.status ?? 'waiting',
        grant: current === null ? null : grantSummary(current),
        howToAsk: refusals.howToAsk(asking, state),
      };
    },
    receipts: () => book.receipts(),
    onChange: (listener) => listeners.add(listener),
  };
}

/** The parts of this room, each made from those before it. */
async function createDesk(options: AuthorityOptions, changed: () => void) {
  const now = options.now ?? Date.now;
  const newId = options.newId ?? (() => crypto.randomUUID());
  const { ledger, node, person, protectedOrigins, preauthorised } = options;
  const times = { ...TIMES, ...options.times };
  const book = await readBook(ledger);
  const scribe = createScribe(ledger, book, changed);
  const receipts = createReceipts(scribe, quietOver(scribe, now), now);
  await settleAbandoned(scribe, receipts, node);

  const running = createRunning(newId, refusals.cancelled);
  const turns = createTurns();
  const base = { scribe, running, turns, now, newId, node, person };
  const pairings = await createPairings({
    grant: (agent, draft) => commands.grant(agent, draft),
    decline: (agent) => commands.decline(agent),
    store: options.session,
    now,
    newId,
    deadlineMs: times.pairingDeadlineMs,
    maxPending: BOUNDS.pendingPairings,
    changed,
  });
  const commands = createCommands({ ...base, pairings, releaseTabs: options.releaseTabs });
  const approvals = createApprovals({
    ...base,
    waitMs: times.approvalWaitMs,
    maxWaitingPerAgent: BOUNDS.approvalsPerAgent,
  });
  const grantOnce: AdmissionParts['grantOnce'] = (...wanted) => commands.grantOnce(...wanted);
  const waitMs = times.pairingWaitMs;
  const admission = createAdmission({ ...base, book, preauthorised, pairings, grantOnce, waitMs });
  const policy = options.policy ?? HOUSE_POLICY;
  const maxRunningPerAgent = BOUNDS.runningPerAgent;
  const rules = { policy, protectedOrigins, maxRunningPerAgent, ...admission, changed };
  const gate = createGate({ ...base, ...rules, receipts, approvals });
  return { book, running, pairings, approvals, commands, gate, now };
}

function quietOver(scribe: Scribe, now: () => number) {
  return createQuietReceipts({ write: (receipt) => scribe.write(receipt), now, ...FREE_RECEIPTS });
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
