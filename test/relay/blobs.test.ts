// Blobs at a real relay: brought once, kept, given to those who may open the space, within quotas and for a time.
import { rm } from 'node:fs/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { randomBytes } from '../../lib/identity/hash.ts';
import { signerOfSeed } from '../../lib/identity/signer.ts';
import { createMemoryBlobStore } from '../../lib/store/memory-blob-store.ts';
import { BLOB_CHUNK_BYTES, type BlobRef } from '../../lib/wire/blob.ts';
import { toHex } from '../../lib/wire/bytes.ts';
import { unwrap, type Result } from '../../lib/wire/failure.ts';
import { createTestBlobs, someBytes, type TestBlobs } from '../support/blobs.ts';
import { eventually } from '../support/eventually.ts';
import { rawPeerAtRelay } from '../support/raw-peer.ts';
import { makeDataDir, startTestRelay, type TestRelay } from '../support/relay.ts';
import {
  createTestNode,
  createTestSpace,
  type TestSession,
  type TestSpace,
} from '../support/sync-node.ts';

const SIZE = 5 * BLOB_CHUNK_BYTES + 1;
const ABOUT = { mediaType: 'application/pdf' };
const DAY_MS = 24 * 60 * 60 * 1000;

let relay: TestRelay | undefined;

afterEach(async () => {
  await relay?.close();
  relay = undefined;
});

interface Client {
  readonly session: TestSession;
  readonly kept: TestBlobs;
}

async function join(at: TestRelay, space: TestSpace, kept = createTestBlobs()): Promise<Client> {
  const node = await createTestNode([space]);
  const session = await node.connect(at.url, {}, kept.keeper);
  await session.open(space.bytes);
  await eventually(() => session.isOpen(space.id));
  return { session, kept };
}

async function make({ kept }: Client, space: TestSpace, bytes = someBytes(SIZE)) {
  const ref = unwrap(await kept.blobs.put(space.id, bytes, ABOUT));
  const row = await kept.store.get(space.id, toHex(ref.id));
  return { ref, bytes, manifest: row?.manifest ?? new Uint8Array() };
}

async function bring({ session }: Client, space: TestSpace, manifest: Uint8Array) {
  return session.blobs?.offer(space.bytes, manifest);
}

function fetch({ session }: Client, space: TestSpace, ref: BlobRef): Promise<Result<void>> {
  if (session.blobs === null) throw new Error('expected a session with blobs');
  return session.blobs.pull(space.bytes, ref.id);
}

test('a blob can be had from the relay while who made it is away', async () => {
  relay = await startTestRelay();
  const space = await createTestSpace();
  const ada = await join(relay, space);
  const { ref, bytes, manifest } = await make(ada, space);
  expect(await bring(ada, space, manifest)).toEqual({ ok: true, value: undefined });
  ada.session.close();
  await ada.session.closed;

  const bob = await join(relay, space);
  unwrap(await fetch(bob, space, ref));
  expect(unwrap(await bob.kept.blobs.get(space.id, ref))).toEqual(bytes);
});

test('what had come before the connection broke is not sent again', async () => {
  relay = await startTestRelay();
  const space = await createTestSpace();
  const inner = createMemoryBlobStore();
  const given: number[] = [];
  const chunk = (body: string, index: number) => {
    // The eighth piece is where the line breaks.
    if (given.push(index) === 8) ada.session.close();
    return inner.chunk(body, index);
  };
  const ada = await join(relay, space, createTestBlobs({ ...inner, chunk }));
  const { ref, bytes, manifest } = await make(ada, space, someBytes(20 * BLOB_CHUNK_BYTES));
  expect(await bring(ada, space, manifest)).toMatchObject({ failure: { code: 'closed' } });
  const before = given.length;

  const again = await join(relay, space, ada.kept);
  expect(await bring(again, space, manifest)).toEqual({ ok: true, value: undefined });
  // At most the few that were on their way come twice.
  expect(given.length).toBeLessThanOrEqual(20 + 4);
  expect(given.length).toBeGreaterThan(before);
  const bob = await join(relay, space);
  unwrap(await fetch(bob, space, ref));
  expect(unwrap(await bob.kept.blobs.get(space.id, ref))).toEqual(bytes);
});

test('a relay that was started again keeps what it said it holds', async () => {
  const dataDir = await makeDataDir();
  const space = await createTestSpace();
  const first = await startTestRelay({ dataDir });
  const ada = await join(first, space);
  const { ref, manifest } = await make(ada, space);
  expect(await bring(ada, space, manifest)).toMatchObject({ ok: true });
  await first.close();

  const second = await startTestRelay({ dataDir });
  unwrap(await fetch(await join(second, space), space, ref));
  await second.close();
  await rm(dataDir, { recursive: true, force: true });
});

test('nobody gets a blob of a space that they may not open', async () => {
  relay = await startTestRelay();
  const [space, elsewhere] = await Promise.all([createTestSpace(), createTestSpace()]);
  const ada = await join(relay, space);
  const { ref, manifest } = await make(ada, space);
  expect(await bring(ada, space, manifest)).toMatchObject({ ok: true });

  const eve = await join(relay, elsewhere);
  expect(await fetch(eve, elsewhere, ref)).toMatchObject({ failure: { code: 'not_found' } });
  expect(await fetch(eve, space, ref)).toMatchObject({ failure: { code: 'closed' } });
  const raw = await rawPeerAtRelay(relay.url, await signerOfSeed(randomBytes(32)));
  await raw.open(elsewhere);
  await raw.send({ type: 'blob_want', space: space.bytes, blob: ref.id, ranges: [] });
  await raw.send({ type: 'blob_want', space: elsewhere.bytes, blob: ref.id, ranges: [] });
  await eventually(() => raw.received.some(({ type }) => type === 'blob_refuse'));
  expect(raw.received.some(({ type }) => type === 'blob_offer')).toBe(false);
});

test('a space gets no more room than its share, and keeps what it has', async () => {
  relay = await startTestRelay({ limits: { maxBlobBytesPerSpace: 2 * SIZE } });
  const space = await createTestSpace();
  const ada = await join(relay, space);
  const [one, two] = [await make(ada, space), await make(ada, space)];
  expect(await bring(ada, space, one.manifest)).toMatchObject({ ok: true });
  expect(await bring(ada, space, two.manifest)).toMatchObject({
    failure: { code: 'storage_full' },
  });
  const bob = await join(relay, space);
  unwrap(await fetch(bob, space, one.ref));
  expect(await fetch(bob, space, two.ref)).toMatchObject({ failure: { code: 'not_found' } });
  expect(await bring(ada, space, one.manifest)).toMatchObject({ ok: true });
});

test('who brought a blob may have it forgotten, and nobody else', async () => {
  relay = await startTestRelay();
  const space = await createTestSpace();
  const [ada, bob] = [await join(relay, space), await join(relay, space)];
  const { ref, manifest } = await make(ada, space);
  expect(await bring(ada, space, manifest)).toMatchObject({ ok: true });
  bob.session.blobs?.forget(space.bytes, ref.id);
  unwrap(await fetch(bob, space, ref));
  ada.session.blobs?.forget(space.bytes, ref.id);
  // What is said afterwards is heard afterwards.
  expect(await bring(ada, space, (await make(ada, space)).manifest)).toMatchObject({ ok: true });
  const chi = await join(relay, space);
  expect(await fetch(chi, space, ref)).toMatchObject({ failure: { code: 'not_found' } });
});

test('blobs that nobody used for long are forgotten, and those that never came whole sooner', async () => {
  let nowMs = 1_700_000_000_000;
  relay = await startTestRelay({ now: () => nowMs });
  const space = await createTestSpace();
  const ada = await join(relay, space);
  const { ref, manifest } = await make(ada, space);
  expect(await bring(ada, space, manifest)).toMatchObject({ ok: true });
  const unfinished = await make(ada, space);
  vi.spyOn(ada.kept.store, 'chunk').mockResolvedValue(null);
  expect(await bring(ada, space, unfinished.manifest)).toMatchObject({ ok: false });
  const bytesBefore = blobBytes(await metrics(relay));

  nowMs += 2 * DAY_MS;
  await relay.sweep();
  expect(blobBytes(await metrics(relay))).toBe(bytesBefore / 2);
  unwrap(await fetch(await join(relay, space), space, ref));

  nowMs += 91 * DAY_MS;
  await relay.sweep();
  expect(blobBytes(await metrics(relay))).toBe(0);
});

async function metrics({ http }: TestRelay): Promise<string> {
  return (await globalThis.fetch(`${http}/metrics`)).text();
}

function blobBytes(text: string): number {
  return Number(/^commonplace_relay_blob_bytes (\d+)$/m.exec(text)?.[1]);
}

test('what is offered to a relay in heaps waits, and is refused beyond that', async () => {
  relay = await startTestRelay();
  const space = await createTestSpace();
  const ada = createTestBlobs();
  const raw = await rawPeerAtRelay(relay.url, await signerOfSeed(randomBytes(32)));
  await raw.open(space);
  for (let i = 0; i < 40; i++) {
    const ref = unwrap(await ada.blobs.put(space.id, someBytes(10, i + 1), ABOUT));
    const row = await ada.store.get(space.id, toHex(ref.id));
    await raw.send({ type: 'blob_offer', space: space.bytes, manifest: row?.manifest ?? ref.id });
  }
  const refused = () =>
    raw.received.filter((m) => m.type === 'blob_refuse' && m.failure.code === 'rate_limited');
  const wanted = () => raw.received.filter(({ type }) => type === 'blob_want');
  await eventually(() => refused().length === 40 - 16 && wanted().length > 0);
  // One is asked for at a time.
  expect(wanted()).toHaveLength(1);
});
