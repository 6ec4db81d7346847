// Every store for logs under the one contract.
import { rm } from 'node:fs/promises';
import * as fakeIndexedDb from 'fake-indexeddb';
import { openNodeStore } from '../../lib/store/indexeddb-store.ts';
import { createMemoryEntryStore } from '../../lib/store/memory-store.ts';
import { DEFAULT_LIMITS } from '../../relay/limits.ts';
import { openRelayStore } from '../../relay/relay-store.ts';
import { makeDataDir } from '../support/relay.ts';
import { entryStoreContract } from './entry-store.ts';

// A browser has IndexedDB as globals; Node gets an implementation of the standard in memory.
Object.assign(globalThis, fakeIndexedDb, { indexedDB: new fakeIndexedDb.IDBFactory() });

entryStoreContract('memory', async () => ({
  store: createMemoryEntryStore(),
  cleanUp: async () => {},
}));

let databases = 0;

entryStoreContract('IndexedDB', async () => {
  databases += 1;
  const name = `contract-${databases}`;
  const first = await openNodeStore(name);
  return {
    store: first.entries,
    reopen: async () => {
      first.close();
      return (await openNodeStore(name)).entries;
    },
    cleanUp: async () => {},
  };
});

entryStoreContract('SQLite', async () => {
  const dataDir = await makeDataDir();
  const first = await openRelayStore(dataDir, DEFAULT_LIMITS);
  return {
    store: first.entries,
    reopen: async () => {
      first.close();
      return (await openRelayStore(dataDir, DEFAULT_LIMITS)).entries;
    },
    cleanUp: () => rm(dataDir, { recursive: true, force: true }),
  };
});
