// How membership of a space is shown to another replica, and how another's is checked.
import type { Result } from '../wire/failure.ts';

export interface SpaceTicket {
  readonly genesis: Uint8Array;
  /** Signs as the holder of the space's access key. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

export interface SpaceDoor {
  /** What to show the other side to be let into a space; null when this node does not hold it. */
  ticket(space: Uint8Array): Promise<SpaceTicket | null>;
  /** The public key against which a ticket is checked, or why the space is not served here. */
  accessKey(space: Uint8Array, genesis: Uint8Array): Promise<Result<Uint8Array>>;
}
