// What a space is made of: its keys, its control log, where it is stored and what holds its documents.
import type { ControlLog } from '../group/control-log.ts';
import type { EpochKeys } from '../group/epoch-keys.ts';
import type { Signer } from '../identity/signer.ts';
import type { Replica } from '../log/replica.ts';
import type { DocumentClient } from './document-client.ts';
import type { OwnLog } from './own-log.ts';
import type { SpaceSnapshots } from './snapshot/space-snapshot.ts';

/** The control log of a space, as far as reading and writing its content needs it. */
export interface SpaceControl {
  readonly log: ControlLog;
  /** Takes up the keys of epochs that the log has brought. */
  follow(): Promise<void>;
}

export interface SpaceOptions {
  /** 32 bytes. */
  readonly space: Uint8Array;
  readonly keys: EpochKeys;
  /** Null for a space that has no one to decide about: the home space, a lobby. */
  readonly control: SpaceControl | null;
  readonly signer: Signer;
  readonly replica: Replica;
  /** Left out where nobody else holds this device's log. */
  readonly own?: OwnLog;
  readonly documents: DocumentClient;
  /** Where to keep what was read, so that a start need not read the whole log; absent for small spaces. */
  readonly snapshots?: SpaceSnapshots;
  readonly now: () => number;
}
