// A space as the node holds it open, and what holding spaces needs and tells.
import type { ControlLogs } from '../group/control-logs.ts';
import type { EpochKeys } from '../group/epoch-keys.ts';
import type { Replica } from '../log/replica.ts';
import type { DocumentClient } from '../space/document-client.ts';
import type { OpenedEntry } from '../space/opened-entry.ts';
import type { OwnLog } from '../space/own-log.ts';
import type { Space } from '../space/space.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { Profile } from './profile.ts';
import type { SpaceGroup } from './space-group.ts';
import type { SpaceRecord } from './space-record.ts';

export interface HeldSpace {
  readonly record: SpaceRecord;
  readonly keys: EpochKeys;
  /** Null where there is nobody to decide about: a lobby. */
  readonly group: SpaceGroup | null;
  readonly space: Space;
}

export interface SpacesOptions {
  readonly records: RecordStore;
  readonly replica: Replica;
  readonly documents: DocumentClient;
  readonly controlLogs: ControlLogs;
  readonly own: OwnLog;
  readonly profile: () => Profile;
  readonly now: () => number;
}

/** The person's own space, which always has a group: their devices. */
export type HomeSpace = HeldSpace & { readonly group: SpaceGroup };

export interface SpacesEvents {
  onAdded(held: HeldSpace): void;
  onRemoved(held: HeldSpace): void;
  onEntries(held: HeldSpace, entries: readonly OpenedEntry[]): void;
}
