// Keeps what came out of a file: as a space that goes on, for who is in it, and else as an archive to look at.
import { toHex } from '../../wire/bytes.ts';
import { ok, type Result } from '../../wire/failure.ts';
import { relayAddress } from '../../wire/invite.ts';
import type { Desk } from '../desk.ts';
import type { ReadSpace } from './import-space.ts';

type KeepParts = Pick<Desk, 'spaces' | 'controlLogs' | 'profile' | 'now' | 'arriving'> & {
  readonly settings: Pick<Desk['settings'], 'relay'>;
};

export type Kept = Result<{ spaceId: string; outcome: 'joined' | 'archive' | 'known' }>;

/** A member goes on in the space; anyone else has it to look at. */
export async function keepSpace(desk: KeepParts, read: ReadSpace): Promise<Kept> {
  const { spaces, controlLogs, profile, settings, now, arriving } = desk;
  const { id, genesis, name } = read;
  const log = await controlLogs.of(id);
  arriving.delete(id);
  const known = spaces.find(id);
  if (known.ok && known.value.record.archive === undefined) {
    const active = await spaces.setActive(id);
    return active.ok ? ok({ spaceId: id, outcome: 'known' }) : active;
  }
  const isMember = log?.tip().devices.has(toHex(profile().signer.publicKey)) === true;
  const base = { id, genesis, secret: null, passes: [], name, joinedAt: now(), invitedBy: null };
  if (isMember) {
    const relay = (read.relay === null ? null : relayAddress(read.relay)) ?? settings.relay();
    const added = await spaces.add({ ...base, relay });
    return added.ok ? ok({ spaceId: id, outcome: 'joined' }) : added;
  }
  const { keys, exportedAt, exportedBy, file } = read;
  await spaces.hold({ ...base, relay: null, archive: { keys, exportedAt, exportedBy, file } });
  const active = await spaces.setActive(id);
  return active.ok ? ok({ spaceId: id, outcome: 'archive' }) : active;
}
