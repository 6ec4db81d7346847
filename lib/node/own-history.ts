// One's own history in the spaces and how it goes on: heard before it is written to, settled where it split, added again
// where it was cut off. Puts the parts of that together.
import type { SessionStore } from '../authority/session-store.ts';
import type { OwnLog } from '../space/own-log.ts';
import { toHex } from '../wire/bytes.ts';
import { CutOffWork } from './cut-off-work.ts';
import { ForkSettling } from './fork-settling.ts';
import type { Groups } from './groups.ts';
import type { HeldSpace } from './held-space.ts';
import type { Network } from './network.ts';
import { replacedDevice } from './own-enrolment.ts';
import { OwnLogs } from './own-logs.ts';
import type { Profile } from './profile.ts';
import type { Sent } from './sent.ts';

export interface OwnHistoryOptions extends Pick<Groups, 'replica' | 'spaces' | 'stewardship'> {
  readonly session: SessionStore;
  readonly profile: () => Profile;
  readonly network: () => Network;
  readonly sent: Sent;
  readonly changed: () => void;
  readonly now: () => number;
}

export interface OwnHistory {
  readonly logs: OwnLogs;
  readonly cutOff: CutOffWork;
  /** The key, hex, that this device had before it got new ones. */
  readonly former: string | null;
  /** A space was opened, or its group moved on. */
  look(held: HeldSpace): void;
}

export async function createOwnHistory(options: OwnHistoryOptions): Promise<OwnHistory> {
  const { replica, spaces, stewardship, session, profile, network } = options;
  const { changed, now } = options;
  const former = await replacedDevice(profile());
  const device = () => profile().signer.publicKey;
  const find = (space: string): HeldSpace | undefined => {
    const held = spaces.find(space);
    return held.ok ? held.value : undefined;
  };
  const cutOff = new CutOffWork({
    replica,
    keys: () => ({ own: toHex(device()), former: former === null ? [] : [former] }),
    held: find,
    changed,
  });
  const logs = new OwnLogs({
    replica,
    device,
    session,
    named: (space) => network().named(space),
    isAlone: (space) => network().isAlone(space),
    refusal: (space) => cutOff.refusal(space),
    changed,
    now,
  });
  const isHere = (space: string, by: string) => network().via(space, by) !== null;
  const settling = new ForkSettling({ replica, stewardship, profile, isHere });
  replica.subscribe((space, stored, forks, { cutBack }) => {
    for (const { author, seq } of cutBack) {
      if (author === toHex(device())) options.sent.lower(space, seq);
    }
    const hasMoved = stored.some(({ header }) => toHex(header.author) === space);
    const held = forks.length > 0 || hasMoved ? find(space) : undefined;
    if (held !== undefined) void settling.look(held);
    if (hasMoved) void cutOff.look(space);
  });
  const look = (held: HeldSpace): void => {
    void settling.look(held);
    void cutOff.look(held.record.id);
    // Asked early, so that nobody waits for it when they write.
    void logs.heard(held.record.id);
  };
  return { logs, cutOff, former, look };
}

/** For spaces that are opened before it is there. */
export function ownLogOf(history: () => OwnHistory): OwnLog {
  return {
    heard: (space) => history().logs.heard(space),
    refusal: (space) => history().logs.refusal(space),
  };
}
