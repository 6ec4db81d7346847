// A whole node in Node.js, as the background assembles it: real logs, documents, groups and relay connections over a store
// in memory. Only the edges to the browser are stood in for; direct connections cannot be had.
import type { PanelState } from '../../lib/messaging/panel-state.ts';
import type { PanelArgs, PanelCallName, PanelReplies } from '../../lib/messaging/panel.ts';
import { createNode, type Node } from '../../lib/node/node.ts';
import type { NodeEdges } from '../../lib/node/start-desk.ts';
import { serveDocuments } from '../../lib/space/worker/document-host.ts';
import type { EntryStore } from '../../lib/store/entry-store.ts';
import type { NodeStore } from '../../lib/store/indexeddb-store.ts';
import { createMemoryBlobStore } from '../../lib/store/memory-blob-store.ts';
import { createMemoryEntryStore, createMemoryRecordStore } from '../../lib/store/memory-store.ts';
import type { Backstage } from '../../lib/transport/backstage.ts';
import { fail, unwrap, type Result } from '../../lib/wire/failure.ts';
import { annotation } from '../simulation/annotation.ts';
import { startAutomerge } from './automerge.ts';
import { eventually } from './eventually.ts';
import { LinkedHost } from './linked-port.ts';
import { createMemorySession } from './memory-session.ts';
import { createScriptedTabs } from './scripted-tabs.ts';

export interface WholeNode {
  readonly node: Node;
  /** What survives the node. */
  readonly store: NodeStore;
  ask<N extends PanelCallName>(call: N, args: PanelArgs[N]): Promise<Result<PanelReplies[N]>>;
  state(url?: string): Promise<PanelState>;
  /** Waits until what a panel shows is so. */
  until(holds: (state: PanelState) => boolean, url?: string): Promise<PanelState>;
  /** Writes a note on a page of this address. */
  annotate(url: string, spaceId: string, note: string): Promise<Result<unknown>>;
  /** From now on nothing is written or read any more, as if the browser had been killed. */
  kill(): void;
}

export interface WholeNodeOptions {
  readonly relay: string;
  readonly label?: string;
  /** Of a node that was killed. */
  readonly store?: NodeStore;
}

export function startWholeNode({ relay, label = 'Node', store }: WholeNodeOptions): WholeNode {
  const kept = store ?? memoryStore();
  const { living, kill } = mortal(kept);
  const node = createNode(async () => edgesOver(living, relay, label));
  const state = (url?: string) =>
    node.feed.read({ spaceId: null, url: url ?? null, tabId: null, annotationLimit: 100 });
  return {
    node,
    store: kept,
    ask: (call, args) => node.handlers[call](args),
    state,
    until: async (holds, url) => {
      // The very state that was so: a later one may differ again.
      let seen = await state(url);
      await eventually(async () => holds((seen = await state(url))), 45_000);
      return seen;
    },
    annotate: async (url, spaceId, note) => {
      const { target, title } = annotation('a', note, 0);
      const request = { to: 'node', type: 'annotations.create', url, title, spaceId, target, note };
      const answer = node.answerPage(request, url);
      return answer ?? fail('malformed', 'The request was not understood.', 'Mend the test.');
    },
    kill,
  };
}

/** A node whose person was made by saying a name. */
export async function startPerson(name: string, options: WholeNodeOptions): Promise<WholeNode> {
  const whole = startWholeNode(options);
  unwrap(await whole.ask('createPerson', { name }));
  return whole;
}

function memoryStore(): NodeStore {
  const entries = createMemoryEntryStore();
  const blobs = createMemoryBlobStore();
  return { entries, records: createMemoryRecordStore(), blobs, close: () => {} };
}

/** The store until it is taken away. */
function mortal({ entries, records, blobs }: NodeStore) {
  const life = { isOver: false };
  const guarded = <T extends object>(part: T): T =>
    new Proxy(part, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) =>
          life.isOver ? new Promise(() => {}) : value.apply(target, args);
      },
    });
  const living: NodeStore = {
    entries: guarded<EntryStore>(entries),
    records: guarded(records),
    blobs: guarded(blobs),
    close: () => {},
  };
  return { living, kill: () => (life.isOver = true) };
}

function edgesOver(store: NodeStore, relay: string, label: string): NodeEdges {
  const stage = createStage();
  return {
    store,
    backstage: async () => stage,
    connectNative: () => new LinkedHost().port,
    tabDriver: createScriptedTabs(),
    pageTabs: { list: async () => [], send: async () => undefined },
    session: createMemorySession(),
    launch: { relay },
    version: '0',
    label,
    now: Date.now,
  };
}

function createStage(): Backstage {
  return {
    openPeerHost: async () => fail('unavailable', 'No WebRTC here.', 'Use a browser.'),
    startDocumentWorker: () => {
      const { port1, port2 } = new MessageChannel();
      serveDocuments(port1, startAutomerge());
      return port2;
    },
    onWorkerError: () => () => {},
    lost: new Promise(() => {}),
    close: () => {},
  };
}
