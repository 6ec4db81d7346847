// How a document begins, and how it is kept so that it can be loaded without its changes.
import * as A from '@automerge/automerge/slim';
import type { AutomergeMap } from './automerge-doc.ts';
import type { DocumentKind } from './document-kind.ts';
import { hashOfChange } from './gate/change-chunk.ts';
import type { GateState } from './gate/change-gate.ts';

/** A document as it stood, from which it can be loaded without its changes. Trusted: only for this device's own storage. */
export interface DocumentSnapshot {
  /** Automerge's own snapshot. */
  readonly save: Uint8Array;
  readonly heads: readonly string[];
  /** Hash of the change that every replica makes by itself. */
  readonly begin: string | null;
  readonly gate: GateState;
}

/** The actor of the change that every replica makes by itself. */
export const BEGIN_ACTOR = '00'.repeat(16);
const beginnings = new WeakMap<DocumentKind, Uint8Array>();

/** The document of a snapshot; null when it is of another kind or version, or not whole. */
export function loadSnapshot(
  kind: DocumentKind,
  { save, heads, begin: expected }: DocumentSnapshot,
): A.Doc<AutomergeMap> | null {
  const begin = beginningOf(kind);
  if (expected !== (begin && hashOfChange(begin))) return null;
  try {
    const doc = A.load<AutomergeMap>(save, { actor: BEGIN_ACTOR });
    if (A.getHeads(doc).toSorted().join() === heads.toSorted().join()) return doc;
    release(doc);
  } catch {
    // Not Automerge's, or cut short.
  }
  return null;
}

/** Of a document that has just begun. */
export function firstChange(document: A.Doc<AutomergeMap>): Uint8Array | null {
  return A.getAllChanges(document)[0] ?? null;
}

export function begun(kind: DocumentKind): A.Doc<AutomergeMap> {
  const empty = A.init<AutomergeMap>({ actor: BEGIN_ACTOR });
  return A.change(empty, { time: 0 }, (doc) => kind.begin(doc));
}

/** The change that every replica makes by itself; null for kinds that begin empty. */
export function beginningOf(kind: DocumentKind): Uint8Array | null {
  const known = beginnings.get(kind);
  if (known !== undefined) return known;
  const document = begun(kind);
  const begin = firstChange(document);
  release(document);
  if (begin !== null) beginnings.set(kind, begin);
  return begin;
}

/** A handle whose use broke down cannot always be given back; then it is lost, which the watchdog makes up for. */
export function release(doc: A.Doc<AutomergeMap>): void {
  try {
    A.free(doc);
  } catch {
    // Nothing more can be done with it.
  }
}

/** Automerge's own errors leave it as it was; a trap, or a stack that ran over, may not. */
export function isTrap(error: unknown): boolean {
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return true;
  return error instanceof Error && error.name === 'PanicError';
}
