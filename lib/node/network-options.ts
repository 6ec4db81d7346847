// What the network of a node is made of, and what it tells.
import type { Signer } from '../identity/signer.ts';
import type { Replica } from '../log/replica.ts';
import type { BlobKeeper } from '../sync/blob-exchange.ts';
import type { SpaceDoor } from '../sync/space-door.ts';
import type { Backstage } from '../transport/backstage.ts';
import type { HeldSpace } from './held-space.ts';

export interface NetworkOptions {
  readonly signer: Signer;
  readonly replica: Replica;
  readonly door: SpaceDoor;
  readonly blobs: BlobKeeper;
  /** The shared spaces. */
  readonly held: () => readonly HeldSpace[];
  /** Relays to stay connected to even without a space. */
  readonly alwaysRelay: () => string;
  /** Where WebRTC is; null when direct connections cannot be had. */
  readonly backstage: () => Promise<Backstage | null>;
  /** Another session has a space open. */
  readonly onOpened: (space: string) => void;
  /** Another browser with this device's key is in a space. */
  readonly onTwin: () => void;
  /** How much of a space another has confirmed to hold has changed. */
  readonly onProgress: (space: string) => void;
  /** Somebody came or went, a relay connected or was lost, something was refused. */
  readonly onChange: () => void;
  readonly now: () => number;
}
