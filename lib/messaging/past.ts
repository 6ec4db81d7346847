// What the extension's own pages may ask about a space's past, and how a space leaves and enters this browser as a file.
// Bytes travel as base64, a piece at a time, since messages between a page and the node are JSON.
import { z } from 'zod';
import type { Hand } from './panel-state.ts';

export const MAX_HISTORY_ROWS = 100;
/** Of a file, in one message. */
export const PIECE_BYTES = 256 * 1024;
export const MAX_PASSPHRASE_LENGTH = 1_000;
const MAX_PIECE_CHARS = Math.ceil(PIECE_BYTES / 3) * 4;

const id = z.string().min(1).max(256);
const index = z.int().min(0);
const passphrase = z.string().max(MAX_PASSPHRASE_LENGTH).nullable();

export const pastArgs = {
  /** Rows of the history, `from` counted from the oldest; with what was written since it was read last when `newest`. */
  history: z.strictObject({
    spaceId: id,
    from: index,
    count: z.int().min(0).max(MAX_HISTORY_ROWS),
    newest: z.boolean(),
  }),
  /** The space after its first `after` steps. */
  moment: z.strictObject({ spaceId: id, after: index }),
  /** Without a passphrase whoever has the file can read it. */
  exportBegin: z.strictObject({ spaceId: id, passphrase }),
  /** Pieces in order; the last one may be asked for again. */
  exportPiece: z.strictObject({ transferId: id, index }),
  importBegin: z.strictObject({ passphrase }),
  importPiece: z.strictObject({
    transferId: id,
    index,
    data: z.string().max(MAX_PIECE_CHARS),
  }),
  importEnd: z.strictObject({ transferId: id }),
  /** A new space with what this one held after its first `after` steps; all of it when null. */
  forkSpace: z.strictObject({
    spaceId: id,
    name: z.string().trim().min(1).max(80),
    after: index.nullable(),
  }),
} as const;

/** One object of a document before and after a step, in words. */
export interface ChangedView {
  /** What it is about: the quote of an annotation. Null for a document's own facts. */
  readonly about: string | null;
  /** Null: it was not there. */
  readonly before: string | null;
  /** Null: it is no longer there. */
  readonly after: string | null;
}

export interface HistoryRow {
  /** Place among all steps, from 0. */
  readonly index: number;
  /** What the author's clock said. */
  readonly at: number;
  readonly hand: Hand;
  /** Past tense. */
  readonly verb: string;
  readonly object: string;
  /** A page's title or address. */
  readonly where: string;
  /** Under which permission an agent acted, in words. */
  readonly permission: string | null;
  readonly changes: readonly ChangedView[];
}

export interface HistoryView {
  readonly spaceName: string;
  readonly total: number;
  readonly rows: readonly HistoryRow[];
}

export interface PastNote {
  readonly id: string;
  readonly quote: string;
  readonly note: string;
  readonly by: Hand;
  readonly createdAt: number;
}

export interface PastPage {
  readonly url: string;
  readonly title: string;
  readonly notes: readonly PastNote[];
}

export interface MomentView {
  readonly name: string;
  /** With their role in words. */
  readonly people: readonly {
    readonly name: string;
    readonly hue: number;
    readonly role: string;
  }[];
  readonly pages: readonly PastPage[];
  /** Notes that are not shown for want of room. */
  readonly left: number;
}

export interface PastReplies {
  history: HistoryView;
  moment: MomentView;
  exportBegin: { readonly transferId: string; readonly fileName: string };
  exportPiece: { readonly data: string; readonly done: boolean };
  importBegin: { readonly transferId: string };
  importPiece: null;
  /** `outcome`: one is in it and goes on; one can only look at it; it was here and lacks nothing now. */
  importEnd: {
    readonly spaceId: string;
    readonly outcome: 'joined' | 'archive' | 'known';
  };
  forkSpace: { readonly spaceId: string };
}
