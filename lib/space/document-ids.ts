// The ids of documents, apart from their schemas, so that the node need not load Automerge to name one.
import { fail, type Result } from '../wire/failure.ts';

/** The one board of a space. */
export const BOARD_ID = 'board';

const OBJECT = '[0-9a-z-]{8,64}';
const DOCUMENT_ID = new RegExp(
  `^(?:board|page/[0-9a-f]{64}|artifact/${OBJECT}|branch/${OBJECT}/artifact/${OBJECT})$`,
);

/** The text that people write together. */
export function artifactId(artifact: string): string {
  return `artifact/${artifact}`;
}

/** A copy of it. */
export function branchId(branch: string, artifact: string): string {
  return `branch/${branch}/artifact/${artifact}`;
}

/** What a document is of, where it is an artifact or a copy of one. */
export function artifactOf(
  document: string,
): { readonly artifact: string; readonly branch: string | null } | null {
  const [kind, first, , second] = document.split('/');
  if (!isDocumentId(document) || first === undefined) return null;
  if (kind === 'artifact') return { artifact: first, branch: null };
  return kind === 'branch' && second !== undefined ? { artifact: second, branch: first } : null;
}

export function isDocumentId(text: string): boolean {
  return DOCUMENT_ID.test(text);
}

export function unknownDocument(document: string): Result<never> {
  return fail(
    'bad_arguments',
    `"${document.slice(0, 40)}" is not a document of a space.`,
    'Use board, page/<hash> or artifact/<id>.',
  );
}
