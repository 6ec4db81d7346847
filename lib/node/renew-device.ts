// Makes a browser that turned out to be a copy, or whose keys were taken back, a device of its own: new keys by the person's
// words. After the restart it asks to be let in to its spaces again, and adds there what was set aside.
import { toHex } from '../wire/bytes.ts';
import { ok, type Result } from '../wire/failure.ts';
import type { Desk } from './desk.ts';
import type { HeldSpace } from './held-space.ts';
import { makeInviteLink, readInviteLink } from './invites.ts';
import { enrolAnew, readPhrase } from './profile.ts';
import { secretsToPass } from './space-group.ts';

/** `typed`: the phrase, or null where it is still kept here. Failures as of `enrolAnew`. Counts from the next start. */
export async function renewDevice(desk: Desk, typed: string | null): Promise<Result<null>> {
  const { records, spaces, now } = desk;
  const phrase = typed ?? (await readPhrase(records)) ?? '';
  // The new key opens nothing yet, and a door opens only for who shows the running key.
  for (const held of [spaces.home(), ...spaces.list()]) {
    const passes = secretsToPass(held);
    if (passes.length > 0) await spaces.amend(held.record.id, { passes });
  }
  const renewed = await enrolAnew(records, phrase, now());
  if (!renewed.ok) return renewed;
  desk.history.cutOff.awaitRestart();
  desk.changed();
  return ok(null);
}

/** A desk with new keys asks to be let in to its spaces, in the background since others may be away. */
export function returning(desk: Desk): Desk {
  void returnToSpaces(desk).catch(() => {});
  return desk;
}

/** Asks to be let in to the spaces of which this browser's key before was a member. */
async function returnToSpaces(desk: Desk): Promise<void> {
  const { former } = desk.history;
  if (former === null) return;
  for (const held of desk.spaces.list()) if (hasLost(desk, held, former)) await askIn(desk, held);
}

function hasLost(desk: Desk, { group, record }: HeldSpace, former: string): boolean {
  const tip = group?.log.tip();
  if (tip === undefined || record.archive !== undefined) return false;
  const wasIn = tip.devices.has(former) || tip.gone.has(former);
  return wasIn && !tip.devices.has(toHex(desk.profile().signer.publicKey));
}

/** By the way in that every member may hand on. What fails is tried again at the next start. */
async function askIn(desk: Desk, held: HeldSpace): Promise<void> {
  const { admissions, lobbies, settings, profile, now } = desk;
  const { genesis, name: spaceName } = held.record;
  const relay = held.record.relay ?? settings.relay();
  const lobby = await admissions.lobbyOf(lobbies, held, relay);
  if (!lobby.ok) return;
  const { genesis: entrance, secret } = lobby.value;
  const wanted = { genesis, relay, spaceName, createdAt: now() };
  const link = await makeInviteLink({ lobby: entrance, secret, ...wanted }, profile());
  const invite = await readInviteLink(link);
  if (invite.ok) await lobbies.visit(invite.value);
}
