// All tools behind the real gate, over scripted tabs and a few spaces.
import { createAuthority } from '../../lib/authority/authority.ts';
import { createDispatcher } from '../../lib/tools/dispatcher.ts';
import { createLeases } from '../../lib/tools/leases.ts';
import type { AnnotateInput, SpacesPort, SpaceSummary } from '../../lib/tools/spaces-port.ts';
import { createTabs } from '../../lib/tools/tabs.ts';
import { TOOLS } from '../../lib/tools/tool-list.ts';
import type { GrantDraftInput } from '../../lib/wire/authority.ts';
import type { AgentCaller } from '../../lib/wire/bridge.ts';
import { ok } from '../../lib/wire/failure.ts';
import { ADA, agent, draft, NODE } from './authority-bench.ts';
import { createMemoryLedger } from './memory-ledger.ts';
import { createMemorySession } from './memory-session.ts';
import { createScriptedTabs } from './scripted-tabs.ts';

export function caller(name = 'Claude'): AgentCaller {
  return { sessionId: `session-${name}`, did: agent(name).did, name, clientName: 'test-client' };
}

const SPACES: readonly SpaceSummary[] = [
  {
    id: 'space-moss',
    name: 'Moss',
    people: 2,
    annotations: 3,
    active: true,
    pages: [
      { url: 'https://example.org/moss', annotations: 2 },
      { url: 'https://private.example/', annotations: 1 },
    ],
  },
  { id: 'space-fern', name: 'Fern', people: 1, annotations: 0, active: false, pages: [] },
];

export async function createToolsBench(grant: Partial<GrantDraftInput> | null = {}) {
  const session = createMemorySession();
  const ledger = createMemoryLedger();
  const driver = createScriptedTabs();
  const tabs = createTabs(driver, await createLeases(session));
  const preauthorised = grant === null ? null : draft(grant);
  const authority = await createAuthority({
    ledger,
    session,
    node: NODE,
    person: () => ADA,
    protectedOrigins: () => ['ws://127.0.0.1:7000'],
    preauthorised,
    releaseTabs: (did) => tabs.release(did),
    times: { pairingWaitMs: 0 },
  });
  const annotated: AnnotateInput[] = [];
  const spaces: SpacesPort = {
    list: () => Promise.resolve(SPACES),
    annotate: (input) => {
      annotated.push(input);
      return Promise.resolve(ok({ id: `a${annotated.length}` }));
    },
  };
  const dispatcher = createDispatcher({
    tools: TOOLS,
    gate: authority.gate,
    standing: (who) => authority.standing(who),
    tabs,
    spaces,
  });
  const run = (name: string, args: unknown = {}, who = caller()) =>
    dispatcher.call(who, name, args, new AbortController().signal);
  return { authority, ledger, driver, session, annotated, dispatcher, run };
}
