// How membership of a space is shown to another replica, and how another's is checked.
import { verify } from '../identity/signature.ts';
import type { Failure, Result } from '../wire/failure.ts';
import type { SyncMessage } from '../wire/sync-message.ts';
import { accessMessage, type Handshaken } from './handshake.ts';
import { NOT_A_MEMBER, REMOVED } from './refusals.ts';

export interface SpaceTicket {
  readonly genesis: Uint8Array;
  /** Signs as the holder of the space's access key. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

export interface SpaceDoor {
  /** What to show the other side to be let into a space; null when this node does not hold it. */
  ticket(space: Uint8Array): Promise<SpaceTicket | null>;
  /** The public key of the running epoch, against which a ticket is checked, or why the space is not served here. */
  accessKey(space: Uint8Array, genesis: Uint8Array): Promise<Result<Uint8Array>>;
  /**
   * What the control log says of a device. A member who was away while the epoch changed cannot show its key yet and is
   * let in for being a member; someone removed is kept out whatever they show. Absent where there are no control logs.
   */
  standing?(space: Uint8Array, device: Uint8Array): Promise<'member' | 'gone' | 'unknown'>;
}

/** Why the holder of a ticket is not let in, or null when they are. */
export async function checkTicket(
  door: SpaceDoor,
  other: Handshaken,
  { space, genesis, access }: Extract<SyncMessage, { type: 'open' }>,
): Promise<Failure | null> {
  const key = await door.accessKey(space, genesis);
  if (!key.ok) return key.failure;
  const standing = (await door.standing?.(space, other.device)) ?? 'unknown';
  if (standing !== 'unknown') return standing === 'member' ? null : REMOVED;
  const signed = accessMessage(other.transcript, space, other.device);
  return (await verify(key.value, signed, access)) ? null : NOT_A_MEMBER;
}
