// A document as this device keeps it in its own storage, so that it is loaded without reading the log.
import type { DocumentSnapshot } from '../documents/document-snapshot.ts';
import type { RefusedChange } from '../documents/live-document.ts';

export interface KeptDocument {
  readonly snapshot: DocumentSnapshot;
  /** Changes in the log that it stands for, refused ones too. */
  readonly changes: number;
  /** Their bytes. */
  readonly bytes: number;
  readonly refused: readonly RefusedChange[];
}

/** Kept documents of one space, by id. */
export interface KeptDocuments {
  /** Null when there is none, or none that this version can use. */
  read(document: string): Promise<KeptDocument | null>;
  write(document: string, kept: KeptDocument): Promise<void>;
}

export const NOTHING_KEPT: KeptDocuments = {
  read: async () => null,
  write: async () => {},
};
