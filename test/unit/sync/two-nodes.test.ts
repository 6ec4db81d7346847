import { describe, expect, it } from 'vitest';
import { singleEpochKeys } from '../../../lib/group/epoch-keys.ts';
import { createReplica } from '../../../lib/log/replica.ts';
import { createSpace } from '../../../lib/space/space.ts';
import { createMemoryEntryStore } from '../../../lib/store/memory-store.ts';
import { createSession } from '../../../lib/sync/session.ts';
import type { Session } from '../../../lib/sync/session-contract.ts';
import { memoryChannelPair } from '../../../lib/transport/memory.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import {
  createTestNode,
  createTestSpace,
  type TestNode,
  type TestSpace,
} from '../../support/spaces.ts';

describe('two nodes that share a space', () => {
  it('bring each other level and then push what is new', async () => {
    const shared = await createTestSpace();
    const [ada, bob] = [await createTestNode('Ada'), await createTestNode('Bob')];
    const [adas, bobs] = [await ada.join(shared), await bob.join(shared)];
    for (let i = 0; i < 600; i++) unwrap(await adas.record('note', { i }));
    const { one, two } = connect(ada, bob);
    await Promise.all([one.open(shared.id), two.open(shared.id)]);
    await expect.poll(async () => (await bobs.entries()).length).toBe(602);
    unwrap(await bobs.change({ document: 'board', verb: 'setName', args: { name: 'Tides' } }));
    await expect
      .poll(async () => unwrap(await adas.read('board')))
      .toMatchObject({ name: 'Tides' });
    expect([...(await adas.members()).values()].map((m) => m.name).toSorted()).toEqual([
      'Ada',
      'Bob',
    ]);
    await expect.poll(() => two.heldByOther(adas.id, toHex(bob.signer.publicKey))).toBe(2);
    one.close();
    two.close();
  });

  it('hear someone who knocked before they were in the space themselves', async () => {
    const shared = await createTestSpace();
    const [ada, bob] = [await createTestNode('Ada'), await createTestNode('Bob')];
    const adas = await ada.join(shared);
    const { one, two } = connect(ada, bob);
    await one.open(shared.id);
    await expect.poll(() => refusals(one)).toEqual(['not_found']);
    const bobs = await bob.join(shared);
    await two.open(shared.id);
    await expect.poll(async () => (await bobs.entries()).length).toBe(2);
    await expect.poll(async () => (await adas.entries()).length).toBe(2);
    one.close();
    two.close();
  });

  it('tell a stranger nothing', async () => {
    const shared = await createTestSpace();
    const [ada, eve] = [await createTestNode('Ada'), await createTestNode('Eve')];
    const adas = await ada.join(shared);
    await eve.join({ ...shared, secret: new Uint8Array(32) });
    const { one, two } = connect(ada, eve);
    await Promise.all([one.open(shared.id), two.open(shared.id)]);
    await expect.poll(() => refusals(two).length).toBeGreaterThan(0);
    expect(one.isOpen(adas.id)).toBe(false);
    expect((await eve.replica.heads(adas.id)).size).toBe(1);
    one.close();
    two.close();
  });

  it('find out an author who signed two histories, and take nothing more from them', async () => {
    const shared = await createTestSpace();
    const [ada, bob] = [await createTestNode('Ada'), await createTestNode('Bob')];
    const adas = await ada.join(shared);
    const bobs = await bob.join(shared);
    const copy = await copiedProfile(ada, shared);
    unwrap(await adas.record('note', { from: 'the first browser' }));
    unwrap(await copy.space.record('note', { from: 'its copy' }));
    const first = connect(ada, bob);
    await Promise.all([first.one.open(shared.id), first.two.open(shared.id)]);
    await expect.poll(async () => (await bobs.entries()).length).toBe(3);
    const second = connect(copy.node, bob);
    await Promise.all([second.one.open(shared.id), second.two.open(shared.id)]);
    await expect.poll(async () => (await bob.replica.forks(bobs.id)).length).toBe(1);
    expect((await bobs.entries()).length).toBe(3);
    for (const session of [first.one, first.two, second.one, second.two]) session.close();
  });

  it('tell everyone they are connected to of a fork, whoever showed it to them', async () => {
    const shared = await createTestSpace();
    const [ada, bob] = [await createTestNode('Ada'), await createTestNode('Bob')];
    const cleo = await createTestNode('Cleo');
    const adas = await ada.join(shared);
    await Promise.all([bob.join(shared), cleo.join(shared)]);
    const copy = await copiedProfile(ada, shared);
    unwrap(await adas.record('note', { from: 'the first browser' }));
    unwrap(await copy.space.record('note', { from: 'its copy' }));
    const pairs = [connect(ada, bob), connect(bob, cleo)];
    await openAll(pairs, shared);
    const author = toHex(ada.signer.publicKey);
    await expect.poll(() => pairs[1]?.one.heldByOther(adas.id, author)).toBe(2);
    pairs.push(connect(copy.node, bob));
    await openAll(pairs.slice(2), shared);
    await expect.poll(async () => (await cleo.replica.forks(adas.id)).length).toBe(1);
    for (const { one, two } of pairs) [one, two].forEach((session) => session.close());
  });

  it('tell a newcomer of a fork, who still gets what was written before it', async () => {
    const shared = await createTestSpace();
    const [ada, bob] = [await createTestNode('Ada'), await createTestNode('Bob')];
    const adas = await ada.join(shared);
    unwrap(await adas.record('note', { from: 'before' }));
    const copy = await copiedProfile(ada, shared);
    unwrap(await adas.record('note', { from: 'the first browser' }));
    unwrap(await copy.space.record('note', { from: 'its copy' }));
    await bob.join(shared);
    const pairs = [connect(ada, bob), connect(copy.node, bob)];
    await openAll(pairs, shared);
    await expect.poll(async () => (await bob.replica.forks(adas.id)).length).toBe(1);
    const newcomer = await createTestNode('Cleo');
    const news = await newcomer.join(shared);
    pairs.push(connect(bob, newcomer));
    await openAll(pairs.slice(2), shared);
    await expect.poll(async () => (await newcomer.replica.forks(adas.id)).length).toBe(1);
    const seqs = async () =>
      (await news.entries())
        .filter(({ author }) => author === toHex(ada.signer.publicKey))
        .map(({ seq }) => seq);
    await expect.poll(seqs).toEqual([1, 2]);
    for (const { one, two } of pairs) [one, two].forEach((session) => session.close());
  });

  it('confirm what they hold, also when it came another way first', async () => {
    const shared = await createTestSpace();
    const [ada, bob] = [await createTestNode('Ada'), await createTestNode('Bob')];
    const [adas] = [await ada.join(shared), await bob.join(shared)];
    const pair = connect(ada, bob);
    await openAll([pair], shared);
    const author = toHex(ada.signer.publicKey);
    await expect.poll(() => pair.one.heldByOther(adas.id, author)).toBe(1);
    // A relay was faster than the direct connection: what is pushed now is already there.
    ada.replica.subscribe((space, stored) => {
      void bob.replica.accept(
        space,
        stored.map(({ bytes }) => bytes),
      );
    });
    unwrap(await adas.record('note', { by: 'two ways' }));
    await expect.poll(() => pair.one.heldByOther(adas.id, author)).toBe(2);
    pair.one.close();
    pair.two.close();
  });
});

async function openAll(
  pairs: readonly { one: Session; two: Session }[],
  { id }: TestSpace,
): Promise<void> {
  await Promise.all(pairs.flatMap(({ one, two }) => [one.open(id), two.open(id)]));
}

const refused = new WeakMap<Session, string[]>();

function refusals(session: Session): string[] {
  return refused.get(session) ?? [];
}

function connect(one: TestNode, two: TestNode): { one: Session; two: Session } {
  const [left, right] = memoryChannelPair();
  const start = (node: TestNode, channel: typeof left): Session => {
    const seen: string[] = [];
    const { signer, replica, door } = node;
    const events = { onRefused: (_: string | null, f: { code: string }) => void seen.push(f.code) };
    const session = createSession({ channel, signer, role: 'node', replica, door, events });
    refused.set(session, seen);
    return session;
  };
  return { one: start(one, left), two: start(two, right) };
}

/** The same device key and log in a second profile. */
async function copiedProfile(node: TestNode, shared: TestSpace) {
  const store = createMemoryEntryStore();
  const id = toHex(shared.id);
  const author = toHex(node.signer.publicKey);
  const all = await node.store.read(id, author, 1, { maxEntries: 1000, maxBytes: 1e9 });
  unwrap(await store.append(id, all));
  const replica = createReplica(store);
  const keys = singleEpochKeys(shared.secret);
  const { signer, documents } = node;
  const parts = { keys, control: null, signer, replica, documents, now: Date.now };
  const space = createSpace({ space: shared.id, ...parts });
  return { node: { ...node, store, replica }, space };
}
