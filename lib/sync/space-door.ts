// How membership of a space is shown to another replica, and how another's is checked.
import { verify } from '../identity/signature.ts';
import type { Failure, Result } from '../wire/failure.ts';
import type { SyncMessage } from '../wire/sync-message.ts';
import { accessMessage, type Handshaken } from './handshake.ts';
import { NOT_A_MEMBER } from './refusals.ts';

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

/** Why the holder of a ticket is not let in, or null when they are. */
export async function checkTicket(
  door: SpaceDoor,
  other: Handshaken,
  { space, genesis, access }: Extract<SyncMessage, { type: 'open' }>,
): Promise<Failure | null> {
  const key = await door.accessKey(space, genesis);
  if (!key.ok) return key.failure;
  const signed = accessMessage(other.transcript, space, other.device);
  return (await verify(key.value, signed, access)) ? null : NOT_A_MEMBER;
}
