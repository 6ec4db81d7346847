// What a session is made of, what it tells, and what can be done with it.
import type { Signer } from '../identity/signer.ts';
import type { Replica } from '../log/replica.ts';
import type { Channel, CloseReason } from '../transport/channel.ts';
import type { Failure } from '../wire/failure.ts';
import type { BlobKeeper, SessionBlobs } from './blob-exchange.ts';
import type { Head } from '../wire/sync-message.ts';
import type { Handshaken, Role } from './handshake.ts';
import type { SpaceDoor } from './space-door.ts';

export interface SessionEvents {
  /** A space flows in both directions now. */
  onOpened?(space: string): void;
  /** What the other holds of a space has changed. */
  onProgress?(space: string): void;
  onPresence?(space: string, sealed: Uint8Array): void;
  /** The other refused something of ours. */
  onRefused?(space: string | null, failure: Failure): void;
  /** We refused something of the other's. */
  onRefusing?(space: string | null, failure: Failure): void;
  /** `failure` is what the other did wrong, if anything. */
  onClosed?(reason: CloseReason, failure: Failure | null): void;
}

export interface SessionOptions {
  readonly channel: Channel;
  readonly signer: Signer;
  readonly role: Role;
  readonly replica: Replica;
  readonly door: SpaceDoor;
  /** Who keeps blobs here; without it they are neither given nor taken. */
  readonly blobs?: BlobKeeper | undefined;
  readonly events: SessionEvents;
  /** How long the handshake may take; 10 s unless said. */
  readonly handshakeTimeoutMs?: number;
  /** Most spaces open at once; 1,000 unless said. */
  readonly maxSpaces?: number;
}

export interface Session {
  /** Settles when the other has proved who it is, or with null when the channel closed first. */
  readonly other: Promise<Handshaken | null>;
  /** Asks the other to exchange a space; idempotent. Does nothing when this node holds no ticket for it. */
  open(space: Uint8Array): Promise<void>;
  closeSpace(space: string): void;
  sendPresence(space: string, sealed: Uint8Array): void;
  isOpen(space: string): boolean;
  /** The highest seq of an author that the other has confirmed to hold; 0 when none. */
  heldByOther(space: string, author: string): number;
  /** Null where no blobs are kept. */
  readonly blobs: SessionBlobs | null;
  /** What the other says it holds of a space, by author; null until it has said all of it. */
  named(space: string): ReadonlyMap<string, Head> | null;
  close(reason?: CloseReason): void;
}
