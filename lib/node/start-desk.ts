// Puts the parts of a node together once there is a person, and lets each hear of what the others do.
import { createAgentPort, type AgentPort, type NativePort } from '../agents/native-port.ts';
import { createAuthority, type Authority } from '../authority/authority.ts';
import type { SessionStore } from '../authority/session-store.ts';
import type { NodeStore } from '../store/indexeddb-store.ts';
import { createDispatcher } from '../tools/dispatcher.ts';
import { createLeases } from '../tools/leases.ts';
import { serveMcp } from '../tools/mcp/serve.ts';
import type { TabDriver } from '../tools/tab-driver.ts';
import { TOOLS } from '../tools/tool-list.ts';
import { createTabs } from '../tools/tabs.ts';
import type { Backstage } from '../transport/backstage.ts';
import { toHex } from '../wire/bytes.ts';
import { unwrap } from '../wire/failure.ts';
import type { LaunchConfig } from '../wire/launch-config.ts';
import { createSpacesPort } from './agent-spaces.ts';
import { drawnOn } from './annotator-requests.ts';
import { checkpointBlobs, checkpointing, Checkpoints } from './checkpoints.ts';
import type { Desk } from './desk.ts';
import { documentsBehind } from './documents-behind.ts';
import { DeviceOffers } from './device-offers.ts';
import { createDoor } from './door.ts';
import { openGroups, type Groups } from './groups.ts';
import { createHomeLedger } from './home-ledger.ts';
import { Network } from './network.ts';
import { openBlobs, type BlobParts } from './open-blobs.ts';
import { createOwnHistory, ownLogOf } from './own-history.ts';
import { OpenPages, type PageTabs } from './open-pages.ts';
import { PageAnnotations } from './page-annotations.ts';
import { createPasts } from './past/pasts.ts';
import type { Profile } from './profile.ts';
import { returning } from './renew-device.ts';
import { Sent } from './sent.ts';
import type { Settings } from './settings.ts';
import type { Spaces } from './spaces.ts';
import { watchStorage } from './storage-watch.ts';
import { openTexts } from './texts/open-texts.ts';
import { tookIn } from './took-in.ts';
import { createTransfers } from './transfer/transfers.ts';

/** The edges to the browser; everything else a node makes itself. */
export interface NodeEdges {
  readonly store: NodeStore;
  /** A live backstage, started when first needed; null when the browser cannot give one. */
  readonly backstage: () => Promise<Backstage | null>;
  readonly connectNative: () => NativePort;
  readonly tabDriver: TabDriver;
  readonly pageTabs: PageTabs;
  readonly session: SessionStore;
  readonly launch: LaunchConfig | null;
  readonly version: string;
  /** What this browser calls itself among the person's devices. */
  readonly label: string;
  readonly now: () => number;
}

export async function startDesk(
  given: NodeEdges,
  initial: Profile,
  settings: Settings,
  changed: () => void,
): Promise<Desk> {
  const { profile, setProfile } = holdProfile(initial);
  const { store, problem: storageProblem } = watchStorage(given.store, changed);
  const edges = { ...given, store };
  const { now } = edges;
  const { records } = store;
  const told = { network: () => network, changed };
  const group = openGroups({
    ...edges,
    documents: documentsBehind(edges.backstage),
    ...told,
    profile,
    isHere: (space, device) => network.via(space, device) !== null,
    own: ownLogOf(() => history),
    moved: () => shownAnew(pages, changed),
  });
  const sent = new Sent(records);
  const history = await createOwnHistory({ ...edges, ...group, ...told, sent, profile });
  const annotations = new PageAnnotations({ ...group, profile, now });
  const drawn = { ...group, annotations, profile };
  const pages = new OpenPages(edges.pageTabs, (url) => drawnOn(drawn, url));
  const blobs = openBlobParts(edges, group, { profile, ...told });
  const shown = { annotations, pages, profile, changed, now, storageProblem };
  const texts = openTexts({ ...group, profile });
  const apart = { transfers: createTransfers(), pasts: createPasts(group), ...texts };
  const parts = { records, settings, sent, history, ...group, ...blobs, ...shown, ...apart };
  const network: Network = startNetwork(edges, parts);
  await load(parts, network);
  const authority = await startAuthority(edges, parts);
  const offers = new DeviceOffers({ ...parts, network });
  const rest = { ...authority, setProfile, offers, network };
  return returning({ ...parts, ...rest, agentCommand: commandOf(edges.launch) });
}

function shownAnew(pages: OpenPages, changed: () => void): void {
  changed();
  void pages.redraw('all');
}

/** Blobs, and the checkpoints that travel as such. */
function openBlobParts(
  edges: NodeEdges,
  group: Groups,
  parts: { profile: () => Profile; changed: () => void; network: () => Network },
) {
  const { spaces } = group;
  const { records } = edges.store;
  const sources = (space: string) => parts.network().blobSources(space);
  const named = [checkpointBlobs(spaces)];
  const blobs = openBlobs(edges, { ...parts, spaces, sources, named });
  const checkpoints = new Checkpoints({ ...group, ...blobs, records, changed: parts.changed });
  return { ...blobs, checkpoints };
}

/** Everything that storage knows, with everyone told who wants to hear of it. */
async function load(parts: Parts, network: Network): Promise<void> {
  const { spaces, lobbies, sent, ownDevices } = parts;
  // Before the network: nobody is to be asked for what a checkpoint brings.
  spaces.listen(checkpointing(parts));
  listenTo(spaces, parts, network);
  await sent.load();
  unwrap(await spaces.load());
  await lobbies.load();
  ownDevices.begin();
  await parts.files.load();
  parts.upkeep.start();
}

/** As installed for everyday browsers, unless this profile was started with a bridge of its own. */
function commandOf(launch: LaunchConfig | null): readonly string[] {
  const own = launch?.mcp ?? null;
  return own === null ? ['commonplace', 'mcp'] : [own.command, ...own.args];
}

function holdProfile(initial: Profile) {
  let current = initial;
  const setProfile = (next: Profile): void => {
    current = next;
  };
  return { profile: () => current, setProfile };
}

type Parts = Omit<
  Desk,
  'network' | 'offers' | 'authority' | 'agents' | 'setProfile' | 'agentCommand'
> &
  BlobParts;

function listenTo(spaces: Spaces, parts: Parts, network: Network): void {
  spaces.listen({
    onAdded: (held) => {
      void network.spaceAdded(held);
      parts.history.look(held);
    },
    onRemoved: (held) => {
      network.spaceRemoved(held);
      void parts.blobs.dropSpace(held.record.id);
    },
    onEntries: (held, entries) => void tookIn(parts, held, entries),
  });
}

function startNetwork(edges: NodeEdges, parts: Parts): Network {
  const { spaces, lobbies, settings, sent, history, replica, carrier, profile, changed } = parts;
  const { signer } = profile();
  const author = toHex(signer.publicKey);
  const network: Network = new Network({
    signer,
    replica,
    door: createDoor(() => [...spaces.meeting(), ...lobbies.list()]),
    held: () => [...spaces.meeting(), ...lobbies.list()],
    alwaysRelay: () => settings.relay(),
    backstage: edges.backstage,
    blobs: parts.blobKeeper,
    onOpened: (space) => carrier.opened(space),
    onTwin: () => history.logs.heardElsewhere(),
    onProgress: (space) => {
      sent.raise(space, network.heldElsewhere(space, author));
      parts.ownDevices.progressed(space);
      parts.leaving.progressed();
      history.logs.progressed();
      changed();
    },
    onChange: () => {
      history.logs.progressed();
      changed();
    },
    now: edges.now,
  });
  return network;
}

async function startAuthority(
  edges: NodeEdges,
  { spaces, annotations, settings, profile, changed }: Parts,
): Promise<{ authority: Authority; agents: AgentPort }> {
  const { session, launch, now, version } = edges;
  const node = profile().signer.did;
  const tabs = createTabs(edges.tabDriver, await createLeases(session));
  const authority = await createAuthority({
    ledger: createHomeLedger(spaces.home().space, profile().signer.publicKey),
    session,
    node,
    person: () => ({ did: profile().person, name: profile().name }),
    protectedOrigins: () => relaysOf(spaces, settings),
    preauthorised: launch?.grant ?? null,
    releaseTabs: (agent) => tabs.release(agent),
    now,
  });
  const dispatcher = createDispatcher({
    tools: TOOLS,
    gate: authority.gate,
    tabs,
    spaces: createSpacesPort(spaces, annotations),
    standing: (agent) => authority.standing(agent),
  });
  const agents = createAgentPort({
    connect: edges.connectNative,
    node,
    serve: (pipe, caller, named) =>
      void serveMcp(pipe, { dispatcher, caller, onClientName: named, version }),
  });
  authority.onChange(changed);
  agents.subscribe(changed);
  return { authority, agents };
}

function relaysOf(spaces: Spaces, settings: Settings): string[] {
  const relays = spaces.list().flatMap(({ record }) => record.relay ?? []);
  return [settings.relay(), ...relays];
}
