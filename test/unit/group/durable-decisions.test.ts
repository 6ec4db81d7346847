// What stewards decided counts from the moment at which it is stored: what is not on the disk may not be built upon.
import { expect, test } from 'vitest';
import { createControlLogs } from '../../../lib/group/control-logs.ts';
import { createReplica } from '../../../lib/log/replica.ts';
import type { EntryStore } from '../../../lib/store/entry-store.ts';
import { createMemoryEntryStore } from '../../../lib/store/memory-store.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { fail } from '../../../lib/wire/failure.ts';
import { admit, createDevice, expel } from '../../support/group-people.ts';
import { draftEntry, forge, startGroup } from '../../support/group.ts';

const FULL = fail('storage_full', 'The disk is full.', 'Make room.');

async function nodeOf(genesis: Uint8Array, space: string) {
  const disk = { isFull: false };
  const memory = createMemoryEntryStore();
  const append: EntryStore['append'] = async (...asked) =>
    disk.isFull ? FULL : memory.append(...asked);
  const store = { ...memory, append };
  const logs = createControlLogs({ store, genesisOf: async () => genesis });
  const replica = createReplica(store, logs.check);
  const log = await logs.of(space);
  if (log === null) throw new Error('expected a control log');
  return { disk, replica, log };
}

test('a decision that cannot be stored is not followed, and is once it can', async () => {
  const group = await startGroup();
  await group.act(admit(await createDevice()));
  const space = toHex(group.state().space);
  const { disk, replica, log } = await nodeOf(group.genesis, space);
  disk.isFull = true;
  expect((await replica.accept(space, group.entries)).trouble?.code).toBe('storage_full');
  expect(log.tip().height).toBe(0);
  expect(log.stateAt(group.state().head)).toBeNull();
  disk.isFull = false;
  expect((await replica.accept(space, group.entries)).stored).toHaveLength(2);
  expect(log.tip()).toEqual(group.state());
});

test('two decisions at one height freeze the group, whichever of them is stored', async () => {
  const group = await startGroup();
  const [ada, bob] = [await createDevice(), await createDevice()];
  await group.act(admit(ada), admit(bob));
  const rivals = await Promise.all(
    [ada, bob].map(async (out) => {
      const entry = await draftEntry(group, { acts: [expel(out)] });
      return forge(entry, [group.founder]);
    }),
  );
  const space = toHex(group.state().space);
  const { replica, log } = await nodeOf(group.genesis, space);
  await replica.accept(space, [...group.entries, ...rivals]);
  expect(log.frozen()?.height).toBe(group.state().height + 1);
  expect(log.tip().height).toBe(group.state().height + 1);
});
