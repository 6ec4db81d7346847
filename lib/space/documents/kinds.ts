// The kinds of document a space holds, told apart by the first part of their id.
import { artifact } from './artifact.ts';
import { board } from './board.ts';
import { branch } from './branch.ts';
import type { DocumentKind } from './document-kind.ts';
import { page } from './page.ts';

const KINDS: Readonly<Record<string, DocumentKind>> = { artifact, board, branch, page };

/** The kind of `board`, `page/<hash>`, …; null for an id of no known kind. */
export function kindOfDocument(id: string): DocumentKind | null {
  const kind = id.split('/', 1)[0] ?? '';
  return Object.hasOwn(KINDS, kind) ? (KINDS[kind] ?? null) : null;
}
