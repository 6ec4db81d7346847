// A typed text that lies on a relay, a process of its own with its database, for pages to fetch.
import { rm } from 'node:fs/promises';
import { toHex } from '../../lib/wire/bytes.ts';
import { MAX_BATCH_ENTRIES } from '../../lib/wire/sync-message.ts';
import { eventually } from '../../test/support/eventually.ts';
import { spawnRelay } from '../../test/support/relay-process.ts';
import { makeDataDir } from '../../test/support/relay.ts';
import { createTestNode, createTestSpace } from '../../test/support/sync-node.ts';
import { typeText, type Keystrokes } from '../keystrokes.ts';
import type { Membership } from '../../test/support/page-node.ts';

export interface Relayed extends AsyncDisposable {
  /** `ws:` and `http:`. */
  readonly relay: { readonly url: string; readonly http: string };
  readonly member: Membership;
  /** Hex. */
  readonly space: string;
  readonly history: Keystrokes;
}

const UPLOAD_MS = 5 * 60_000;

/** `origin`: of the pages. */
export async function relayText(count: number, origin: string): Promise<Relayed> {
  const space = await createTestSpace();
  const history = await typeText(count, space);
  const { author, document, entries } = history;
  const dataDir = await makeDataDir();
  const relay = await spawnRelay(dataDir, [origin]);
  const node = await createTestNode([space]);
  for (let from = 0; from < entries.length; from += MAX_BATCH_ENTRIES) {
    await node.replica.accept(space.id, entries.slice(from, from + MAX_BATCH_ENTRIES));
  }
  const session = await node.connect(relay.url);
  await session.open(space.bytes);
  await eventually(() => session.heldByOther(space.id, author) === count, UPLOAD_MS);
  session.close();
  const [genesis, secret] = [toHex(space.genesis), toHex(space.secret)];
  return {
    relay,
    space: space.id,
    history,
    member: { genesis, secret, document, author, entries: count },
    [Symbol.asyncDispose]: async () => {
      await relay.end('SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
