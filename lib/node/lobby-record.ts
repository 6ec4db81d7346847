// What a node keeps of each lobby: the small space in which a newcomer and a steward meet before the one lets the other in.
import { fail } from '../wire/failure.ts';
import type { OwnSpaceRecord } from './space-record.ts';

interface LobbyBase {
  /** The lobby as a space: its id, secret and relay. */
  readonly own: OwnSpaceRecord;
  /** Id of the space it leads to, hex. */
  readonly spaceId: string;
}

/** Of a space that this person invites to. */
export interface HostedLobby extends LobbyBase {
  readonly side: 'host';
  /** Devices (hex) that were answered with no. */
  readonly declined: readonly string[];
}

/** Of a space that this person wants to join. */
export interface VisitedLobby extends LobbyBase {
  readonly side: 'guest';
  readonly genesis: Uint8Array;
  readonly spaceName: string;
  readonly inviterName: string;
  /** Six digits to compare with the inviter. */
  readonly code: string;
  /** A steward said no. */
  readonly isDeclined: boolean;
}

export type LobbyRecord = HostedLobby | VisitedLobby;

/** What a guest waits for. */
export function waitingWords({ inviterName, code }: VisitedLobby): string {
  return `Waiting for ${inviterName}'s browser to let you in. Your code is ${code}.`;
}

export const DECLINED = fail(
  'permission_denied',
  'You were not let into this space.',
  'Ask the person who invited you. A browser that was in the space before and went cannot come back: try another.',
).failure;
