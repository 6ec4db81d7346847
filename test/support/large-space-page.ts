// Runs in a page of a real Chromium: writes a large space into IndexedDB, and opens it as the extension does, and the same
// documents with nothing but Automerge.
import * as A from '@automerge/automerge/slim';
import wasmUrl from '@automerge/automerge/automerge.wasm?url';
import { singleEpochKeys } from '../../lib/group/epoch-keys.ts';
import { hashOf } from '../../lib/identity/hash.ts';
import { signerOfSeed } from '../../lib/identity/signer.ts';
import { createReplica } from '../../lib/log/replica.ts';
import { createDocumentClient } from '../../lib/space/document-client.ts';
import { page } from '../../lib/space/documents/page.ts';
import { createSpaceSnapshots } from '../../lib/space/snapshot/space-snapshot.ts';
import { createSpace } from '../../lib/space/space.ts';
import { openNodeStore, type NodeStore } from '../../lib/store/indexeddb-store.ts';
import { toHex, utf8 } from '../../lib/wire/bytes.ts';
import { ok, unwrap } from '../../lib/wire/failure.ts';
import { startDocumentWorker } from './document-worker.ts';
import { writeLargeSpace, type LargeSpace } from './large-space.ts';

const SPACE = hashOf('bench', utf8('space'));
const SECRET = hashOf('bench', utf8('secret'));
const BARE = 'bare';

const tools = {
  /** The space in the log, and the same documents as Automerge saves them, each in a record of its own. */
  write: async (size: Pick<LargeSpace, 'documents' | 'changes'>): Promise<void> => {
    await A.initializeWasm(wasmUrl);
    const store = await openNodeStore('bench');
    const keys = singleEpochKeys(SECRET);
    await writeLargeSpace({ ...size, space: SPACE, keys, store, collection: BARE });
    store.close();
  },

  /** Milliseconds until the space is there, until one document is read, until all are; `keep` afterwards if asked. */
  open: async (keep: boolean): Promise<{ ready: number; first: number; all: number }> => {
    const startedMs = performance.now();
    const store = await openNodeStore('bench');
    const space = await openSpace(store);
    const documents = await space.documents();
    const ready = performance.now() - startedMs;
    unwrap(await space.read(documents[0] ?? ''));
    const first = performance.now() - startedMs;
    await Promise.all(documents.map(async (document) => unwrap(await space.read(document))));
    const all = performance.now() - startedMs;
    if (keep) await space.keep();
    space.close();
    store.close();
    return { ready, first, all };
  },

  /** Milliseconds until bare Automerge has loaded all documents, and until it has also read them as we do. */
  bare: async (): Promise<{ loaded: number; read: number }> => {
    const startedMs = performance.now();
    const [store] = await Promise.all([openNodeStore('bench'), A.initializeWasm(wasmUrl)]);
    const records = await store.records.list(BARE);
    const documents = records.map(({ value }) =>
      A.load<Record<string, unknown>>(value as Uint8Array),
    );
    const loaded = performance.now() - startedMs;
    for (const document of documents) page.read(document);
    const read = performance.now() - startedMs;
    store.close();
    return { loaded, read };
  },
};

async function openSpace(store: NodeStore) {
  const signer = await signerOfSeed(hashOf('bench', utf8('reader')));
  return createSpace({
    space: SPACE,
    keys: singleEpochKeys(SECRET),
    control: null,
    signer,
    replica: createReplica(store.entries),
    documents: createDocumentClient({ start: async () => ok(startDocumentWorker()) }),
    snapshots: createSpaceSnapshots(store.records, toHex(SPACE)),
    now: Date.now,
  });
}

export type ColdTools = typeof tools;

Object.assign(globalThis, { tools });
