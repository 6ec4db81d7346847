// Puts together what a node needs for blobs: storage, the sealed side, what carries them to and from others, the files
// of spaces, and what keeps the room they take within bounds.
import { createBlobs, type Blobs } from '../blob/blobs.ts';
import { createBlobVault } from '../blob/vault.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { BlobKeeper } from '../sync/blob-exchange.ts';
import { BlobCarrier, type BlobSources } from './blob-carrier.ts';
import { BlobUpkeep, type NamedBlobs } from './blob-upkeep.ts';
import { FileBoards } from './file-boards.ts';
import { FileUploads } from './file-uploads.ts';
import { Files } from './files.ts';
import type { Profile } from './profile.ts';
import type { Spaces } from './spaces.ts';

export interface BlobParts {
  readonly blobs: Blobs;
  readonly carrier: BlobCarrier;
  readonly files: Files;
  readonly uploads: FileUploads;
  readonly fileBoards: FileBoards;
  readonly upkeep: BlobUpkeep;
  /** What sessions give blobs from and put them into. */
  readonly blobKeeper: BlobKeeper;
}

export interface BlobEdges {
  readonly store: { readonly blobs: BlobStore; readonly records: RecordStore };
  readonly now: () => number;
}

export interface OpenBlobsOptions {
  readonly spaces: Spaces;
  readonly profile: () => Profile;
  readonly sources: (space: string) => BlobSources;
  readonly changed: () => void;
  /** Who else keeps references to blobs; what none of them names is dropped after a while. */
  readonly named?: readonly NamedBlobs[];
}

export function openBlobs(
  { store, now }: BlobEdges,
  { spaces, profile, sources, changed, named: others = [] }: OpenBlobsOptions,
): BlobParts {
  const vault = createBlobVault(store.blobs, now);
  const moved = () => files.moved();
  const carrier = new BlobCarrier({ store: store.blobs, vault, sources, changed: moved, now });
  const fetch: BlobCarrier['fetch'] = (space, id, wanted) => carrier.fetch(space, id, wanted);
  const blobs = createBlobs({ store: store.blobs, vault, fetch, now });
  const { records } = store;
  const boards = new FileBoards(spaces, () => profile().person);
  const files: Files = new Files({ boards, blobs, carrier, records, changed });
  const added = (space: string) => {
    moved();
    void carrier.send(space);
  };
  const device = () => profile().signer.publicKey;
  const named: NamedBlobs[] = [(space) => boards.blobsOf(space), ...others];
  return {
    blobs,
    carrier,
    files,
    uploads: new FileUploads({ blobs, spaces, device, added, now }),
    fileBoards: boards,
    upkeep: new BlobUpkeep({ blobs, carrier, records, named, now, changed: moved }),
    blobKeeper: { vault, isRelay: false },
  };
}
