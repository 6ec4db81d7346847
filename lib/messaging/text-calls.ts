// What the extension's pages may ask about texts that people write together, and what they are told of them.
import { z } from 'zod';

export const MAX_TITLE_LENGTH = 120;
export const MAX_TEXT_LENGTH = 200_000;
const MAX_APPROVALS = 64;

const spaceId = z.string().min(1).max(256);
const object = z.string().regex(/^[0-9a-z-]{8,64}$/);
const title = z.string().trim().min(1).max(MAX_TITLE_LENGTH);
const text = z.string().max(MAX_TEXT_LENGTH);

/** A text; `branch` names a copy of it, null means the text that all share. */
const place = { spaceId, artifact: object, branch: object.nullable() };
const copy = { spaceId, artifact: object, branch: object };

export const textArgs = {
  createText: z.strictObject({ spaceId, title, form: z.enum(['prose', 'code']) }),
  readText: z.strictObject(place),
  renameText: z.strictObject({ ...place, title }),
  /** Brings in what a writer made of the text that they had before them. */
  writeText: z.strictObject({ ...place, before: text, after: text }),
  copyText: z.strictObject({
    spaceId,
    artifact: object,
    name: title,
    where: z.enum(['private', 'shared']),
  }),
  /** Makes a private copy one that everyone in the space sees. */
  shareCopy: z.strictObject(copy),
  /** Brings a copy's changes into the text. Null asks first: nothing happens where both changed the same words. */
  mergeCopy: z.strictObject({ ...copy, prefer: z.enum(['ours', 'theirs', 'both']).nullable() }),
  /** Brings what changed in the text since into the copy. */
  refreshCopy: z.strictObject(copy),
  /** Puts a copy away. */
  closeCopy: z.strictObject(copy),
  /** Asks that a version become the agreed one: that of a shared copy, or the text as it is now. */
  proposeText: z.strictObject(place),
  approveText: z.strictObject(copy),
  /** How many must approve a version before it is the agreed one. */
  setApprovals: z.strictObject({ spaceId, approvals: z.number().int().min(0).max(MAX_APPROVALS) }),
} as const;

export type TextArgsPlace = z.infer<typeof textArgs.readText>;

/** Draft: nothing was ever agreed. Changed: the text is no longer what was agreed. */
export type TextStanding = 'draft' | 'agreed' | 'changed';

/** A text as a list shows it. */
export interface TextSummary {
  readonly id: string;
  readonly title: string;
  readonly standing: TextStanding;
  readonly copies: number;
}

/** What a snapshot for panels says of texts. */
export interface TextState {
  /** Those of the active space. */
  readonly texts: readonly TextSummary[];
}

export interface CopySummary {
  readonly id: string;
  readonly name: string;
  readonly where: 'private' | 'shared';
  readonly by: string;
}

/** A stretch of a text: in both versions, or in one of them only. */
export interface Stretch {
  readonly kind: 'same' | 'gone' | 'new';
  readonly text: string;
}

export interface ProposalView {
  readonly branch: string;
  readonly name: string;
  readonly by: string;
  /** Names of those who approve. */
  readonly approvedBy: readonly string[];
  readonly needed: number;
  /** Whether this person may still approve it. */
  readonly mayApprove: boolean;
  /** What it waits for, as a sentence. */
  readonly waitingFor: string;
}

export interface TextView {
  readonly title: string;
  readonly form: 'prose' | 'code';
  readonly text: string;
  readonly mayWrite: boolean;
  readonly standing: TextStanding;
  /** What was agreed last; null while nothing was, or while it has not come to this browser. */
  readonly agreed: string | null;
  readonly copies: readonly CopySummary[];
  readonly proposals: readonly ProposalView[];
  /** Where a copy is looked at. */
  readonly copy: CopyView | null;
}

export interface CopyView extends CopySummary {
  /** Whether this very version of it is the agreed one. */
  readonly isAgreed: boolean;
  /** What it changes of the text that it was taken from. */
  readonly changes: readonly Stretch[];
  /** How many places of the text have changed since it was taken. */
  readonly behind: number;
}

export interface TextReplies {
  createText: { readonly artifact: string };
  readText: TextView;
  renameText: null;
  writeText: null;
  copyText: { readonly branch: string };
  shareCopy: { readonly branch: string };
  /** `merged` is false where it was asked first and both had changed the same words. */
  mergeCopy: { readonly merged: boolean; readonly conflicts: number };
  refreshCopy: null;
  closeCopy: null;
  proposeText: null;
  approveText: null;
  setApprovals: null;
}
