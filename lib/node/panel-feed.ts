// The node as a panel sees it: one plain snapshot, read from the parts each time it is asked for.
import type {
  AgentView,
  AnnotationView,
  BridgeView,
  GrantView,
  PageView,
  PairingView,
  PanelState,
  RelayView,
} from '../messaging/panel-state.ts';
import type { JoiningView } from '../messaging/joining-state.ts';
import type { StorageView } from '../messaging/storage-view.ts';
import type { FileView } from '../messaging/file-view.ts';
import type { Subscription } from '../messaging/panel.ts';
import type { AgentSummary, GrantSummary } from '../authority/views.ts';
import { pageAddress } from '../wire/annotator.ts';
import { handOf, readActivity } from './activity.ts';
import { readCopy } from './copy-view.ts';
import type { Desk } from './desk.ts';
import { readDevices } from './device-views.ts';
import type { HeldSpace } from './held-space.ts';
import { ownHue } from './hue.ts';
import type { PlacedAnnotation } from './page-annotations.ts';
import type { Settings } from './settings.ts';
import { readSpaces } from './space-views.ts';

/** What a panel sees before there is a person. */
export function emptyState(
  settings: Settings,
  now: number,
  joining: JoiningView | null,
): PanelState {
  return {
    me: null,
    devices: null,
    joining,
    copy: null,
    relay: { url: settings.relay(), state: 'connecting', since: now, lastError: null },
    spaces: [],
    activeSpaceId: null,
    texts: [],
    page: null,
    agents: [],
    pairing: [],
    bridge: { state: 'retrying', detail: '', agentCommand: [] },
    activity: [],
    files: [],
    storage: null,
    storageProblem: null,
  };
}

export async function readState(desk: Desk, wanted: Subscription): Promise<PanelState> {
  const { profile, spaces } = desk;
  const me = profile();
  const active = spaces.active();
  const hue = await ownHue(active, me);
  const files = await desk.files.ofSpace(active);
  const [spaceViews, texts, devices, page, activity, storage] = await Promise.all([
    readSpaces(desk),
    active === null ? [] : desk.textViews.list(active),
    readDevices(desk),
    readPage(desk, wanted),
    activityOf(desk, active, files, hue),
    desk.files.storedBytes().then(readStorage),
  ]);
  return {
    me: { did: me.person, name: me.name, hue },
    devices,
    joining: null,
    copy: await readCopy(desk),
    relay: relayView(desk),
    spaces: spaceViews,
    activeSpaceId: active?.record.id ?? spaceViews[0]?.id ?? null,
    texts,
    page,
    agents: agentViews(desk, hue),
    pairing: pairingViews(desk),
    bridge: bridgeView(desk),
    activity,
    files,
    storage,
    storageProblem: desk.storageProblem(),
  };
}

function activityOf(
  { annotations, authority, profile }: Desk,
  held: HeldSpace | null,
  files: readonly FileView[],
  hue: number,
) {
  const [receipts, agents] = [authority.receipts(), authority.agents()];
  return readActivity({ held, annotations, files, receipts, agents, profile: profile(), hue });
}

function pairingViews({ authority }: Desk): PairingView[] {
  return authority.pairings.pending().map(({ id, agent, askedAt, expiresAt }) => ({
    id,
    agentName: agent.name,
    clientName: agent.client,
    askedAt,
    expiresAt,
  }));
}

function relayView({ network, settings }: Desk): RelayView {
  const url = settings.relay();
  const link = network.relay(url);
  return {
    url,
    state: link?.state ?? 'connecting',
    since: link?.since ?? 0,
    lastError: link?.lastError?.message ?? null,
  };
}

async function readPage(desk: Desk, wanted: Subscription): Promise<PageView | null> {
  const url = wanted.url === null ? null : pageAddress(wanted.url);
  if (url === null) return null;
  const spaceId = wanted.spaceId ?? desk.spaces.active()?.record.id ?? null;
  const all = await desk.annotations.ofPage(url);
  const here = all.filter(({ held }) => held.record.id === spaceId).toReversed();
  return {
    url,
    title: (await desk.pages.titleOf(wanted.tabId, url)) ?? here[0]?.title ?? '',
    tabId: wanted.tabId,
    annotations: here
      .slice(0, wanted.annotationLimit)
      .map((placed) => annotationView(desk, url, placed)),
    annotationTotal: here.length,
  };
}

function annotationView(desk: Desk, url: string, placed: PlacedAnnotation): AnnotationView {
  const { annotation, held } = placed;
  return {
    id: annotation.id,
    spaceId: held.record.id,
    quote: annotation.target.quote.exact,
    foundText: null,
    note: annotation.note,
    by: handOf(placed),
    carriedBy: placed.carriedBy,
    createdAt: annotation.createdAt,
    editedAt: annotation.editedAt,
    state: desk.pages.stateOf(url, annotation.id),
    mine: desk.annotations.isMine(placed),
    tentative: false,
  };
}

function agentViews(desk: Desk, hue: number): AgentView[] {
  const me = desk.profile();
  const connected = new Map(desk.agents.view().sessions.map((caller) => [caller.did, caller]));
  return desk.authority.agents().map((agent) => ({
    did: agent.did,
    name: agent.name,
    client: connected.get(agent.did)?.clientName ?? agent.client,
    hue,
    onBehalfOf: me.name,
    status: agent.status,
    connected: connected.has(agent.did),
    grant: agent.grant === null ? null : grantView(agent.grant),
    running: runningViews(agent),
  }));
}

function runningViews(agent: AgentSummary): AgentView['running'] {
  return agent.running.map(({ id, tool, since, origin }) => ({
    id,
    tool,
    where: origin ?? '',
    startedAt: since,
  }));
}

function grantView({ scope, limits, used, reserved, expiresAt }: GrantSummary): GrantView {
  return {
    ...scope,
    reads: { limit: limits.reads, used: used.reads, reserved: reserved.reads },
    writes: { limit: limits.writes, used: used.writes, reserved: reserved.writes },
    expiresAt,
  };
}

function bridgeView({ agents, agentCommand }: Desk): BridgeView {
  const { bridge } = agents.view();
  if (bridge.kind === 'connected') return { state: 'connected', detail: '', agentCommand };
  if (bridge.kind === 'connecting') return { state: 'retrying', detail: '', agentCommand };
  const { message, remedy } = bridge.failure;
  return { state: bridge.kind, detail: `${message} ${remedy}`, agentCommand };
}

/** Null where the browser does not say. */
async function readStorage(fileBytes: number): Promise<StorageView | null> {
  try {
    const [{ usage, quota }, persisted] = await Promise.all([
      navigator.storage.estimate(),
      navigator.storage.persisted(),
    ]);
    return { usedBytes: usage ?? 0, fileBytes, quotaBytes: quota ?? 0, persisted };
  } catch {
    return null;
  }
}
