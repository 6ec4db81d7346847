// Checkpoints between nodes: a steward's node makes them, a newcomer opens the space from one, and a poisoned one is dropped.
import { beforeAll, describe, expect, it } from 'vitest';
import { sealCheckpointKey } from '../../../lib/group/checkpoint-key.ts';
import { checkpointBlobs, Checkpoints, CHECKPOINT_TYPE } from '../../../lib/node/checkpoints.ts';
import { ownEnrolment } from '../../../lib/node/own-enrolment.ts';
import { makeCheckpoint } from '../../../lib/space/checkpoint/make-checkpoint.ts';
import { createMemoryBlobStore } from '../../../lib/store/memory-blob-store.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { fail, ok, unwrap } from '../../../lib/wire/failure.ts';
import { startAutomerge } from '../../support/automerge.ts';
import { createTestBlobs, type TestBlobs } from '../../support/blobs.ts';
import { carry } from '../../support/carry.ts';
import { poison, withOtherChange } from '../../support/poison.ts';
import { shareSpace, startStewardNode, type StewardNode } from '../../support/steward-node.ts';

const WORTH_IT = 20;

beforeAll(startAutomerge);

describe('a node of a steward', () => {
  it('makes a checkpoint when the space has grown enough, and another when it has grown again', async () => {
    const { ada, id, blobs } = await spaceOfMany();
    const checkpoints = checkpointsOf(ada, blobs);
    await checkpoints.keepUp(ada.held(id));
    const first = checkpointIn(ada, id);
    expect(first?.heads.reduce((sum, { seq }) => sum + seq, 0)).toBeGreaterThan(WORTH_IT);
    await checkpoints.keepUp(ada.held(id));
    expect(checkpointIn(ada, id)).toBe(first);
    await rename(ada, id, 30);
    await checkpoints.keepUp(ada.held(id));
    expect(checkpointIn(ada, id)?.height).toBeGreaterThan(first?.height ?? 0);
    const named = await checkpointBlobs(ada.spaces)(id);
    expect(named).toEqual([toHex(checkpointIn(ada, id)?.carrier.blob ?? new Uint8Array())]);
  });
});

describe('a node of a newcomer', () => {
  it('shows the space before its entries are here, asks nobody for them, and checks each', async () => {
    const { ada, id, blobs } = await spaceOfMany();
    unwrap(await checkpointsOf(ada, blobs).make(ada.held(id)));
    await rename(ada, id, 1, 'after the checkpoint');
    const bob = await newcomer(ada, id);
    const shown: string[] = [];
    const checkpoints = checkpointsOf(bob, fetchingFrom(blobs), () => {
      const at = checkpoints.checking(id);
      if (at !== null) shown.push(`${at.done} of ${at.total}`);
    });
    const considered = checkpoints.consider(bob.held(id));
    expect(bob.replica.expected(id).size).toBeGreaterThan(0);
    await considered;
    expect(await nameOf(bob, id)).toBe('name 29');
    const total = checkpointIn(ada, id)?.heads.reduce((sum, { seq }) => sum + seq, 0);
    expect(shown.at(-1)).toBe(`${total} of ${total}`);
    expect(bob.replica.expected(id).size).toBe(0);
    expect(checkpoints.problem(id)).toBeNull();
    await carry(ada.replica, bob.replica, id);
    expect(await nameOf(bob, id)).toBe('after the checkpoint');
    await carry(bob.replica, ada.replica, id);
    expect(await bob.replica.heads(id)).toEqual(await ada.replica.heads(id));
  });

  it('reads the log where nobody has the checkpoint', async () => {
    const { ada, id, blobs } = await spaceOfMany();
    unwrap(await checkpointsOf(ada, blobs).make(ada.held(id)));
    const bob = await newcomer(ada, id);
    await checkpointsOf(bob, createTestBlobs()).consider(bob.held(id));
    expect(bob.replica.expected(id).size).toBe(0);
    await carry(ada.replica, bob.replica, id);
    expect(await nameOf(bob, id)).toBe('name 29');
  });

  it('drops a checkpoint that stewards certified over another name, says so, and reads the log', async () => {
    const { ada, id, blobs } = await spaceOfMany();
    await certifyPoison(ada, id, blobs);
    const bob = await newcomer(ada, id);
    const checkpoints = checkpointsOf(bob, fetchingFrom(blobs));
    await checkpoints.consider(bob.held(id));
    expect(checkpoints.problem(id)).toMatchObject({ code: 'bad_signature' });
    expect(bob.replica.expected(id).size).toBe(0);
    await carry(ada.replica, bob.replica, id);
    expect(await nameOf(bob, id)).toBe('name 29');
    // Not tried again, also after a restart.
    const again = checkpointsOf(bob, fetchingFrom(blobs));
    await again.consider(bob.held(id));
    expect(again.problem(id)).toBeNull();
  });
});

/** Ada's space, in which a board has had thirty names. */
async function spaceOfMany() {
  const ada = await startStewardNode('Ada');
  const id = await shareSpace([ada], 1);
  await rename(ada, id, 30);
  return { ada, id, blobs: createTestBlobs() };
}

async function rename(node: StewardNode, id: string, times: number, name = ''): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    const args = { name: name === '' ? `name ${i}` : name };
    unwrap(await node.held(id).space.change({ document: 'board', verb: 'setName', args }));
  }
}

async function nameOf(node: StewardNode, id: string): Promise<unknown> {
  const board = unwrap(await node.held(id).space.read('board')) as { readonly name: unknown };
  return board.name;
}

function checkpointIn(node: StewardNode, id: string) {
  return node.held(id).group?.log.tip().checkpoint ?? null;
}

function checkpointsOf(
  node: StewardNode,
  { blobs }: TestBlobs,
  changed: () => void = () => {},
): Checkpoints {
  const { replica, stewardship, stores } = node;
  const { records } = stores;
  const carrier = { send: async () => {} };
  const parts = { records, replica, blobs, carrier, stewardship, changed };
  return new Checkpoints({ ...parts, worthIt: WORTH_IT });
}

/** Blobs of a browser that gets them whole from another one. */
function fetchingFrom(other: TestBlobs): TestBlobs {
  const store = createMemoryBlobStore();
  return createTestBlobs(store, async (space, blob) => {
    const name = toHex(blob);
    const row = await other.store.get(space, name);
    if (row === null) return fail('unavailable', 'Nobody has it.', 'Wait.');
    unwrap(await store.add(row));
    for (const index of await other.store.chunks(row.body)) {
      unwrap(await store.putChunk(row.body, index, await chunkOf(other, row.body, index)));
    }
    return ok(undefined);
  });
}

async function chunkOf({ store }: TestBlobs, body: string, index: number): Promise<Uint8Array> {
  const chunk = await store.chunk(body, index);
  if (chunk === null) throw new Error(`there is no chunk ${index}`);
  return chunk;
}

/** Bob, whom Ada has let in, and who has heard nothing but the decisions about the group. */
async function newcomer(ada: StewardNode, id: string): Promise<StewardNode> {
  const bob = await startStewardNode('Bob');
  const enrolment = await ownEnrolment(bob.profile);
  const names = { person: bob.person, device: toHex(bob.profile.signer.publicKey) };
  unwrap(await ada.stewardship.admit(ada.held(id), enrolment, names));
  const { record, group } = ada.held(id);
  const lobby = { secret: null, passes: [], joinedAt: 2, invitedBy: 'Ada' };
  await bob.stores.records.put('spaces', id, { ...record, ...lobby });
  await bob.replica.accept(id, group?.log.entriesFrom(1, 1000) ?? []);
  unwrap(await bob.spaces.add({ ...record, ...lobby }));
  return bob;
}

/** Ada certifies a checkpoint in which an entry says something else than was written. */
async function certifyPoison(ada: StewardNode, id: string, { blobs }: TestBlobs): Promise<void> {
  const { space, keys, group } = ada.held(id);
  const heads = [...(await ada.replica.heads(id))].filter(([author]) => author !== id);
  const source = { space: space.bytes, replica: ada.replica, keys };
  const made = unwrap(
    await makeCheckpoint(
      source,
      heads.map(([, head]) => head),
    ),
  );
  const { bytes, hash: snapshot } = poison(made, withOtherChange);
  const {
    id: blob,
    size,
    key: raw,
  } = unwrap(await blobs.put(id, bytes, { mediaType: CHECKPOINT_TYPE }));
  const secret = group?.keys.secrets().get(0) ?? new Uint8Array(32);
  const key = await sealCheckpointKey({ space: space.bytes, epoch: 0, snapshot }, secret, raw);
  const points = made.heads.map(({ author, seq, hash }) => ({ device: author, seq, hash }));
  const carrier = { blob, size, epoch: 0, key };
  const act = { kind: 'checkpoint', snapshot, heads: points, carrier } as const;
  unwrap(await ada.stewardship.propose(ada.held(id), [act]));
}
