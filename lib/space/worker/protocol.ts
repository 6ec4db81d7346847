// The words between the node and its document worker. Both are ours and of one build, so nothing here is parsed.
import type { Failed, Result } from '../../wire/failure.ts';
import type { Applied, BoundChange } from '../documents/live-document.ts';

/** What the worker can be asked. `document` is unique across spaces: `<space hex>:<document id>`. */
export interface DocumentCalls {
  /** Builds a document anew from all of its changes. */
  load(args: { document: string; kind: string; changes: readonly BoundChange[] }): Applied;
  apply(args: { document: string; changes: readonly BoundChange[] }): Applied;
  propose(args: {
    document: string;
    actor: string;
    verb: string;
    args: unknown;
    at: number;
  }): Uint8Array | null;
  read(args: { document: string }): unknown;
  unload(args: { document: string }): null;
}

export type DocumentCallName = keyof DocumentCalls;

export interface DocumentRequest {
  readonly id: number;
  readonly call: DocumentCallName;
  readonly args: unknown;
}

export interface DocumentReply {
  readonly id: number;
  readonly result: Result<unknown> | Failed;
}
