// The relay's side of blobs: it takes what members offer, within its quotas, and forgets what who brought it gives up.
import { createBlobVault } from '../lib/blob/vault.ts';
import type { BlobStore } from '../lib/store/blob-store.ts';
import type { BlobKeeper } from '../lib/sync/blob-exchange.ts';

export function createBlobKeeper(store: BlobStore, now: () => number): BlobKeeper {
  return {
    vault: createBlobVault(store, now),
    isRelay: true,
    // References are sealed, so a relay cannot know what is still of use; another member may not decide it either.
    forget: async (space, id, device) => {
      const row = await store.get(space, id);
      if (row !== null && row.broughtBy === device) await store.drop(space, id);
    },
  };
}
