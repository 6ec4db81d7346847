// The spaces of a node and all that decides who is in them, put together over storage: nothing here needs a browser.
import { createControlLogs, type ControlLogs } from '../group/control-logs.ts';
import { createReplica, type Replica } from '../log/replica.ts';
import type { DocumentClient } from '../space/document-client.ts';
import { OWN_LOG_HERE, type OwnLog } from '../space/own-log.ts';
import type { NodeStore } from '../store/indexeddb-store.ts';
import { Admissions } from './admissions.ts';
import { Departures } from './departures.ts';
import { Leaving } from './leaving.ts';
import { Lobbies } from './lobbies.ts';
import { OwnDevices, type NetworkOfDevices } from './own-devices.ts';
import type { Profile } from './profile.ts';
import { Spaces } from './spaces.ts';
import { Stewardship } from './stewardship.ts';
import { createVoteMemory } from './vote-memory.ts';

export interface GroupsOptions {
  readonly store: Pick<NodeStore, 'entries' | 'records'>;
  readonly documents: DocumentClient;
  readonly profile: () => Profile;
  readonly now: () => number;
  /** Who is told of spaces that come and go. */
  readonly network: () => NetworkOfDevices;
  /** What this device calls itself. */
  readonly label: string;
  /** Whether a device is in a space now; left out, everyone is taken to be. */
  readonly isHere?: (space: string, device: string) => boolean;
  /** What others know of this device's own logs; left out where nobody else has them. */
  readonly own?: OwnLog;
  /** Someone asked, came in or was let in, or stewards moved on. */
  readonly moved: () => void;
}

export interface Groups {
  readonly replica: Replica;
  readonly documents: DocumentClient;
  readonly controlLogs: ControlLogs;
  /** Geneses of spaces that are being read from a file, by id. */
  readonly arriving: Map<string, Uint8Array>;
  readonly spaces: Spaces;
  readonly stewardship: Stewardship;
  readonly admissions: Admissions;
  readonly lobbies: Lobbies;
  readonly leaving: Leaving;
  /** To be begun once spaces and lobbies are loaded. */
  readonly ownDevices: OwnDevices;
}

export function openGroups(options: GroupsOptions): Groups {
  const { store, documents, profile, now, network, label, moved } = options;
  const { records } = store;
  const arriving = new Map<string, Uint8Array>();
  const controlLogs = createControlLogs({
    store: store.entries,
    genesisOf: async (space) =>
      arriving.get(space) ?? (await spaces.genesisOf(space)) ?? lobbies.genesisOf(space),
  });
  const replica = createReplica(store.entries, controlLogs.check);
  const { own = OWN_LOG_HERE } = options;
  const keeping = { records, replica, documents, controlLogs, profile, now, own };
  const spaces: Spaces = new Spaces({
    ...keeping,
    beginHome: (home) => stewardship.beginHome(home),
  });
  const memory = createVoteMemory(records);
  const isHere = options.isHere ?? (() => true);
  const stewardship: Stewardship = new Stewardship({
    replica,
    memory,
    profile,
    now,
    isHere,
    onChange: moved,
    onDecided: (space, entry) => void admissions.decided(lobbies, space, entry),
  });
  decideIn(spaces, stewardship, new Departures({ stewardship, replica, profile, isHere }));
  const deciding = { spaces, stewardship, controlLogs, replica, profile };
  const admissions: Admissions = new Admissions({ ...deciding, network, changed: moved });
  const lobbies: Lobbies = new Lobbies(keeping, admissions);
  const meeting = { records, spaces, stewardship, replica, profile, network, isHere, now };
  const ownDevices = new OwnDevices({ ...meeting, label, changed: moved });
  const leaving = new Leaving({ records, replica, profile, network });
  const decided = { stewardship, admissions, lobbies, leaving, ownDevices };
  return { replica, documents, controlLogs, arriving, spaces, ...decided };
}

/** Wherever this device takes part in deciding, it listens from when a space is opened until it is closed. */
function decideIn(spaces: Spaces, stewardship: Stewardship, departures: Departures): void {
  spaces.listen({
    onAdded: (held) => {
      stewardship.council(held);
      departures.attend(held);
    },
    onRemoved: (held) => {
      departures.closed(held);
      stewardship.closed(held);
    },
    onEntries: () => {},
  });
}
