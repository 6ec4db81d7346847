// The board of a space: its name, and later its work items and sources.
import { z } from 'zod';
import { textOf, whole, type AutomergeMap } from './automerge-doc.ts';
import type { DocumentKind } from './document-kind.ts';

export const MAX_SPACE_NAME_CHARS = 80;

export interface Board {
  readonly name: string | null;
}

const setName = z.strictObject({ name: z.string().trim().min(1).max(MAX_SPACE_NAME_CHARS) });

export const board: DocumentKind = {
  begin: () => {},
  verbs: {
    setName: (doc, args) => {
      doc['name'] = whole(setName.parse(args).name);
    },
  },
  read: (doc): Board => ({ name: nameOf(doc) }),
};

function nameOf(doc: AutomergeMap): string | null {
  return textOf(doc['name'])?.slice(0, MAX_SPACE_NAME_CHARS) ?? null;
}
