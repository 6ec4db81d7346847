// Runs in a page of a real Chromium: brings one history of changes into an empty IndexedDB, by our log and by
// automerge-repo with its own IndexedDB storage and websocket network.
import { Repo, type AutomergeUrl } from '@automerge/automerge-repo/slim';
import { WebSocketClientAdapter } from '@automerge/automerge-repo-network-websocket';
import { IndexedDBStorageAdapter } from '@automerge/automerge-repo-storage-indexeddb';
import { initializeWasm } from '@automerge/automerge/slim';
import wasmUrl from '@automerge/automerge/automerge.wasm?url';
import type { Channel } from '../../lib/transport/channel.ts';
import { createPeerHost } from '../../lib/transport/webrtc.ts';
import { unwrap } from '../../lib/wire/failure.ts';
import { until } from '../contracts/channel-checks.ts';
import { bytesOf, lengthOf, openPageNode, type Membership, type PageNode } from './page-node.ts';

/** Milliseconds since the page began with it. */
export interface Synced {
  /** Everything is in IndexedDB. */
  readonly kept: number;
  /** The whole text can be read. */
  readonly read: number;
}

/** What stays when a tool is done, for the next. */
let held: PageNode | undefined;

const tools = {
  ours: async (relayUrl: string, of: Membership): Promise<Synced> => {
    const since = stopwatch();
    held = await openPageNode(of);
    const session = await held.node.connect(relayUrl);
    await session.open(held.space.bytes);
    const synced = await arrived(held, of, since);
    session.close();
    return synced;
  },

  theirs: async (serverUrl: string, document: string, entries: number): Promise<Synced> => {
    const since = stopwatch();
    await initializeWasm(wasmUrl);
    const storage = new IndexedDBStorageAdapter(`peer-${crypto.randomUUID()}`);
    const network = [new WebSocketClientAdapter(serverUrl)];
    const repo = new Repo({ storage, network });
    // The server gave this very address.
    const handle = await repo.find(document as AutomergeUrl);
    if (lengthOf(handle.doc()) < entries) {
      const { promise, resolve } = Promise.withResolvers<void>();
      handle.on('change', ({ doc }) => {
        if (lengthOf(doc) >= entries) resolve();
      });
      await promise;
    }
    const read = since();
    await repo.flush();
    const kept = since();
    await repo.shutdown();
    return { kept, read };
  },

  /** Lets others in who dial; gives where. */
  host: async (relayHttpUrl: string, space: string): Promise<string> => {
    const onChannel = async (channel: Channel) => {
      const session = held?.node.greet(channel);
      await session?.other;
      await session?.open(bytesOf(space));
    };
    const host = await openHost(relayHttpUrl, onChannel);
    return host.peerId;
  },

  /** From an empty store, over WebRTC; the time begins with the dialling. */
  catchUp: async (relayHttpUrl: string, peerId: string, of: Membership) => {
    const host = await openHost(relayHttpUrl, async () => {});
    held = await openPageNode(of);
    const since = stopwatch();
    const channel = unwrap(await host.dial(peerId, AbortSignal.timeout(60_000)));
    const connected = since();
    await held.node.greet(channel).open(held.space.bytes);
    const synced = await arrived(held, of, since);
    channel.close();
    return { connected, ...synced };
  },
};

async function arrived(node: PageNode, of: Membership, since: () => number): Promise<Synced> {
  await node.kept();
  const kept = since();
  const length = await node.read();
  if (length !== of.entries) throw new Error(`expected ${of.entries} letters, got ${length}`);
  return { kept, read: since() };
}

async function openHost(relayHttpUrl: string, onChannel: (channel: Channel) => Promise<void>) {
  const { signal } = new AbortController();
  const host = unwrap(await createPeerHost({ relayHttpUrl, signal, onChannel }));
  await until(() => host.state === 'open');
  return host;
}

function stopwatch(): () => number {
  const startedMs = performance.now();
  return () => performance.now() - startedMs;
}

export type SyncTools = typeof tools;

Object.assign(globalThis, { tools });
