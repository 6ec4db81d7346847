// The words between the node and its document worker. Both are ours and of one build, so nothing here is parsed.
import type { Failed, Result } from '../../wire/failure.ts';
import type { DocumentSnapshot } from '../documents/document-snapshot.ts';
import type { Applied, BoundChange } from '../documents/live-document.ts';
import type { Transplant } from '../documents/transplant.ts';
import type { ActorPlaces } from '../documents/view-at.ts';

/**
 * What the worker can be asked. `document` is unique across spaces: `<space hex>:<document id>`. All but `load` and
 * `unload` fail with `closed` when the document is not loaded: the worker lets those go that it has no room for.
 */
export interface DocumentCalls {
  /**
   * Builds a document anew, from a snapshot if there is one and as many of its later changes as one call should take.
   * Failure `malformed`: the snapshot is not to be used.
   */
  load(args: {
    document: string;
    kind: string;
    base: LoadedBase | null;
    changes: readonly BoundChange[];
    /** Changes known to do harm: hash and reason. */
    skip: ReadonlyMap<string, string>;
  }): Applied;
  apply(args: { document: string; changes: readonly BoundChange[] }): Applied;
  propose(args: {
    document: string;
    actor: string;
    verb: string;
    args: unknown;
    at: number;
  }): Uint8Array | null;
  transplant(args: { document: string; move: Transplant }): Uint8Array;
  read(args: { document: string }): unknown;
  /** As it was at a cut: by actor, the last place in its author's log that is within. */
  readAt(args: { document: string; within: ActorPlaces }): unknown;
  snapshot(args: { document: string }): DocumentSnapshot;
  /** Hex hashes that name the version it is in. */
  version(args: { document: string }): readonly string[];
  /** As it was in that version; `not_found` when that is not in its past. */
  readVersion(args: { document: string; version: readonly string[] }): unknown;
  unload(args: { document: string }): null;
}

export interface LoadedBase {
  readonly snapshot: DocumentSnapshot;
  /** How many changes it stands for, and their bytes. */
  readonly changes: number;
  readonly bytes: number;
}

export type DocumentCallName = keyof DocumentCalls;

export interface DocumentRequest {
  readonly id: number;
  readonly call: DocumentCallName;
  readonly args: unknown;
}

/** The id of a reply that answers no request: the worker is ready for the first one. */
export const READY = 0;

export interface DocumentReply {
  readonly id: number;
  readonly result: Result<unknown> | Failed;
}
