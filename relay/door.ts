// The relay's side of a session's door: it checks tickets against the control log of a space, whose beginning the space's
// id commits to, and shows none of its own, since it is a member of nothing.
import type { ControlLogs } from '../lib/group/control-logs.ts';
import { currentEpoch } from '../lib/group/control-state.ts';
import { spaceIdOf } from '../lib/log/space-id.ts';
import type { SpaceDoor } from '../lib/sync/space-door.ts';
import { equalBytes, toHex } from '../lib/wire/bytes.ts';
import { fail } from '../lib/wire/failure.ts';
import { decodeGenesis } from '../lib/wire/space-genesis.ts';
import type { SpaceBook } from './space-book.ts';

export interface RelayDoor extends SpaceDoor {
  /** To be called when the ticket for a space was good: only then is a new space written down. */
  entered(space: string): void;
}

export interface RelayDoorOptions {
  readonly controlLogs: ControlLogs;
  readonly spaces: SpaceBook;
  readonly hasRoom: () => boolean;
  /** Whether this client may bring one more space that the relay does not know yet. */
  readonly mayCreate: () => boolean;
}

/** One for each session. */
export function createRelayDoor(options: RelayDoorOptions): RelayDoor {
  const { spaces, hasRoom, mayCreate, controlLogs } = options;
  let knocking: { readonly space: string; readonly genesis: Uint8Array } | null = null;
  return {
    ticket: async () => null,
    accessKey: async (space, genesis) => {
      const decoded = decodeGenesis(genesis);
      if (!decoded.ok) return decoded;
      if (!equalBytes(spaceIdOf(genesis), space)) return WRONG_GENESIS;
      const id = toHex(space);
      if (!spaces.knows(id)) {
        if (!hasRoom()) return NO_ROOM;
        if (!mayCreate()) return TOO_MANY_NEW;
      }
      knocking = { space: id, genesis };
      const log = await controlLogs.of(id);
      const access = log === null ? decoded.value.access : currentEpoch(log.tip()).access;
      return { ok: true, value: access };
    },
    standing: async (space, device) => {
      const log = await controlLogs.of(toHex(space));
      const state = log?.tip();
      if (state === undefined) return 'unknown';
      if (state.devices.has(toHex(device))) return 'member';
      return state.gone.has(toHex(device)) ? 'gone' : 'unknown';
    },
    entered: (space) => {
      if (knocking?.space === space) spaces.remember(space, knocking.genesis);
      knocking = null;
    },
  };
}

const WRONG_GENESIS = fail(
  'bad_signature',
  'The space does not go by this name: its id is not the hash of its beginning.',
  'Ask a member of the space for a new invite link.',
);

const NO_ROOM = fail(
  'storage_full',
  'This relay takes no more spaces.',
  'Use another relay, or ask who runs this one.',
);

const TOO_MANY_NEW = fail(
  'rate_limited',
  'Too many new spaces came to this relay from your network in the last hour.',
  'Your space works without it; it is offered again when you next connect.',
);
