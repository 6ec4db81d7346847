// What the extension's own pages may ask the node, and how the two talk: one message per command
// with a Result for a reply, and one port per page over which the node pushes `PanelState`.
// Arguments are parsed by the node's side; everything here is JSON.
import { z } from 'zod';
import { grantDraft } from '../wire/authority.ts';
import type { Failure, Result } from '../wire/failure.ts';
import { fileArgs, type FileReplies } from './file-calls.ts';
import type { PanelState } from './panel-state.ts';
import { pastArgs, type PastReplies } from './past.ts';
import { textArgs, type TextReplies } from './text-calls.ts';

export const MAX_NAME_LENGTH = 80;
export const MAX_NOTE_LENGTH = 10_000;
export const MAX_LINK_LENGTH = 8_192;
const MAX_ID_LENGTH = 256;
const MAX_URL_LENGTH = 65_536;

const name = z.string().trim().min(1).max(MAX_NAME_LENGTH);
const url = z.string().min(1).max(MAX_URL_LENGTH);
const id = z.string().min(1).max(MAX_ID_LENGTH);
/** What the person pasted, or the address of the join page. Its fragment is the invite; the reader takes what follows '#'. */
const link = z.string().trim().min(1).max(MAX_LINK_LENGTH);

const phrase = z.string().max(1_000);

const pairingDecision = z.discriminatedUnion('allow', [
  z.strictObject({ id, allow: z.literal(true), grant: grantDraft }),
  z.strictObject({ id, allow: z.literal(false) }),
]);

/** The arguments of every command, by name. */
export const panelArgs = {
  ...pastArgs,
  ...textArgs,
  createPerson: z.strictObject({ name }),
  renamePerson: z.strictObject({ name }),
  /** The recovery phrase, for as long as it is kept. */
  showPhrase: z.strictObject({}),
  /** Forgets it in this browser, for good. */
  forgetPhrase: z.strictObject({}),
  /** Gives this browser keys of its own, by the phrase; null where it is kept here. They count from its next start. */
  renewDevice: z.strictObject({ phrase: phrase.nullable() }),
  /** No other browser uses the keys of this one: what was set aside is added again here. */
  goOnHere: z.strictObject({}),
  /** Enters the code that another device shows; null: the relay that is set here. */
  joinDevices: z.strictObject({
    code: z.string().max(200),
    relay: z.string().max(2_000).nullable(),
  }),
  /** Whether both screens show the same digits. */
  confirmJoining: z.strictObject({ same: z.boolean() }),
  cancelJoining: z.strictObject({}),
  /** Shows a code for another device. */
  offerDevice: z.strictObject({}),
  /** Takes in the device that came with the code; `phrase` null where it is kept here. */
  allowDevice: z.strictObject({ phrase: phrase.nullable() }),
  cancelOffer: z.strictObject({}),
  removeDevice: z.strictObject({ device: id, phrase: phrase.nullable() }),
  /** `keys` is for ever: standard if not said, or MLS. */
  createSpace: z.strictObject({ name, keys: z.enum(['wrap', 'mls']).optional() }),
  renameSpace: z.strictObject({ spaceId: id, name }),
  /** Makes a space the one that is shown and annotated into. */
  openSpace: z.strictObject({ spaceId: id }),
  invite: z.strictObject({ spaceId: id }),
  /** Reads an invite without joining and without telling anyone. */
  previewInvite: z.strictObject({ link }),
  joinSpace: z.strictObject({ link }),
  /** Forgets a space in this browser. Others keep theirs. */
  leaveSpace: z.strictObject({ spaceId: id }),
  /** Tells the group that this person leaves, and then forgets the space here; `anyway`: also as the last steward. */
  leaveGroup: z.strictObject({ spaceId: id, anyway: z.boolean() }),
  /** Lets someone in who asked, or does not. */
  decideRequest: z.strictObject({ spaceId: id, requestId: id, allow: z.boolean() }),
  /** Puts a person out of a space. What they wrote so far stays; they read nothing that comes after. */
  removePerson: z.strictObject({ spaceId: id, person: id }),
  /** Whether an invite is enough to come in, or each request is looked at. */
  setAdmission: z.strictObject({ spaceId: id, admit: z.enum(['by_invite', 'by_hand']) }),
  setRole: z.strictObject({
    spaceId: id,
    person: id,
    role: z.enum(['steward', 'editor', 'commenter', 'reader']),
  }),
  /** This person's word on what another steward proposes. */
  answerDecision: z.strictObject({ spaceId: id, decisionId: id, confirm: z.boolean() }),
  /** Takes in what a removed person wrote late, or leaves it out. */
  answerLateWork: z.strictObject({ spaceId: id, device: id, take: z.boolean() }),
  /** Takes back what this person proposed. */
  withdrawDecision: z.strictObject({ spaceId: id, decisionId: id }),
  /** `url` as in `PageView`. */
  editAnnotation: z.strictObject({
    spaceId: id,
    annotationId: id,
    url,
    note: z.string().max(MAX_NOTE_LENGTH),
  }),
  removeAnnotation: z.strictObject({ spaceId: id, annotationId: id, url }),
  /** Scrolls that tab to the annotation and lights it up for a moment. */
  showAnnotation: z.strictObject({ annotationId: id, tabId: z.number().int() }),
  ...fileArgs,
  decidePairing: pairingDecision,
  /** Replaces an agent's permission; also how a stopped or expired agent may act again. */
  changeGrant: z.strictObject({ agent: id, grant: grantDraft }),
  /** Aborts what runs, gives back what was reserved, revokes the permission. */
  stopAgent: z.strictObject({ agent: id }),
  /** Looks for the bridge now instead of at the next retry. */
  retryBridge: z.strictObject({}),
  setRelay: z.strictObject({ url: z.string().trim().min(1).max(2_000) }),
} as const;

export type PanelCallName = keyof typeof panelArgs;
export type PanelArgs = { readonly [N in PanelCallName]: z.infer<(typeof panelArgs)[N]> };

export interface InvitePreview {
  readonly spaceName: string;
  readonly inviterName: string;
  readonly inviterDid: string;
  readonly relay: string;
  /** The space's id when this person is in it already. */
  readonly joinedSpaceId: string | null;
}

/** The parser of each command's arguments, indexable by a name that is not known yet. */
export const argsParsers: { readonly [N in PanelCallName]: z.ZodType<PanelArgs[N]> } = panelArgs;

/** What a command answers with when it worked; null where there is nothing to say. */
export interface PanelReplies extends PastReplies, FileReplies, TextReplies {
  createPerson: { readonly did: string };
  renamePerson: null;
  /** Twelve words, or null when they are not kept any more. */
  showPhrase: { readonly phrase: string | null };
  forgetPhrase: null;
  renewDevice: null;
  goOnHere: null;
  joinDevices: null;
  confirmJoining: null;
  cancelJoining: null;
  offerDevice: null;
  allowDevice: null;
  cancelOffer: null;
  removeDevice: null;
  createSpace: { readonly spaceId: string };
  renameSpace: null;
  openSpace: null;
  invite: { readonly link: string; readonly expiresAt: number | null };
  previewInvite: InvitePreview;
  /** `waitingFor` is what stands between asking and being in, as a sentence; null when one is in. */
  joinSpace: { readonly spaceId: string; readonly waitingFor: string | null };
  leaveSpace: null;
  leaveGroup: null;
  decideRequest: null;
  removePerson: null;
  setRole: null;
  answerDecision: null;
  withdrawDecision: null;
  answerLateWork: null;
  setAdmission: null;
  editAnnotation: null;
  removeAnnotation: null;
  showAnnotation: null;
  decidePairing: null;
  changeGrant: null;
  stopAgent: null;
  retryBridge: null;
  setRelay: null;
}

/** What the node implements. Arguments are parsed; a handler returns a Result and throws only for bugs. */
export type PanelHandlers = {
  readonly [N in PanelCallName]: (args: PanelArgs[N]) => Promise<Result<PanelReplies[N]>>;
};

/** How a page asks. Never rejects; answers within a deadline. */
export type PanelCall = <N extends PanelCallName>(
  call: N,
  args: PanelArgs[N],
) => Promise<Result<PanelReplies[N]>>;

/** Commands that would happen twice if sent twice: not repeated when a reply was lost. */
export const NOT_REPEATABLE: ReadonlySet<PanelCallName> = new Set([
  'createPerson',
  'createSpace',
  'forkSpace',
  'createText',
  'copyText',
  'shareCopy',
]);

export const panelMessage = z.object({
  to: z.literal('panel'),
  call: z.object(panelArgs).keyof(),
  args: z.unknown(),
});
export interface PanelMessage {
  readonly to: 'panel';
  readonly call: PanelCallName;
  readonly args: unknown;
}

export const VIEW_PORT = 'view';

/** What a page looks at. `spaceId` null means the active space; `url` and `tabId` null mean no web page. */
export const subscription = z.strictObject({
  spaceId: id.nullable(),
  url: url.nullable(),
  tabId: z.number().int().nullable(),
  annotationLimit: z.number().int().min(1).max(20_000),
});
export type Subscription = z.infer<typeof subscription>;

/** Page to node. A ping keeps a service worker awake while someone looks at it. */
export const viewRequest = z.union([
  z.strictObject({ subscribe: subscription }),
  z.strictObject({ ping: z.literal(true) }),
]);
export type ViewRequest = z.infer<typeof viewRequest>;

/** Node to page. */
export type ViewPush = { readonly state: PanelState } | { readonly failure: Failure };

/** Where the node's snapshots come from. */
export interface PanelFeed {
  /** The snapshot for one subscription, as of now. */
  read(subscription: Subscription): Promise<PanelState>;
  /** Calls back whenever any snapshot may have changed; returns how to stop. Bursts are fine. */
  onChange(listener: () => void): () => void;
}
