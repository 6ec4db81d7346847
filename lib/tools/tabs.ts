// An agent's own tabs: handles instead of browser ids, and nothing of a page outside its permission gets out.
// The address is asked of the browser right before a message goes to that very document, and what comes back
// is dropped if the page says that it was elsewhere.
import type { Permit } from '../authority/permit.ts';
import { originOf } from '../authority/origins.ts';
import { abortFailure } from '../authority/running.ts';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { PageReply, PageReplyOf, PageRequestInput } from '../wire/page.ts';
import { MAX_TABS_PER_AGENT, type Lease, type Leases } from './leases.ts';
import type {
  Described,
  Destination,
  Landing,
  QuoteAsk,
  TabDriver,
  TabFacts,
} from './tab-driver.ts';

export interface TabView {
  readonly tab: string;
  /** The whole address where it is allowed, else only the origin, else empty. */
  readonly url: string;
  /** Empty where the page is not allowed. */
  readonly title: string;
  readonly allowed: boolean;
}

export interface LandedView extends TabView {
  readonly state: Landing['state'];
  readonly error: string | null;
  readonly status: number | null;
  /** Why the page it came to may not be used. */
  readonly refusal: Result<null>;
}

type Op = PageReply['op'];
type RequestOf<O extends Op> = Extract<PageRequestInput, { op: O }>;

export interface Reply<O extends Op> {
  readonly reply: PageReplyOf<O>;
  readonly url: string;
}

export interface Tabs {
  list(permit: Permit): Promise<{ readonly mine: readonly TabView[]; readonly others: number }>;
  /** The address now, for the gate. Failure: `not_found`. */
  url(agent: string, tab: string): Promise<Result<string>>;
  open(permit: Permit, url: string): Promise<Result<LandedView>>;
  navigate(permit: Permit, tab: string, to: Destination): Promise<Result<LandedView>>;
  end(permit: Permit, tab: string): Promise<Result<null>>;
  send<O extends Op>(permit: Permit, tab: string, request: RequestOf<O>): Promise<Result<Reply<O>>>;
  describe(permit: Permit, tab: string, ask: QuoteAsk): Promise<Result<Described>>;
  /** Takes all of an agent's tabs out of its hands; they stay open for the person. */
  release(agent: string): Promise<void>;
}

export function createTabs(driver: TabDriver, leases: Leases): Tabs {
  const parts = { driver, leases };
  driver.onReplaced((oldId, newId) => void leases.replaced(oldId, newId));
  return {
    list: (permit) => list(parts, permit),
    url: async (agent, tab) => {
      const found = await lookUp(parts, agent, tab);
      return found.ok ? ok(found.value.facts.url) : found;
    },
    open: (permit, url) => open(parts, permit, url),
    async navigate(permit, tab, to) {
      const lease = leaseOf(leases, permit.agent.did, tab);
      if (!lease.ok) return lease;
      const landed = await driver.navigate(lease.value.tabId, to, permit.signal);
      return landed.ok ? ok(landedView(tab, landed.value, permit)) : closed(parts, tab, landed);
    },
    async end(permit, tab) {
      const lease = leaseOf(leases, permit.agent.did, tab);
      if (!lease.ok) return lease;
      await leases.forget(tab);
      await driver.close(lease.value.tabId);
      return ok(null);
    },
    send: (permit, tab, request) => send(parts, permit, tab, request),
    async describe(permit, tab, ask) {
      const lease = leaseOf(leases, permit.agent.did, tab);
      if (!lease.ok) return lease;
      const guard = (url: string) => permit.allows(url);
      const described = await driver.describe(lease.value.tabId, ask, guard, permit.signal);
      return described.ok ? described : closed(parts, tab, described);
    },
    release: (agent) => leases.release(agent),
  };
}

interface Parts {
  readonly driver: TabDriver;
  readonly leases: Leases;
}

async function list(parts: Parts, permit: Permit) {
  const mine: TabView[] = [];
  for (const { handle } of parts.leases.of(permit.agent.did)) {
    const found = await lookUp(parts, permit.agent.did, handle);
    if (found.ok) mine.push(tabView(handle, found.value.facts, permit));
  }
  const total = await parts.driver.count();
  return { mine, others: Math.max(0, total - mine.length) };
}

async function open(parts: Parts, permit: Permit, url: string): Promise<Result<LandedView>> {
  const { did } = permit.agent;
  if (parts.leases.of(did).length >= MAX_TABS_PER_AGENT) {
    return fail(
      'rate_limited',
      `You hold ${MAX_TABS_PER_AGENT} tabs, which is the most there may be.`,
      'End one with tab_end, or use page_navigate in a tab you have.',
    );
  }
  const opened = await parts.driver.open(url, permit.signal);
  if (!opened.ok) return opened;
  if (permit.signal.aborted) {
    // Stopped while it loaded: nobody would ever end it.
    await parts.driver.close(opened.value.id);
    return { ok: false, failure: abortFailure(permit.signal) };
  }
  const { handle } = await parts.leases.add(did, opened.value.id);
  return ok(landedView(handle, opened.value, permit));
}

async function send<O extends Op>(
  parts: Parts,
  permit: Permit,
  tab: string,
  request: RequestOf<O>,
): Promise<Result<Reply<O>>> {
  const lease = leaseOf(parts.leases, permit.agent.did, tab);
  if (!lease.ok) return lease;
  const { tabId, documentId } = lease.value;
  const pinned = documentId !== null && usesRefs(request) ? { ...request, documentId } : request;
  const guard = (url: string) => permit.allows(url);
  const sent = await parts.driver.send(tabId, pinned, guard, permit.signal);
  if (!sent.ok) return closed(parts, tab, sent);
  const { reply, url } = sent.value;
  if (!answers(reply, request.op)) return wrongAnswer();
  const allowed = permit.allows(readAt(reply) ?? url);
  if (!allowed.ok) return allowed;
  if (reply.op === 'snapshot' || reply.op === 'find') await parts.leases.saw(tab, reply.documentId);
  return ok({ reply, url });
}

function usesRefs(request: PageRequestInput): boolean {
  if (request.op === 'snapshot') return request.root !== undefined;
  if (request.op === 'wait') return request.until.kind === 'ref_gone';
  return !REFLESS.has(request.op);
}

const REFLESS: ReadonlySet<Op> = new Set(['find', 'read', 'probe']);

/** Where the page says it was when it was read; an act's address is where it leads, which is another matter. */
function readAt(reply: PageReply): string | null {
  return reply.op === 'snapshot' || reply.op === 'read' || reply.op === 'wait' ? reply.url : null;
}

function answers<O extends Op>(reply: PageReply, op: O): reply is PageReplyOf<O> {
  return reply.op === op;
}

function leaseOf(leases: Leases, agent: string, tab: string): Result<Lease> {
  const lease = leases.find(agent, tab);
  return lease === null ? noSuchTab(tab) : ok(lease);
}

async function lookUp(parts: Parts, agent: string, tab: string) {
  const lease = leaseOf(parts.leases, agent, tab);
  if (!lease.ok) return lease;
  const facts = await parts.driver.facts(lease.value.tabId);
  return facts.ok ? ok({ facts: facts.value }) : closed(parts, tab, facts);
}

/** A tab that the person closed is no longer in anyone's hands. */
async function closed(parts: Parts, tab: string, failed: Result<never>): Promise<Result<never>> {
  if (failed.ok || failed.failure.code !== 'not_found') return failed;
  await parts.leases.forget(tab);
  return fail('not_found', `The tab ${tab} has been closed.`, 'Open the page again with tab_open.');
}

function noSuchTab(tab: string): Result<never> {
  return fail(
    'not_found',
    `You have no tab ${tab}.`,
    'tabs_list shows the tabs you opened; tab_open opens one.',
  );
}

function wrongAnswer(): Result<never> {
  return fail(
    'malformed',
    'The page answered another question than the one it was asked.',
    'Reload the page with page_navigate and try again.',
  );
}

function tabView(tab: string, { url, title }: TabFacts, permit: Permit): TabView {
  return permit.allows(url).ok
    ? { tab, url, title, allowed: true }
    : { tab, url: originOf(url) ?? '', title: '', allowed: false };
}

function landedView(tab: string, landing: Landing, permit: Permit): LandedView {
  const { state, error } = landing;
  const refusal = permit.allows(landing.url);
  const status = refusal.ok ? landing.status : null;
  return { ...tabView(tab, landing, permit), state, error, status, refusal };
}
