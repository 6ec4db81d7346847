// Our node in a page of a benchmark: the log in IndexedDB, documents in their worker, sync over any channel.
import { fromHex } from '../../lib/wire/bytes.ts';
import { ok, unwrap } from '../../lib/wire/failure.ts';
import { createDocumentClient } from '../../lib/space/document-client.ts';
import { createSpace, type Space } from '../../lib/space/space.ts';
import { openNodeStore } from '../../lib/store/indexeddb-store.ts';
import { startDocumentWorker } from './document-worker.ts';
import { createTestNode, testSpaceOf, type TestNode } from './sync-node.ts';

/** What two members of a space know, as it goes into a page. All hex but the count. */
export interface Membership {
  readonly genesis: string;
  readonly secret: string;
  readonly document: string;
  readonly author: string;
  readonly entries: number;
}

export interface PageNode {
  readonly node: TestNode;
  readonly space: Space;
  /** Settles when all entries of the author are verified and in IndexedDB. */
  kept(): Promise<void>;
  /** The text's length. */
  read(): Promise<number>;
}

/** With an empty store. */
export async function openPageNode(of: Membership): Promise<PageNode> {
  const member = testSpaceOf(bytesOf(of.genesis), bytesOf(of.secret));
  const store = await openNodeStore(`bench-${crypto.randomUUID()}`);
  const node = await createTestNode([member], undefined, store.entries);
  const { signer, replica } = node;
  const documents = createDocumentClient({ start: async () => ok(startDocumentWorker()) });
  const parts = { keys: member.keys, control: null, signer, replica, documents, now: Date.now };
  const space = createSpace({ space: member.bytes, ...parts });
  return {
    node,
    space,
    kept: async () => {
      const done = Promise.withResolvers<void>();
      const check = async () => {
        if ((await node.seqOf(member, of.author)) >= of.entries) done.resolve();
      };
      const stop = replica.subscribe(() => void check().catch(done.reject));
      await check();
      await done.promise.finally(stop);
    },
    read: async () => lengthOf(unwrap(await space.read(of.document))),
  };
}

export function lengthOf(read: unknown): number {
  const isText = typeof read === 'object' && read !== null && 'text' in read;
  return isText && typeof read.text === 'string' ? read.text.length : 0;
}

export function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  if (bytes === null) throw new Error('expected hex');
  return bytes;
}
