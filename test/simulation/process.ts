// What runs in a member's browser: the real node code over a disk, gone at once when the browser ends. In a club with a
// group it is the node's own assembly of spaces, lobbies and stewardship.
import type { ControlState } from '../../lib/group/control-state.ts';
import { createReplica, type Replica } from '../../lib/log/replica.ts';
import { createDoor } from '../../lib/node/door.ts';
import { openGroups, type Groups } from '../../lib/node/groups.ts';
import type { HeldSpace } from '../../lib/node/held-space.ts';
import type { Profile } from '../../lib/node/profile.ts';
import type { DocumentClient } from '../../lib/space/document-client.ts';
import { createSpace, type Space } from '../../lib/space/space.ts';
import type { Session } from '../../lib/sync/session-contract.ts';
import type { SpaceDoor } from '../../lib/sync/space-door.ts';
import { unwrap } from '../../lib/wire/failure.ts';
import { doorOf, keysOf, type Club } from './club.ts';
import type { Mounted } from './disk.ts';
import type { Pipe } from './pipe.ts';

export interface Process {
  readonly replica: Replica;
  readonly documents: DocumentClient;
  readonly door: SpaceDoor;
  readonly sessions: Map<Pipe, Session>;
  /** What this process has shown so far, for the guarantees of a session. */
  shown: string[];
  /** The club's space, once this browser is in it. */
  space: Space | null;
  /** Settles when everything that the disk knows is open; false when the disk was too full for that. */
  readonly ready: Promise<boolean>;
  /** Null in a club without a group. */
  readonly groups: Groups | null;
  /** Spaces that are offered on every connection. */
  offered(): readonly Uint8Array[];
  end(): void;
}

/** A process whose person is in the club. */
export interface Running extends Process {
  readonly space: Space;
}

export interface ProcessOptions extends Mounted {
  readonly club: Club;
  readonly profile: Profile;
  readonly documents: DocumentClient;
  readonly now: () => number;
  /** The browser has come into the club. */
  readonly entered: () => void;
}

export function isRunning(process: Process | null): process is Running {
  return process !== null && process.space !== null;
}

/** What the control log says at this process, if it has one. */
export function groupOf({ groups }: Process, club: Club): ControlState | null {
  const held = groups?.spaces.find(club.id);
  return held?.ok === true ? (held.value.group?.log.tip() ?? null) : null;
}

export function startProcess(options: ProcessOptions): Process {
  return options.club.founder === null ? withOneKey(options) : withGroup(options);
}

function withOneKey({ club, store, cut, profile, documents, now }: ProcessOptions): Process {
  const replica = createReplica(store);
  const keys = keysOf(club);
  const { signer } = profile;
  const parts = { keys, control: null, signer, replica, documents, now };
  const space = createSpace({ space: club.bytes, ...parts });
  const end = (): void => {
    cut();
    space.close();
  };
  const door = doorOf(club, keys);
  const offered = () => [club.bytes];
  const sessions = new Map<Pipe, Session>();
  const ready = Promise.resolve(true);
  const open = { replica, documents, door, sessions, space, offered };
  return { ...open, shown: [], ready, groups: null, end };
}

function withGroup(options: ProcessOptions): Process {
  const { club, store, records, cut, profile, documents, now } = options;
  const sessions = new Map<Pipe, Session>();
  const groups = openGroups({
    store: { entries: store, records },
    documents,
    profile: () => profile,
    label: profile.name,
    now,
    network: () => network,
    moved: () => {},
  });
  const { spaces, lobbies, replica } = groups;
  const held = () => [...spaces.list(), ...lobbies.list()];
  const network = {
    spaceAdded: async ({ record, space }: HeldSpace): Promise<void> => {
      if (record.id === club.id) {
        process.space = space;
        options.entered();
      }
      for (const session of sessions.values()) void session.open(space.bytes);
    },
    spaceRemoved: ({ record }: HeldSpace): void => {
      for (const session of sessions.values()) session.closeSpace(record.id);
    },
  };
  spaces.listen({
    onAdded: (space) => void network.spaceAdded(space),
    onRemoved: (space) => network.spaceRemoved(space),
    onEntries: () => {},
  });
  const process: Process = {
    replica,
    documents,
    door: createDoor(held),
    sessions,
    shown: [],
    space: null,
    ready: load(groups),
    groups,
    offered: () => held().map(({ space }) => space.bytes),
    end: () => {
      cut();
      process.space?.close();
    },
  };
  return process;
}

async function load({ spaces, lobbies }: Groups): Promise<boolean> {
  const loaded = await spaces.load();
  if (!loaded.ok && loaded.failure.code === 'storage_full') return false;
  unwrap(loaded);
  await lobbies.load();
  return true;
}
