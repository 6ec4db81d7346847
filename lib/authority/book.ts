// What the log says about authority, as of now: a pure fold over its events. Events that make no sense where
// they stand (unknown grant, spent reservation, second decision) change nothing.
import type {
  Amounts,
  ApprovalDecided,
  ApprovalRequested,
  AuthorityEvent,
  Grant,
  Receipt,
  Reserve,
  Revoke,
} from '../wire/authority.ts';
import { atMost, minus, NOTHING, plus } from './amounts.ts';

const RECENT_RECEIPTS = 200;
const MAX_LABELS = 16;

export interface GrantState {
  readonly grant: Grant;
  /** Settled and charged. */
  readonly used: Amounts;
  /** Set aside by calls that have not been settled: counts as spent. */
  readonly reserved: Amounts;
  readonly revoked: Revoke['reason'] | null;
}

export interface AgentState {
  readonly did: string;
  readonly name: string;
  readonly client: string;
  /** The newest grant, whether or not it still allows anything. */
  readonly current: GrantState | null;
  /** Set by a revocation of the whole agent, cleared by the next grant. */
  readonly stopped: { readonly reason: Revoke['reason']; readonly at: number } | null;
  readonly lastActionAt: number | null;
  /** Origins read under the current grant, oldest first. */
  readonly labels: readonly string[];
}

export interface ApprovalState {
  readonly requested: ApprovalRequested;
  readonly decided: ApprovalDecided | null;
  readonly used: boolean;
}

export interface Book {
  apply(event: AuthorityEvent): void;
  agent(did: string): AgentState | null;
  agents(): readonly AgentState[];
  grant(id: string): GrantState | null;
  unresolved(): readonly Reserve[];
  approval(id: string): ApprovalState | null;
  approvals(): readonly ApprovalState[];
  /** Newest first. */
  receipts(): readonly Receipt[];
}

interface Pages {
  readonly agents: Map<string, AgentState>;
  readonly grants: Map<string, GrantState>;
  readonly open: Map<string, Reserve>;
  readonly seen: Set<string>;
  readonly approvals: Map<string, ApprovalState>;
  receipts: readonly Receipt[];
}

export function createBook(): Book {
  const pages: Pages = {
    agents: new Map(),
    grants: new Map(),
    open: new Map(),
    seen: new Set(),
    approvals: new Map(),
    receipts: [],
  };
  return {
    apply: (event) => write(pages, event),
    agent: (did) => agentState(pages, did),
    agents: () => [...pages.agents.keys()].flatMap((did) => agentState(pages, did) ?? []),
    grant: (id) => pages.grants.get(id) ?? null,
    unresolved: () => [...pages.open.values()],
    approval: (id) => pages.approvals.get(id) ?? null,
    approvals: () => [...pages.approvals.values()],
    receipts: () => pages.receipts,
  };
}

/** Joins the agent with its grant as that stands now. */
function agentState(pages: Pages, did: string): AgentState | null {
  const agent = pages.agents.get(did);
  if (agent === undefined) return null;
  const id = agent.current?.grant.id;
  return { ...agent, current: id === undefined ? null : (pages.grants.get(id) ?? null) };
}

function write(pages: Pages, event: AuthorityEvent): void {
  switch (event.kind) {
    case 'grant':
      return writeGrant(pages, event);
    case 'revoke':
      return writeRevoke(pages, event);
    case 'reserve':
      return writeReserve(pages, event);
    case 'receipt':
      return writeReceipt(pages, event);
    case 'approval_requested':
      if (pages.approvals.has(event.id)) return;
      pages.approvals.set(event.id, { requested: event, decided: null, used: false });
      return;
    case 'approval_decided':
      return writeDecision(pages, event);
  }
}

/** A sub-grant must be carved out of its parent, which no node does yet: until then it gives nothing. */
function writeGrant(pages: Pages, grant: Grant): void {
  if (grant.parent !== undefined || pages.grants.has(grant.id)) return;
  const state: GrantState = { grant, used: NOTHING, reserved: NOTHING, revoked: null };
  pages.grants.set(grant.id, state);
  const before = pages.agents.get(grant.agent);
  pages.agents.set(grant.agent, {
    did: grant.agent,
    name: grant.agentName,
    client: grant.client,
    current: state,
    stopped: null,
    lastActionAt: before?.lastActionAt ?? null,
    labels: [],
  });
}

function writeRevoke(pages: Pages, event: Revoke): void {
  const { target } = event;
  if ('grant' in target) {
    close(pages, target.grant, event.reason);
    return;
  }
  for (const state of pages.grants.values()) {
    if (state.grant.agent === target.agent) close(pages, state.grant.id, event.reason);
  }
  const known = pages.agents.get(target.agent) ?? stranger(target.agent, target.agentName);
  pages.agents.set(target.agent, { ...known, stopped: { reason: event.reason, at: event.at } });
}

function close(pages: Pages, id: string, reason: Revoke['reason']): void {
  const state = pages.grants.get(id);
  if (state === undefined || state.revoked !== null) return;
  pages.grants.set(id, { ...state, revoked: reason });
}

function stranger(did: string, name: string): AgentState {
  return { did, name, client: '', current: null, stopped: null, lastActionAt: null, labels: [] };
}

function writeReserve(pages: Pages, event: Reserve): void {
  const state = pages.grants.get(event.grant);
  if (state?.grant.agent !== event.agent || pages.seen.has(event.id)) return;
  pages.seen.add(event.id);
  pages.open.set(event.id, event);
  pages.grants.set(event.grant, { ...state, reserved: plus(state.reserved, event.cost) });
  if (event.approval !== undefined) useApproval(pages, event.approval);
}

function writeReceipt(pages: Pages, event: Receipt): void {
  if (event.reservation !== null && !settle(pages, event.reservation, event)) return;
  pages.receipts = [event, ...pages.receipts].slice(0, RECENT_RECEIPTS);
  const agent = pages.agents.get(event.agent);
  if (agent === undefined) return;
  pages.agents.set(event.agent, {
    ...agent,
    lastActionAt: event.at,
    labels: withLabel(agent.labels, event),
  });
}

function settle(pages: Pages, id: string, receipt: Receipt): boolean {
  const reserve = pages.open.get(id);
  const state = reserve && pages.grants.get(reserve.grant);
  if (reserve === undefined || state === undefined || reserve.agent !== receipt.agent) return false;
  pages.open.delete(id);
  pages.grants.set(reserve.grant, {
    ...state,
    reserved: minus(state.reserved, reserve.cost),
    used: plus(state.used, atMost(receipt.charged, reserve.cost)),
  });
  return true;
}

/** Any call that ran at an origin may have shown its content, whether it was meant to read or to write. */
function withLabel(labels: readonly string[], receipt: Receipt): readonly string[] {
  const { origin } = receipt;
  if (origin === undefined || receipt.outcome === 'refused' || labels.includes(origin))
    return labels;
  return [...labels, origin].slice(-MAX_LABELS);
}

function writeDecision(pages: Pages, event: ApprovalDecided): void {
  const state = pages.approvals.get(event.id);
  if (state === undefined || state.decided !== null) return;
  pages.approvals.set(event.id, { ...state, decided: event });
}

function useApproval(pages: Pages, id: string): void {
  const state = pages.approvals.get(id);
  if (state !== undefined) pages.approvals.set(id, { ...state, used: true });
}
