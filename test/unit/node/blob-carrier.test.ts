// Whom a node asks for a blob, in which order and for how long, and what it brings to the relay.
import { describe, expect, test } from 'vitest';
import { BlobCarrier, type BlobSources } from '../../../lib/node/blob-carrier.ts';
import type { SessionBlobs } from '../../../lib/sync/blob-exchange.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { fail, ok, unwrap, type Result } from '../../../lib/wire/failure.ts';
import { createTestBlobs, someBytes } from '../../support/blobs.ts';
import { eventually } from '../../support/eventually.ts';

const SPACE = 'aa'.repeat(32);
const ID = new Uint8Array(32).fill(7);
const NONE = fail('not_found', 'None.', 'Ask others.');
const DAY_MS = 24 * 60 * 60 * 1000;

interface Other extends SessionBlobs {
  readonly asked: string[];
}

/** Someone who answers everything alike. */
function other(answer: () => Result<void>): Other {
  const asked: string[] = [];
  return {
    asked,
    pull: async () => {
      asked.push('pull');
      return answer();
    },
    offer: async (_, manifest) => {
      asked.push(`offer ${manifest.length}`);
      return answer();
    },
    forget: (_, blob) => void asked.push(`forget ${toHex(blob).slice(0, 2)}`),
  };
}

function carrierOver(sources: () => BlobSources, now: () => number = () => 0) {
  const kept = createTestBlobs();
  const { vault } = kept.keeper;
  const carrier = new BlobCarrier({
    store: kept.store,
    vault,
    sources,
    changed: () => {},
    now,
  });
  return { carrier, kept };
}

describe('fetching', () => {
  test('asks those directly connected first, and the relay when they have none', async () => {
    const order: string[] = [];
    const named = (name: string, result: Result<void>) =>
      other(() => {
        order.push(name);
        return result;
      });
    const direct = [named('Chi', NONE), named('Bob', NONE)];
    const { carrier } = carrierOver(() => ({ direct, relay: named('relay', ok(undefined)) }));
    expect(await carrier.fetch(SPACE, ID)).toEqual(ok(undefined));
    expect(order).toEqual(['Chi', 'Bob', 'relay']);
  });

  test('goes on with whoever comes next', async () => {
    const direct: SessionBlobs[] = [];
    const { carrier } = carrierOver(() => ({ direct, relay: null }));
    const fetching = carrier.fetch(SPACE, ID);
    direct.push(other(() => ok(undefined)));
    carrier.opened(SPACE);
    expect(await fetching).toEqual(ok(undefined));
  });

  test('gives up when the time is out, and says what the last one said', async () => {
    const slow = fail('timeout', 'Too slow.', 'Again.');
    const direct = [other(() => slow)];
    const { carrier } = carrierOver(() => ({ direct, relay: null }));
    expect(await carrier.fetch(SPACE, ID, { waitMs: 1 })).toEqual(slow);
    const lonely = carrierOver(() => ({ direct: [], relay: null }));
    expect(await lonely.carrier.fetch(SPACE, ID, { waitMs: 1 })).toMatchObject({
      failure: { code: 'unavailable' },
    });
  });

  test('does not ask others when there is no room here', async () => {
    const full = fail('storage_full', 'Full.', 'Make room.');
    const relay = other(() => ok(undefined));
    const direct = [other(() => full)];
    const { carrier } = carrierOver(() => ({ direct, relay }));
    expect(await carrier.fetch(SPACE, ID)).toEqual(full);
    expect(relay.asked).toEqual([]);
  });

  test('ends at once when it is not wanted any more', async () => {
    const { carrier } = carrierOver(() => ({ direct: [], relay: null }));
    const stop = new AbortController();
    const fetching = carrier.fetch(SPACE, ID, { signal: stop.signal });
    stop.abort();
    expect(await fetching).toMatchObject({ failure: { code: 'cancelled' } });
  });
});

describe('sending', () => {
  test('brings what was made here to the relay, once, and again after a week', async () => {
    let nowMs = 0;
    const relay = other(() => ok(undefined));
    const { carrier, kept } = carrierOver(
      () => ({ direct: [], relay }),
      () => nowMs,
    );
    unwrap(await kept.blobs.put(SPACE, someBytes(10), { mediaType: '' }));
    unwrap(await kept.blobs.put(SPACE, someBytes(20), { mediaType: '' }));
    unwrap(await kept.blobs.put('bb'.repeat(32), someBytes(30), { mediaType: '' }));
    await carrier.send(SPACE);
    await carrier.send(SPACE);
    expect(relay.asked).toHaveLength(2);
    nowMs += 8 * DAY_MS;
    await carrier.send(SPACE);
    expect(relay.asked).toHaveLength(4);
  });

  test('remembers why the relay would not, and tries when it is connected again', async () => {
    const full = fail('storage_full', 'Full.', 'Ask.');
    let answer: Result<void> = full;
    const relay = other(() => answer);
    const { carrier, kept } = carrierOver(() => ({ direct: [], relay }));
    const ref = unwrap(await kept.blobs.put(SPACE, someBytes(10), { mediaType: '' }));
    await carrier.send(SPACE);
    expect(carrier.refusalOf(SPACE, toHex(ref.id))).toEqual(full.failure);
    answer = ok(undefined);
    carrier.opened(SPACE);
    await eventually(() => carrier.refusalOf(SPACE, toHex(ref.id)) === null);
    await eventually(async () => (await kept.store.list())[0]?.sentAt === 0);
  });

  test('without a relay everything waits', async () => {
    const { carrier, kept } = carrierOver(() => ({ direct: [], relay: null }));
    unwrap(await kept.blobs.put(SPACE, someBytes(10), { mediaType: '' }));
    await carrier.send(SPACE);
    expect((await kept.store.list())[0]?.sentAt).toBeNull();
  });
});
