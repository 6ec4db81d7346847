// Every store of blobs under the one contract.
import { rm } from 'node:fs/promises';
import * as fakeIndexedDb from 'fake-indexeddb';
import { openBlobStore } from '../../lib/store/indexeddb-blob-store.ts';
import { createMemoryBlobStore } from '../../lib/store/memory-blob-store.ts';
import { DEFAULT_LIMITS } from '../../relay/limits.ts';
import { openRelayStore } from '../../relay/relay-store.ts';
import { makeDataDir } from '../support/relay.ts';
import { blobStoreContract } from './blob-store.ts';

// A browser has IndexedDB as globals; Node gets an implementation of the standard in memory.
Object.assign(globalThis, fakeIndexedDb, { indexedDB: new fakeIndexedDb.IDBFactory() });

blobStoreContract('memory', async () => ({
  store: createMemoryBlobStore(),
  cleanUp: async () => {},
}));

let databases = 0;

blobStoreContract('IndexedDB', async () => {
  databases += 1;
  const name = `blobs-${databases}`;
  const store = await openBlobStore(name);
  return {
    store,
    reopen: async () => {
      store.close();
      return openBlobStore(name);
    },
    cleanUp: async () => {},
  };
});

blobStoreContract('SQLite', async () => {
  const dataDir = await makeDataDir();
  const store = (await openRelayStore(dataDir, DEFAULT_LIMITS)).blobs;
  return {
    store,
    reopen: async () => {
      store.close();
      return (await openRelayStore(dataDir, DEFAULT_LIMITS)).blobs;
    },
    cleanUp: () => rm(dataDir, { recursive: true, force: true }),
  };
});
