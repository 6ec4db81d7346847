// The parts of a node once there is a person: spaces, network, annotations, authority, agents. Made by `start-desk.ts`.
import type { AgentPort } from '../agents/native-port.ts';
import type { Authority } from '../authority/authority.ts';
import type { Blobs } from '../blob/blobs.ts';
import type { ControlLogs } from '../group/control-logs.ts';
import type { Replica } from '../log/replica.ts';
import type { DocumentClient } from '../space/document-client.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { Failure } from '../wire/failure.ts';
import type { Admissions } from './admissions.ts';
import type { BlobCarrier } from './blob-carrier.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { DeviceOffers } from './device-offers.ts';
import type { FileUploads } from './file-uploads.ts';
import type { Files } from './files.ts';
import type { Leaving } from './leaving.ts';
import type { Lobbies } from './lobbies.ts';
import type { Network } from './network.ts';
import type { OpenPages } from './open-pages.ts';
import type { OwnDevices } from './own-devices.ts';
import type { OwnHistory } from './own-history.ts';
import type { PageAnnotations } from './page-annotations.ts';
import type { Profile } from './profile.ts';
import type { Pasts } from './past/pasts.ts';
import type { Sent } from './sent.ts';
import type { Settings } from './settings.ts';
import type { Spaces } from './spaces.ts';
import type { Stewardship } from './stewardship.ts';
import type { TextDesk } from './texts/open-texts.ts';
import type { Transfers } from './transfer/transfers.ts';

export interface Desk extends TextDesk {
  /** As it is now: the name may change. */
  readonly profile: () => Profile;
  readonly setProfile: (profile: Profile) => void;
  readonly records: RecordStore;
  readonly replica: Replica;
  readonly blobs: Blobs;
  readonly carrier: BlobCarrier;
  readonly documents: DocumentClient;
  readonly controlLogs: ControlLogs;
  /** Geneses of spaces that are being read from a file, by id. */
  readonly arriving: Map<string, Uint8Array>;
  /** Spaces on their way out of or into this browser. */
  readonly transfers: Transfers;
  readonly pasts: Pasts;
  readonly files: Files;
  readonly uploads: FileUploads;
  /** That there is no room for new work, while there is none. */
  readonly storageProblem: () => Failure | null;
  readonly settings: Settings;
  readonly spaces: Spaces;
  readonly lobbies: Lobbies;
  readonly leaving: Leaving;
  readonly admissions: Admissions;
  readonly stewardship: Stewardship;
  readonly checkpoints: Checkpoints;
  readonly ownDevices: OwnDevices;
  readonly offers: DeviceOffers;
  readonly network: Network;
  readonly sent: Sent;
  readonly history: OwnHistory;
  readonly annotations: PageAnnotations;
  readonly pages: OpenPages;
  readonly authority: Authority;
  readonly agents: AgentPort;
  /** What an MCP client spawns to become an agent here. */
  readonly agentCommand: readonly string[];
  readonly now: () => number;
  /** Something that a panel shows may have changed. */
  readonly changed: () => void;
}
