// What lobbies need of the rest of the node to let people in.
import type { Result } from '../wire/failure.ts';
import type { HeldSpace } from './held-space.ts';
import type { VisitedLobby } from './lobby-record.ts';
import type { JoinRequest } from './lobby-words.ts';

/** What letting someone in needs of the rest of the node. */
export interface LobbyKeeper {
  /** Whether a request is granted without anyone looking at it. */
  admitsByInvite(spaceId: string, request: JoinRequest): Promise<boolean>;
  /** Lets a device in, unless it is already; gives the whole control log, or null while other stewards have to agree. */
  admit(spaceId: string, request: JoinRequest): Promise<Result<readonly Uint8Array[] | null>>;
  /** Whether a device is in a space already. */
  isIn(spaceId: string, device: string): boolean;
  /** Whether a device is out of a space for good: nobody can let it in again. */
  isGone(spaceId: string, device: string): boolean;
  /** The space as the control log now describes it: whether this device is in, and then the space. */
  enter(visited: VisitedLobby, control: readonly Uint8Array[]): Promise<Result<boolean>>;
  /** A steward said no to this device. */
  onDeclined(spaceId: string): void;
  onAdded(lobby: HeldSpace): void;
  onRemoved(lobby: HeldSpace): void;
  changed(): void;
}

/** A request that waits for the person's word, or for other stewards'. */
export interface WaitingRequest extends JoinRequest {
  readonly spaceId: string;
  readonly code: string;
  /** This person, or the space's policy, has let them in; other stewards have to agree. */
  readonly isProposed: boolean;
}
