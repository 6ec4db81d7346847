// Epoch keys that come out of a control log, whichever way the space's secrets reach its devices.
import type { ComplaintReason } from '../wire/complaint.ts';
import type { ControlEntry } from '../wire/control.ts';
import type { Result } from '../wire/failure.ts';
import type { TakenControl } from './control-log.ts';
import type { ControlState, Device } from './control-state.ts';
import type { EpochKeys } from './epoch-keys.ts';

export interface GroupKeys extends EpochKeys {
  /**
   * Follows the control log by its next entry, in order from height 1; others are passed over. Gives what the device
   * has to complain about, if anything: then it has no key from this entry.
   */
  follow(next: Pick<TakenControl, 'control' | 'state'>): Promise<ComplaintReason | null>;
  /**
   * Takes a secret that came another way, from another device of the same person or out of storage.
   * Failures: `not_found` (no such epoch yet), `bad_signature` (not the promised secret).
   */
  learn(epoch: number, secret: Uint8Array): Promise<Result<null>>;
  /** Every secret held, by epoch: to be stored, and to be handed to another device of the same person. */
  secrets(): ReadonlyMap<number, Uint8Array>;
  /** What this device can do as a member of the space's MLS group; null where keys are wrapped. */
  readonly mls: MlsMember | null;
}

/** The devices after a change of the group, for whom an MLS group gets its next epoch. */
export interface MlsChange {
  /** The state that the change is made to. */
  readonly before: ControlState;
  /** All devices afterwards. */
  readonly devices: readonly Device[];
  /** Devices (hex) that are in and come in anew, since they lost their way. */
  readonly again: readonly string[];
}

/** Two messages of MLS and the secret of the epoch that they lead to. */
export interface MlsStep {
  readonly commit: Uint8Array | null;
  readonly welcome: Uint8Array | null;
  /** 32 bytes, exported. */
  readonly secret: Uint8Array;
}

export interface MlsMember {
  /**
   * Drafts the next epoch, after what it takes to go on with it was stored; it takes effect when an entry with it is
   * followed. Failures: `conflict` (not on top of what was followed), `permission_denied` (this device would be out), `malformed` (a device's KeyPackage is no good),
   * `storage_full`.
   */
  draft(change: MlsChange): Promise<Result<MlsStep>>;
  /** Whether an entry on top of what was followed would give this device the key that it promises. Changes nothing. */
  accepts(entry: ControlEntry, next: ControlState): Promise<boolean>;
}
