// A fork of one device's log, settled by the stewards: every replica comes to hold the kept history, whichever it held before.
import { afterEach, expect, it } from 'vitest';
import { createControlLogs } from '../../../lib/group/control-logs.ts';
import { deriveAccessSigner, singleEpochKeys } from '../../../lib/group/epoch-keys.ts';
import { createReplica, type Replica } from '../../../lib/log/replica.ts';
import type { Entry } from '../../../lib/log/seal.ts';
import { createEntryWriter } from '../../../lib/space/entry-writer.ts';
import { OWN_LOG_HERE } from '../../../lib/space/own-log.ts';
import type { EntryStore } from '../../../lib/store/entry-store.ts';
import { createMemoryEntryStore } from '../../../lib/store/memory-store.ts';
import { createSession } from '../../../lib/sync/session.ts';
import { memoryChannelPair } from '../../../lib/transport/memory.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { ok, unwrap } from '../../../lib/wire/failure.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { admit, createDevice, type GroupDevice } from '../../support/group-people.ts';

const WAIT = { timeout: 30_000 };
const NOTE = { kind: 'event', at: 0, agent: null, event: 'note' } as const;
const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

it('brings those who held the dropped history over to the kept one, and takes nothing of the other again', async () => {
  const { world, first, copy, ada } = await forked({ kept: 4, dropped: 6 });
  const [cleo, dora] = [await world.node(), await world.node()];
  world.connect(first, cleo);
  world.connect(copy, dora);
  await expect.poll(() => cleo.seq(ada), WAIT).toBe(5);
  await expect.poll(() => dora.seq(ada), WAIT).toBe(7);
  world.connect(cleo, dora);
  await expect.poll(async () => (await dora.replica.forks(world.id)).length, WAIT).toBe(1);
  await expect.poll(async () => (await copy.replica.forks(world.id)).length, WAIT).toBe(1);
  await world.cut(cleo, ada, first.written[3]);
  for (const node of [cleo, dora, first, copy]) {
    await expect.poll(() => node.head(ada), WAIT).toBe(nameOf(first.written[3]));
    expect(await node.replica.forks(world.id)).toEqual([]);
  }
  expect((await copy.replica.aside(world.id)).map(({ seq }) => seq)).toEqual([2, 3, 4, 5, 6, 7]);
  expect(await first.replica.aside(world.id)).toEqual([]);
  await dora.replica.accept(
    world.id,
    copy.written.map(({ bytes }) => bytes),
  );
  expect(await dora.head(ada)).toBe(nameOf(first.written[3]));
  expect(await dora.replica.forks(world.id)).toEqual([]);
});

it('lets the author go on from the cut in a new segment, which reaches everyone', async () => {
  const { world, first, copy, ada } = await forked({ kept: 3, dropped: 5 });
  const cleo = await world.node();
  world.connect(first, cleo);
  world.connect(copy, cleo);
  await expect.poll(async () => (await first.replica.forks(world.id)).length, WAIT).toBe(1);
  expect(await first.write('frozen')).toMatchObject({ ok: false, failure: { code: 'forked' } });
  await world.cut(cleo, ada, first.written[1]);
  await expect.poll(() => first.head(ada), WAIT).toBe(nameOf(first.written[1]));
  // What it had written after the cut in the old segment is kept aside, for its author to write again.
  expect((await first.replica.aside(world.id)).map(({ seq }) => seq)).toEqual([4]);
  const next = unwrap(await first.write('goes on'));
  expect(next.header.seq).toBe(4);
  expect(next.header.segment).not.toEqual(first.written[1]?.header.segment);
  await expect.poll(() => cleo.head(ada), WAIT).toBe(nameOf(next));
  await expect.poll(() => copy.head(ada), WAIT).toBe(nameOf(next));
});

it('settles a second fork beyond the first cut by a second cut', async () => {
  const { world, first, copy, ada } = await forked({ kept: 2, dropped: 2 });
  const cleo = await world.node();
  world.connect(first, cleo);
  const apart = world.connect(copy, cleo);
  await expect.poll(async () => (await copy.replica.forks(world.id)).length, WAIT).toBe(1);
  await world.cut(cleo, ada, first.written[1]);
  await expect.poll(() => copy.head(ada), WAIT).toBe(nameOf(first.written[1]));
  apart();
  const kept = unwrap(await first.write('goes on'));
  unwrap(await copy.write('goes on as well'));
  world.connect(copy, cleo);
  await expect.poll(async () => (await cleo.replica.forks(world.id)).length, WAIT).toBe(1);
  await world.cut(cleo, ada, kept);
  await expect.poll(() => copy.head(ada), WAIT).toBe(nameOf(kept));
  expect(await copy.replica.forks(world.id)).toEqual([]);
});

it('crosses over after a restart in the middle of it', async () => {
  const { world, first, copy, ada } = await forked({ kept: 300, dropped: 303 });
  const cleo = await world.node();
  world.connect(first, cleo);
  await expect.poll(() => cleo.seq(ada), WAIT).toBe(301);
  await world.cut(cleo, ada, first.written[299]);
  await copy.replica.accept(world.id, world.group.entries);
  expect((await copy.replica.crossings(world.id)).size).toBe(1);
  expect(await copy.seq(ada)).toBe(304);
  const again = await world.node(ada, copy.store);
  expect((await again.replica.crossings(world.id)).size).toBe(1);
  world.connect(again, cleo);
  await expect.poll(() => again.head(ada), WAIT).toBe(nameOf(first.written[299]));
});

it('holds a replica to a point that a removal has named, also where it never heard of a fork', async () => {
  const { world, first, copy, ada } = await forked({ kept: 2, dropped: 3 });
  const [cleo, dora] = [await world.node(), await world.node()];
  const all = await copy.store.read(world.id, ada.id, 1, { maxEntries: 10, maxBytes: 1e6 });
  await dora.replica.accept(
    world.id,
    all.map(({ bytes }) => bytes),
  );
  world.connect(first, cleo);
  await expect.poll(() => cleo.seq(ada), WAIT).toBe(3);
  const last = first.written[1];
  const keep = { device: ada.key, seq: 3, hash: last?.hash ?? null };
  const removal = {
    kind: 'remove',
    person: ada.person.signer.publicKey,
    frontiers: [keep],
  } as const;
  await world.group.act(removal);
  await cleo.replica.accept(world.id, world.group.entries);
  expect(await dora.seq(ada)).toBe(4);
  world.connect(cleo, dora);
  await expect.poll(() => dora.head(ada), WAIT).toBe(nameOf(last));
});

interface Made {
  readonly replica: Replica;
  readonly store: EntryStore;
  readonly device: GroupDevice;
  readonly written: Entry[];
  write(text: string): ReturnType<ReturnType<typeof createEntryWriter>['write']>;
  seq(of: GroupDevice): Promise<number>;
  /** Name of the newest entry of a device. */
  head(of: GroupDevice): Promise<string>;
}

/** Ada's browser has written one entry; it and a copy of it then write apart. */
async function forked({ kept, dropped }: { readonly kept: number; readonly dropped: number }) {
  const ada = await createDevice();
  const world = await createWorld(ada);
  const first = await world.node(ada);
  unwrap(await first.write('before'));
  first.written.length = 0;
  const copy = await world.node(ada);
  const all = await first.store.read(world.id, ada.id, 1, { maxEntries: 10, maxBytes: 1e6 });
  await copy.replica.accept(
    world.id,
    all.map(({ bytes }) => bytes),
  );
  for (let i = 0; i < kept; i++) unwrap(await first.write(`first ${i}`));
  for (let i = 0; i < dropped; i++) unwrap(await copy.write(`copy ${i}`));
  return { world, first, copy, ada };
}

async function createWorld(ada: GroupDevice) {
  const group = await startGroup();
  await group.act(admit(ada));
  const id = toHex(group.log.tip().space);
  const keys = singleEpochKeys(group.secret);
  const node = async (device?: GroupDevice, store = createMemoryEntryStore()): Promise<Made> => {
    const logs = createControlLogs({ store, genesisOf: async () => group.genesis });
    const replica = createReplica(store, logs.check);
    await replica.accept(id, group.entries);
    const by = device ?? group.founder;
    const log = await logs.of(id);
    const parts = { space: group.log.tip().space, keys, control: log, own: OWN_LOG_HERE };
    const writer = createEntryWriter({ ...parts, signer: by.signer, replica });
    const written: Entry[] = [];
    const head = async (of: GroupDevice) => (await replica.heads(id)).get(of.id);
    return {
      replica,
      store,
      device: by,
      written,
      write: async (text) => {
        const entry = await writer.write({ ...NOTE, payload: text });
        if (entry.ok) written.push(entry.value);
        return entry;
      },
      seq: async (of) => (await head(of))?.seq ?? 0,
      head: async (of) => toHex((await head(of))?.hash ?? new Uint8Array()),
    };
  };
  return { group, id, node, connect: connector(group), cut: cutter(group, id) };
}

function cutter(group: TestGroup, id: string) {
  return async (at: Made, author: GroupDevice, keep: Entry | undefined): Promise<void> => {
    if (keep === undefined) throw new Error('there is no such entry');
    const { segment, seq } = keep.header;
    const point = { device: author.key, seq, hash: keep.hash };
    await group.act({ kind: 'fork_cut', segment, keep: point });
    expect(await at.replica.accept(id, group.entries)).toMatchObject({ offence: null });
  };
}

/** Two nodes that both let each other in; gives how to part them. */
function connector({ genesis, secret, log }: TestGroup) {
  const access = async () => (await deriveAccessSigner(secret, 0)).publicKey;
  const door = {
    ticket: async () => {
      const signer = await deriveAccessSigner(secret, 0);
      return { genesis, sign: (message: Uint8Array) => signer.sign(message) };
    },
    accessKey: async () => ok(await access()),
  };
  return (one: Made, two: Made): (() => void) => {
    const [left, right] = memoryChannelPair();
    const sessions = [
      [one, left],
      [two, right],
    ] as const;
    const opened = sessions.map(([{ device, replica }, channel]) => {
      const parts = { signer: device.signer, replica, door, events: {} };
      return createSession({ ...parts, channel, role: 'node' });
    });
    for (const session of opened) void session.open(log.tip().space);
    const part = () => opened.forEach((session) => session.close());
    closing.push(part);
    return part;
  };
}

function nameOf(entry: Entry | undefined): string {
  return toHex(entry?.hash ?? new Uint8Array(1));
}
