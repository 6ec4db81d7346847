// Puts together what a node needs for blobs: storage, the sealed side, and what carries them to and from others.
import { createBlobs, type Blobs } from '../blob/blobs.ts';
import { createBlobVault } from '../blob/vault.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { BlobKeeper } from '../sync/blob-exchange.ts';
import { BlobCarrier, type BlobSources } from './blob-carrier.ts';

export interface BlobParts {
  readonly blobs: Blobs;
  readonly carrier: BlobCarrier;
  /** What sessions give blobs from and put them into. */
  readonly blobKeeper: BlobKeeper;
}

export function openBlobs(
  { store, now }: { readonly store: { readonly blobs: BlobStore }; readonly now: () => number },
  sources: (space: string) => BlobSources,
  changed: () => void,
): BlobParts {
  const vault = createBlobVault(store.blobs, now);
  const carrier = new BlobCarrier({ store: store.blobs, vault, sources, changed, now });
  const fetch: BlobCarrier['fetch'] = (space, id, wanted) => carrier.fetch(space, id, wanted);
  return {
    blobs: createBlobs({ store: store.blobs, vault, fetch, now }),
    carrier,
    blobKeeper: { vault, isRelay: false },
  };
}
