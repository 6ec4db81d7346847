// A copy of an artifact to try things on: a text of its own that remembers which version it was taken from.
import { z } from 'zod';
import { creatorOf, mapAt, textOf, whole, type AutomergeMap } from './automerge-doc.ts';
import {
  artifactVerbs,
  MAX_TEXT_CHARS,
  MAX_TITLE_CHARS,
  readArtifact,
  type ArtifactDocument,
} from './artifact.ts';
import type { DocumentKind } from './document-kind.ts';

export interface BranchDocument extends ArtifactDocument {
  readonly name: string | null;
  /** The artifact's text when the copy was taken, or when the two were last brought together. */
  readonly base: string;
  /** Hex id of the space whose artifact this is a copy of. */
  readonly space: string | null;
  /** Put away by someone: lists leave it out, what was agreed of it stays. */
  readonly isClosed: boolean;
  /** Actor (hex) whose change took the copy. */
  readonly creator: string | null;
}

const copy = z.strictObject({
  name: z.string().trim().min(1).max(MAX_TITLE_CHARS),
  space: z.string().regex(/^[0-9a-f]{64}$/),
  base: z.string().max(MAX_TEXT_CHARS),
});
const rebase = z.strictObject({ base: z.string().max(MAX_TEXT_CHARS) });

export const branch: DocumentKind = {
  begin: (doc) => {
    doc['text'] = '';
  },
  verbs: {
    ...artifactVerbs,
    copy: (doc, args) => {
      const { name, space, base } = copy.parse(args);
      doc['name'] = whole(name);
      doc['origin'] = { space: whole(space), base: whole(base) };
    },
    close: (doc) => {
      doc['closed'] = true;
    },
    rebase: (doc, args) => {
      const origin = mapAt(doc, 'origin');
      if (origin !== null) origin['base'] = whole(rebase.parse(args).base);
    },
  },
  read: (doc: AutomergeMap): BranchDocument => {
    const origin = mapAt(doc, 'origin') ?? {};
    return {
      ...readArtifact(doc),
      name: textOf(doc['name'])?.slice(0, MAX_TITLE_CHARS) ?? null,
      base: textOf(origin['base'])?.slice(0, MAX_TEXT_CHARS) ?? '',
      space: textOf(origin['space']),
      isClosed: doc['closed'] === true,
      creator: creatorOf(doc['origin']),
    };
  },
};
