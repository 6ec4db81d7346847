// Checkpoints: made from a log, opened by a newcomer, and checked entry by entry; poisoned ones are found out.
import { beforeAll, describe, expect, it } from 'vitest';
import { singleEpochKeys } from '../../../lib/group/epoch-keys.ts';
import type { Replica } from '../../../lib/log/replica.ts';
import { checkAll, type Checking } from '../../../lib/node/checkpoint-check.ts';
import {
  makeCheckpoint,
  type MadeCheckpoint,
} from '../../../lib/space/checkpoint/make-checkpoint.ts';
import {
  readCheckpoint,
  type CertifiedCheckpoint,
  type ReadCheckpoint,
} from '../../../lib/space/checkpoint/read-checkpoint.ts';
import type { Space } from '../../../lib/space/space.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import {
  joinCheckpoint,
  splitCheckpoint,
  type CheckpointRow,
} from '../../../lib/wire/checkpoint.ts';
import { decodeBody, encodeBody } from '../../../lib/wire/entry-body.ts';
import { unwrap } from '../../../lib/wire/failure.ts';
import { startAutomerge } from '../../support/automerge.ts';
import { poison, withOtherChange } from '../../support/poison.ts';
import {
  createTestNode,
  createTestSpace,
  type TestNode,
  type TestSpace,
} from '../../support/spaces.ts';

const BOARD = 'board';

let shared: TestSpace;
let ada: TestNode;
let bob: TestNode;
let adas: Space;
let made: MadeCheckpoint;

beforeAll(async () => {
  await startAutomerge();
  shared = await createTestSpace();
  [ada, bob] = [await createTestNode('Ada'), await createTestNode('Bob')];
  adas = await ada.join(shared);
  const bobs = await bob.join(shared);
  for (let i = 0; i < 12; i += 1) await rename(adas, `by Ada ${i}`);
  await copyLog(ada, bob);
  for (let i = 0; i < 12; i += 1) await rename(bobs, `by Bob ${i}`);
  await copyLog(bob, ada);
  made = await checkpointOf(ada);
});

describe('a checkpoint', () => {
  it('is the same whoever makes it', async () => {
    expect(await checkpointOf(bob)).toEqual(made);
  });

  it('opens a space for a newcomer before any entry is here', async () => {
    const { space, replica } = await newcomer();
    unwrap(await space.adopt(unwrap(readCheckpoint(certified(made), made.bytes))));
    expect(await space.read(BOARD)).toEqual(await adas.read(BOARD));
    expect(await space.members()).toEqual(await adas.members());
    expect(await space.events()).toHaveLength(2);
    expect((await replica.heads(id())).size).toBe(0);
  });

  it('gives every entry again as its author signed it, and tells how far that is', async () => {
    const { space, node, replica } = await newcomer();
    const read = unwrap(readCheckpoint(certified(made), made.bytes));
    unwrap(await space.adopt(read));
    const progress: Checking[] = [];
    expect(await check(node, read, progress)).toBeNull();
    expect(progress.at(-1)).toEqual({ done: 26, total: 26 });
    expect(await replica.heads(id())).toEqual(await ada.replica.heads(id()));
    expect(await space.entries()).toHaveLength(26);
    await rename(space, 'by the newcomer');
    expect(await space.read(BOARD)).toMatchObject({ value: { name: 'by the newcomer' } });
  });

  it('is not taken over by who has read further', async () => {
    const read = unwrap(readCheckpoint(certified(made), made.bytes));
    const further = await ada.join(shared);
    await rename(further, 'once more');
    expect(await further.adopt(read)).toMatchObject({ ok: false, failure: { code: 'conflict' } });
    expect(await further.read(BOARD)).toMatchObject({ value: { name: 'once more' } });
  });
});

describe('a checkpoint that is not what was certified', () => {
  const cases: readonly (readonly [string, () => Uint8Array, string])[] = [
    ['is cut short', () => made.bytes.subarray(0, -30), 'malformed'],
    ['lacks its last part', () => joinCheckpoint(pieces().slice(0, -1)), 'bad_signature'],
    ['has a part too many', () => joinCheckpoint([...pieces(), piece(1)]), 'bad_signature'],
    ['is empty', () => new Uint8Array(), 'malformed'],
    ['says that a part is longer than all of it', () => made.bytes.with(0, 0x7f), 'malformed'],
    [
      'has another head',
      () =>
        poison(
          made,
          (row) => [row],
          ({ logs }) => ({ logs: logs.slice(1) }),
        ).bytes,
      'bad_signature',
    ],
  ];
  it.each(cases)('is refused when it %s', (_, bytes, code) => {
    expect(readCheckpoint(certified(made), bytes())).toMatchObject({
      ok: false,
      failure: { code },
    });
  });

  it('is refused when it is of another space', async () => {
    const other = { ...certified(made), space: (await createTestSpace()).id };
    expect(readCheckpoint(other, made.bytes)).toMatchObject({ ok: false });
  });

  it('is refused when an author is missing from what was certified', () => {
    const [first] = certified(made).heads;
    const heads = first === undefined ? [] : [first];
    expect(readCheckpoint({ ...certified(made), heads }, made.bytes)).toMatchObject({ ok: false });
  });

  it('leaves a space as it was when a part was changed', async () => {
    const [head, first, ...rest] = pieces();
    if (head === undefined || first === undefined) throw new Error('there are parts');
    const changed = joinCheckpoint([head, first.with(200, (first[200] ?? 0) ^ 1), ...rest]);
    const { space } = await newcomer();
    const read = unwrap(readCheckpoint(certified(made), changed));
    expect(await space.adopt(read)).toMatchObject({ ok: false });
    expect(await space.documents()).toEqual([]);
  });
});

describe('a checkpoint that stewards certified and that is poisoned', () => {
  it.each([
    ['a row is left out', dropRow],
    ['a row is there twice', repeatRow],
    [
      'a row is of another segment',
      (row: CheckpointRow) => [{ ...row, segment: new Uint8Array(16) }],
    ],
    ['a row has another nonce', (row: CheckpointRow) => [{ ...row, nonce: new Uint8Array(12) }]],
  ])('does not lead to its heads when %s', async (_, change) => {
    const { space } = await newcomer();
    const poisoned = poison(made, change);
    const read = unwrap(readCheckpoint(certified(poisoned), poisoned.bytes));
    expect(await space.adopt(read)).toMatchObject({ failure: { code: 'bad_signature' } });
    expect(await space.read(BOARD)).toMatchObject({ value: { name: null } });
  });

  it.each([
    ['a document was changed', withOtherChange],
    ['a change was taken out', (row: CheckpointRow) => [{ ...row, body: asEvent(row) }]],
    ['a signature is not its author’s', (row: CheckpointRow) => [{ ...row, signature: forged() }]],
    [
      'a body is said to be sealed',
      (row: CheckpointRow) => [{ ...row, body: { ...row.body, isOpen: false } }],
    ],
  ])('is found out when %s, and the log is read instead', async (_, change) => {
    const { space, node, replica } = await newcomer();
    const poisoned = poison(made, change);
    const read = unwrap(readCheckpoint(certified(poisoned), poisoned.bytes));
    await space.adopt(read);
    expect(await check(node, read, [])).toMatchObject({ code: 'bad_signature' });
    await space.reread();
    await copyLogTo(ada, replica);
    expect(await space.read(BOARD)).toEqual(await adas.read(BOARD));
    expect(await space.members()).toEqual(await adas.members());
  });
});

function id(): string {
  return toHex(shared.id);
}

async function rename(space: Space, name: string): Promise<void> {
  unwrap(await space.change({ document: BOARD, verb: 'setName', args: { name } }));
}

async function checkpointOf(node: TestNode): Promise<MadeCheckpoint> {
  const heads = (await node.replica.heads(id())).values();
  const keys = singleEpochKeys(shared.secret);
  return unwrap(await makeCheckpoint({ space: shared.id, replica: node.replica, keys }, heads));
}

function certified({ hash, heads }: MadeCheckpoint): CertifiedCheckpoint {
  const points = heads.map(({ author, seq, hash: last }) => ({ device: author, seq, hash: last }));
  return { space: shared.id, snapshot: hash, heads: points };
}

/** A browser that has nothing of the space, not even its own announcement. */
async function newcomer() {
  const node = await createTestNode('Chi');
  const space = node.open(shared);
  return { node, space, replica: node.replica };
}

function check(node: TestNode, read: ReadCheckpoint, progress: Checking[]) {
  const { replica } = node;
  const held = { keys: singleEpochKeys(shared.secret), record: { id: id() } };
  const signal = new AbortController().signal;
  return checkAll(held, read, { replica, signal, onProgress: (at) => void progress.push(at) });
}

function copyLog(from: TestNode, to: TestNode): Promise<void> {
  return copyLogTo(from, to.replica);
}

async function copyLogTo(from: TestNode, replica: Replica): Promise<void> {
  const limits = { maxEntries: 1000, maxBytes: 1_000_000 };
  for (const author of (await from.replica.heads(id())).keys()) {
    const entries = await from.replica.read(id(), author, 1, limits);
    await replica.accept(
      id(),
      entries.map(({ bytes }) => bytes),
    );
  }
}

function pieces(): readonly Uint8Array[] {
  return unwrap(splitCheckpoint(made.bytes));
}

function piece(index: number): Uint8Array {
  const found = pieces()[index];
  if (found === undefined) throw new Error(`there is no part ${index}`);
  return found;
}

function dropRow(): CheckpointRow[] {
  return [];
}

function repeatRow(row: CheckpointRow): CheckpointRow[] {
  return [row, row];
}

function asEvent(row: CheckpointRow): CheckpointRow['body'] {
  const { at, agent } = unwrap(decodeBody(row.body.bytes));
  const body = { kind: 'event', at, agent, event: 'announce', payload: null } as const;
  return { isOpen: true, bytes: encodeBody(body) };
}

function forged(): Uint8Array {
  return new Uint8Array(64).fill(7);
}
