// The ids of documents, apart from their schemas, so that the node need not load Automerge to name one.

/** The one board of a space. */
export const BOARD_ID = 'board';

const DOCUMENT_ID = /^(?:board|page\/[0-9a-f]{64})$/;

export function isDocumentId(text: string): boolean {
  return DOCUMENT_ID.test(text);
}
