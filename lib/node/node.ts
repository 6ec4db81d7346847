// The node: what every surface of this browser talks to. It answers before a person exists, and from then on through the desk.
import {
  panelArgs,
  type PanelCallName,
  type PanelFeed,
  type PanelHandlers,
} from '../messaging/panel.ts';
import type { PanelState } from '../messaging/panel-state.ts';
import { parseAnnotatorRequest, type AnnotatorRequest } from '../wire/annotator.ts';
import { fail, failureOf, ok, type Result } from '../wire/failure.ts';
import { answerAnnotator, NOTHING_DRAWN } from './annotator-requests.ts';
import type { Desk } from './desk.ts';
import { DeviceJoining } from './device-joining.ts';
import { readInviteLink } from './invites.ts';
import { emptyState, readState } from './panel-feed.ts';
import { createDeskHandlers, type DeskHandlers } from './panel-handlers.ts';
import { createProfile, loadProfile, type Profile } from './profile.ts';
import { Settings } from './settings.ts';
import { startDesk, type NodeEdges } from './start-desk.ts';

export interface Node {
  readonly handlers: PanelHandlers;
  readonly feed: PanelFeed;
  /** Null for a message that is not a page's request about annotations. */
  answerPage(message: unknown, senderUrl: string): Promise<Result<unknown>> | null;
  /** Begins an annotation in a tab, as the keyboard shortcut asks. */
  beginAnnotation(tabId: number): Promise<void>;
  /** Who this browser is, once there is a person and everything has started. */
  identity(): Promise<{ readonly did: string; readonly name: string } | null>;
  /** The network changed or the computer woke: try relays now. */
  retryNow(): void;
}

/** Returns at once; everything that needs storage waits inside, so that listeners can be set in time. */
export function createNode(edges: () => Promise<NodeEdges>): Node {
  return new LocalNode(edges);
}

interface Started {
  readonly edges: NodeEdges;
  readonly settings: Settings;
  readonly joining: DeviceJoining;
}

class LocalNode implements Node {
  readonly #listeners = new Set<() => void>();
  readonly #started: Promise<Started>;
  #desk: Promise<Desk> | null = null;
  #handlers: DeskHandlers | null = null;

  constructor(edges: () => Promise<NodeEdges>) {
    this.#started = this.#start(edges);
    // A failure to start is told to whoever asks next; here it must only not be unhandled.
    this.#started.catch(() => {});
  }

  get handlers(): PanelHandlers {
    return {
      ...this.#deskHandlers(),
      createPerson: ({ name }) => this.#createPerson(name),
      previewInvite: ({ link }) => this.#previewInvite(link),
      joinDevices: ({ code, relay }) => this.#join((joining) => joining.begin(code, relay)),
      confirmJoining: ({ same }) => this.#join((joining) => joining.confirm(same)),
      cancelJoining: () => this.#join((joining) => joining.cancel()),
    };
  }

  get feed(): PanelFeed {
    return {
      read: async (subscription): Promise<PanelState> => {
        const { settings, edges, joining } = await this.#started;
        const desk = await this.#desk;
        return desk === null
          ? emptyState(settings, edges.now(), joining.view())
          : readState(desk, subscription);
      },
      onChange: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }

  answerPage(message: unknown, senderUrl: string): Promise<Result<unknown>> | null {
    const request = parseAnnotatorRequest(message);
    if (request === null || request.type === 'panel.open') return null;
    return this.#answerPage(request, senderUrl).catch((error: unknown) => ({
      ok: false,
      failure: failureOf(error),
    }));
  }

  async beginAnnotation(tabId: number): Promise<void> {
    await this.#started;
    await (await this.#desk)?.pages.begin(tabId);
  }

  async identity(): Promise<{ readonly did: string; readonly name: string } | null> {
    await this.#started;
    const desk = await this.#desk;
    if (desk === null) return null;
    const { person, name } = desk.profile();
    return { did: person, name };
  }

  retryNow(): void {
    void this.#desk?.then(({ network }) => network.retryNow()).catch(() => {});
  }

  async #start(edges: () => Promise<NodeEdges>): Promise<Started> {
    const made = await edges();
    const { records } = made.store;
    const settings = await Settings.load(records, made.launch?.relay ?? null);
    const profile = (await loadProfile(records)) ?? (await profileForLaunch(made));
    const open = (found: Profile) => this.#open({ edges: made, settings }, found);
    if (profile !== null) await open(profile);
    const { label, now } = made;
    const parts = { records, settings, label, now };
    const changed = () => this.#changed();
    return {
      edges: made,
      settings,
      joining: new DeviceJoining({ ...parts, onJoined: open, changed }),
    };
  }

  /** Only a browser without a person becomes a device of someone. */
  async #join(step: (joining: DeviceJoining) => Result<null>): Promise<Result<null>> {
    const { joining } = await this.#started;
    return this.#desk === null ? step(joining) : HAS_PERSON;
  }

  async #open({ edges, settings }: Omit<Started, 'joining'>, profile: Profile): Promise<Desk> {
    this.#desk = startDesk(edges, profile, settings, () => this.#changed());
    const desk = await this.#desk;
    this.#handlers = createDeskHandlers(desk);
    this.#changed();
    return desk;
  }

  async #createPerson(name: string): Promise<Result<{ did: string }>> {
    const started = await this.#started;
    const { store, now } = started.edges;
    const profile = await createProfile(store.records, name, now());
    if (!profile.ok) return profile;
    const desk = await this.#open(started, profile.value);
    await desk.pages.redraw('all');
    return ok({ did: profile.value.person });
  }

  async #previewInvite(link: string) {
    const invite = await readInviteLink(link);
    if (!invite.ok) return invite;
    await this.#started;
    const desk = await this.#desk;
    const { spaceName, inviterName, inviter, relay, spaceId } = invite.value;
    const isHeld = desk?.spaces.find(spaceId).ok ?? false;
    const joinedSpaceId = isHeld ? spaceId : null;
    return ok({ spaceName, inviterName, inviterDid: inviter, relay, joinedSpaceId });
  }

  async #callDesk(name: PanelCallName, args: never): Promise<Result<unknown>> {
    await this.#started;
    await this.#desk;
    const handlers: Partial<PanelHandlers> | null = this.#handlers;
    const handler = handlers?.[name] as ((args: never) => Promise<Result<unknown>>) | undefined;
    return handler === undefined ? NOBODY_YET : handler(args);
  }

  async #answerPage(
    request: Exclude<AnnotatorRequest, { type: 'panel.open' }>,
    senderUrl: string,
  ): Promise<Result<unknown>> {
    await this.#started;
    const desk = await this.#desk;
    if (desk !== null) return answerAnnotator(desk, request, senderUrl);
    return request.type === 'annotations.open' ? ok(NOTHING_DRAWN) : NOBODY_YET;
  }

  /** All that needs a person: found when it is asked for. */
  #deskHandlers(): DeskHandlers {
    const names = Object.keys(panelArgs) as PanelCallName[];
    const later = names.map((name) => [name, (args: never) => this.#callDesk(name, args)]);
    // One name selects one handler; the compiler cannot tie the two across the list.
    return Object.fromEntries(later) as DeskHandlers;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A scripted start names its person, so that nobody has to type. */
async function profileForLaunch({ launch, store, now }: NodeEdges): Promise<Profile | null> {
  if (typeof launch?.name !== 'string') return null;
  const profile = await createProfile(store.records, launch.name, now());
  return profile.ok ? profile.value : null;
}

const HAS_PERSON = fail(
  'conflict',
  'This browser already belongs to someone.',
  'Use another browser profile for the other person.',
);

const NOBODY_YET = fail(
  'unavailable',
  'Commonplace does not know your name yet.',
  'Open Commonplace and say your name first.',
);
