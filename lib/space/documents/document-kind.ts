// What makes a kind of document: how it begins, what may be done to it and how it is read.
import type { AutomergeMap } from './automerge-doc.ts';

/**
 * A kind of document is one value: the state every replica starts from, the verbs that change it and the
 * projection that reads it. Verbs and projections meet hostile content, since any member can write anything.
 */
export interface DocumentKind {
  /** Fills an empty document. Every replica makes this same change itself, so it is never in the log. */
  readonly begin: (doc: AutomergeMap) => void;
  /** Applies one verb; throws a `FailureError` when the arguments do not fit the document as it stands. */
  readonly verbs: Readonly<Record<string, (doc: AutomergeMap, args: unknown) => void>>;
  /** Reads the document as JSON; what does not fit the schema is left out. */
  readonly read: (doc: AutomergeMap) => unknown;
}
