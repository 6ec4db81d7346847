// The read model of the extension's own pages: one plain JSON snapshot that the node pushes whole.
// Times are milliseconds since 1970, ids are opaque strings, and nothing in it is secret to the person.
import type { Failure } from '../wire/failure.ts';
import type { CopyView } from './copy-state.ts';
import type { JoiningView } from './joining-state.ts';
import type { FileView } from './file-view.ts';
import type { StorageView } from './storage-view.ts';
import type { GroupView } from './group-view.ts';
import type { ArchiveView, OriginView } from './origin-state.ts';
import type { TextState } from './text-calls.ts';

/** One of eight hues, 0 to 7; `components/theme.css` gives each its colour. */
export type Hue = number;

/** Who did something. An agent's hue is the hue of the person it acts for. */
export interface Hand {
  readonly did: string;
  readonly name: string;
  readonly hue: Hue;
  readonly kind: 'person' | 'agent';
  /** Name of the person an agent acts for; null for people. */
  readonly onBehalfOf: string | null;
}

export interface MeView {
  readonly did: string;
  readonly name: string;
  readonly hue: Hue;
}

export interface RelayView {
  readonly url: string;
  readonly state: 'connected' | 'connecting' | 'offline';
  readonly since: number;
  readonly lastError: string | null;
}

export interface PersonView {
  readonly did: string;
  readonly name: string;
  readonly hue: Hue;
  readonly me: boolean;
  readonly present: boolean;
  readonly lastSeenAt: number | null;
  readonly via: 'direct' | 'relay' | null;
  /** What they may do in the space; null for someone who is no longer in it. */
  readonly role: 'steward' | 'editor' | 'commenter' | 'reader' | null;
}

/** Someone who has an invite and waits to be let in. */
export interface JoinRequestView {
  readonly id: string;
  readonly name: string;
  /** Six digits that they see too. */
  readonly code: string;
}

export interface SpaceView {
  readonly id: string;
  readonly name: string;
  readonly people: readonly PersonView[];
  /** Changes made here that neither the relay nor a peer has acknowledged. */
  readonly unsent: number;
  /** What the space waits for before it is whole, as a sentence: "Waiting for Ada's browser to send it." */
  readonly waitingFor: string | null;
  readonly annotationCount: number;
  readonly updatedAt: number;
  readonly problem: Failure | null;
  /** Whether this person decides who is in the space. */
  readonly mayManage: boolean;
  /** Whether an invite is enough to come in, or whoever manages the space looks at each request. */
  readonly admit: 'by_invite' | 'by_hand';
  readonly requests: readonly JoinRequestView[];
  /** Set for a space that was opened from a file by someone who is not in it: it can only be looked at. */
  readonly archive: ArchiveView | null;
  /** The space that this one was made from, if any. */
  readonly origin: OriginView | null;
  readonly group: GroupView;
}

/** Where an annotation stands on the page as loaded now; `unknown` while no page has said. */
export type AnchorState = 'anchored' | 'uncertain' | 'orphan' | 'unknown';

export interface AnnotationView {
  readonly id: string;
  readonly spaceId: string;
  /** The words as they were when the annotation was made. */
  readonly quote: string;
  /** The words it sits on now, where they differ (uncertain); null otherwise. */
  readonly foundText: string | null;
  readonly note: string;
  readonly by: Hand;
  /** Who brought it over from another space, and says whose it was there; null for what was made here. */
  readonly carriedBy: string | null;
  readonly createdAt: number;
  readonly editedAt: number | null;
  readonly state: AnchorState;
  /** Made by this person, or by their agent: may be edited and removed here. */
  readonly mine: boolean;
  readonly tentative: boolean;
}

export interface PageView {
  /** As `pageAddress` spells the subscription's address. */
  readonly url: string;
  readonly title: string;
  readonly tabId: number | null;
  /** Newest first, at most `annotationLimit` of the subscription. */
  readonly annotations: readonly AnnotationView[];
  /** How many there are in all. */
  readonly annotationTotal: number;
}

/** A limit with what was settled and what is held for calls under way. */
export interface MeterView {
  readonly limit: number;
  readonly used: number;
  readonly reserved: number;
}

export interface GrantView {
  readonly origins: readonly string[];
  readonly tools: 'all' | readonly string[];
  readonly spaces: 'all' | readonly string[];
  readonly reads: MeterView;
  readonly writes: MeterView;
  readonly expiresAt: number;
}

export interface RunningCallView {
  readonly id: string;
  readonly tool: string;
  readonly where: string;
  readonly startedAt: number;
}

export interface AgentView {
  readonly did: string;
  readonly name: string;
  /** The program it runs in, as that program names itself: "claude-code 2.1". */
  readonly client: string;
  readonly hue: Hue;
  readonly onBehalfOf: string;
  readonly status: 'waiting' | 'active' | 'stopped' | 'expired';
  readonly connected: boolean;
  readonly grant: GrantView | null;
  readonly running: readonly RunningCallView[];
}

/** An agent that asks for permission for the first time. */
export interface PairingView {
  readonly id: string;
  readonly agentName: string;
  readonly clientName: string;
  readonly askedAt: number;
  readonly expiresAt: number;
}

export interface BridgeView {
  readonly state: 'connected' | 'not_installed' | 'retrying';
  readonly detail: string;
  /** The program that an MCP client spawns to reach this browser, and its arguments. */
  readonly agentCommand: readonly string[];
}

export interface ActivityView {
  readonly id: string;
  readonly at: number;
  readonly hand: Hand;
  /** Past tense: "annotated", "joined", "read", "clicked". */
  readonly verb: string;
  readonly object: string;
  /** A host, a page title or a space name. */
  readonly where: string;
  /** Under which permission an agent acted, in words. */
  readonly permission: string | null;
  readonly outcome: 'done' | 'refused' | 'failed' | 'stopped' | 'waiting';
  /** What the refusal or error said. */
  readonly detail: string | null;
  readonly tentative: boolean;
}

/** One of the person's own devices. */
export interface DeviceView {
  /** Public key, hex. */
  readonly id: string;
  /** "Firefox on Linux", as it called itself. */
  readonly label: string;
  readonly isThisBrowser: boolean;
  readonly addedAt: number;
  /** Null while it is one of them. */
  readonly removedAt: number | null;
  readonly isHere: boolean;
  /** Names of spaces that have not taken the last change about it yet. */
  readonly waitingIn: readonly string[];
  /** The agents that may act there, as it wrote down: "Claude may act until 15:00" belongs to that device alone. */
  readonly agents: readonly { readonly name: string; readonly status: AgentView['status'] }[];
}

/** A code that is being shown, and how far the device that came with it has got. */
export interface OfferView {
  readonly code: string;
  readonly relay: string;
  readonly isReachable: boolean;
  readonly expiresAt: number;
  readonly step: 'waiting' | 'compare' | 'over';
  /** Six digits that both screens show. */
  readonly digits: string | null;
  readonly label: string | null;
  /** The person has to certify the device by the phrase, unless it is still kept here. */
  readonly needsPhrase: boolean;
  /** Why it is over, where the device was not added. */
  readonly failure: Failure | null;
}

export interface DevicesView {
  readonly list: readonly DeviceView[];
  readonly offer: OfferView | null;
  /** The phrase is kept in this browser and need not be typed. */
  readonly hasPhrase: boolean;
  /** This browser is none of the person's devices any more. */
  readonly isRemoved: boolean;
}

export interface PanelState extends TextState {
  readonly me: MeView | null;
  readonly devices: DevicesView | null;
  /** Null unless a code was entered here. */
  readonly joining: JoiningView | null;
  readonly copy: CopyView | null;
  readonly relay: RelayView;
  readonly spaces: readonly SpaceView[];
  readonly activeSpaceId: string | null;
  readonly page: PageView | null;
  readonly agents: readonly AgentView[];
  readonly pairing: readonly PairingView[];
  readonly bridge: BridgeView;
  /** Newest first, at most 100. */
  readonly activity: readonly ActivityView[];
  /** Of the active space, newest first. */
  readonly files: readonly FileView[];
  readonly storage: StorageView | null;
  /** That there is no room for new work, while there is none. */
  readonly storageProblem: Failure | null;
}
