// The board of a space: its name and its files, and later its work items.
import { z } from 'zod';
import { textOf, whole, type AutomergeMap } from './automerge-doc.ts';
import { addFile, beginFiles, dropFile, readFiles, type StoredFile } from './board-files.ts';
import type { DocumentKind } from './document-kind.ts';

export const MAX_SPACE_NAME_CHARS = 80;

export interface Board {
  readonly name: string | null;
  readonly files: readonly StoredFile[];
}

const setName = z.strictObject({ name: z.string().trim().min(1).max(MAX_SPACE_NAME_CHARS) });

export const board: DocumentKind = {
  begin: beginFiles,
  verbs: {
    setName: (doc, args) => {
      doc['name'] = whole(setName.parse(args).name);
    },
    addFile,
    removeFile: dropFile,
  },
  read: (doc): Board => ({ name: nameOf(doc), files: readFiles(doc) }),
};

function nameOf(doc: AutomergeMap): string | null {
  return textOf(doc['name'])?.slice(0, MAX_SPACE_NAME_CHARS) ?? null;
}
