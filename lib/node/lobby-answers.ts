// How a lobby's host answers those who ask, and what is kept of a request and of a lobby that was gone into.
import { fromHex } from '../wire/bytes.ts';
import { ok, type Result } from '../wire/failure.ts';
import type { HeldSpace } from './held-space.ts';
import type { ReadInvite } from './invites.ts';
import type { WaitingRequest } from './lobby-keeper.ts';
import type { LobbyRecord, VisitedLobby } from './lobby-record.ts';
import {
  ADMITTED,
  DECLINED,
  admissionIn,
  admittedWords,
  comparingCode,
  declinedWords,
  requestIn,
  type JoinRequest,
} from './lobby-words.ts';
import type { OwnSpaceRecord } from './space-record.ts';

/** Whether someone was let in since they last asked. */
export async function isAnswered(
  { space }: HeldSpace,
  { device }: Pick<JoinRequest, 'device'>,
): Promise<boolean> {
  const asked = fromHex(device) ?? new Uint8Array();
  const entries = await space.events();
  const last = entries.findLastIndex((entry) => entry.author === device && requestIn(entry));
  return entries.slice(last + 1).some((entry) => admissionIn(entry, asked) !== null);
}

export async function sayAdmitted(
  { space }: HeldSpace,
  device: string,
  control: readonly Uint8Array[],
): Promise<Result<null>> {
  for (const words of admittedWords(device, control)) {
    const said = await space.record(ADMITTED, words);
    if (!said.ok) return said;
  }
  return ok(null);
}

export async function sayDeclined({ space }: HeldSpace, device: string): Promise<Result<null>> {
  const said = await space.record(DECLINED, declinedWords(device));
  return said.ok ? ok(null) : said;
}

export function waitingRequest(
  { own, spaceId }: Pick<LobbyRecord, 'own' | 'spaceId'>,
  request: JoinRequest,
  isProposed: boolean,
): WaitingRequest {
  const code = comparingCode(own.id, spaceId, fromHex(request.device) ?? new Uint8Array());
  return { ...request, spaceId, code, isProposed };
}

/** What a newcomer keeps of the lobby behind an invite. */
export function visitedLobby(invite: ReadInvite, device: Uint8Array, now: number): VisitedLobby {
  const { genesis, spaceName, inviterName, spaceId, lobbyId } = invite;
  const code = comparingCode(lobbyId, spaceId, device);
  const own = lobbyRecordOf(invite, now);
  const texts = { spaceName, inviterName, code };
  return { side: 'guest', own, spaceId, genesis, ...texts, isDeclined: false };
}

function lobbyRecordOf(invite: ReadInvite, now: number): OwnSpaceRecord {
  const { lobbyId, lobby, secret, relay, inviterName } = invite;
  const names = { name: 'Lobby', joinedAt: now, invitedBy: inviterName };
  return { id: lobbyId, genesis: lobby, secret, passes: [], relay, ...names };
}
