import { expect, it } from 'vitest';
import { singleEpochKeys } from '../../../lib/group/epoch-keys.ts';
import { randomBytes } from '../../../lib/identity/hash.ts';
import { signerOfSeed, type Signer } from '../../../lib/identity/signer.ts';
import { createReplica, type Replica } from '../../../lib/log/replica.ts';
import { createEntryWriter } from '../../../lib/space/entry-writer.ts';
import { OWN_LOG_HERE, type OwnLog } from '../../../lib/space/own-log.ts';
import { createMemoryEntryStore } from '../../../lib/store/memory-store.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { fail, unwrap } from '../../../lib/wire/failure.ts';

const space = randomBytes(32);
const keys = singleEpochKeys(randomBytes(32));
const note = { kind: 'event', at: 0, agent: null, event: 'note', payload: null } as const;
const document = `page/${'ab'.repeat(32)}`;
const change = { kind: 'change', at: 0, agent: null, document, change: new Uint8Array(9) } as const;

it('goes on in its segment, also after a restart', async () => {
  const { signer, replica } = await parts();
  const writer = writerOf(signer, replica);
  const first = unwrap(await writer.write(note));
  const actor = await writer.actor();
  const second = unwrap(await writer.write(change, actor));
  const restarted = writerOf(signer, replica);
  expect(await restarted.actor()).toBe(actor);
  const third = unwrap(await restarted.write(change, actor));
  expect(second.header.segment).toEqual(first.header.segment);
  expect(third.header.segment).toEqual(first.header.segment);
});

it('begins a new segment once a copy of its profile has written, and takes no change made before', async () => {
  const { signer, replica } = await parts();
  const writer = writerOf(signer, replica);
  const first = unwrap(await writer.write(note));
  const actor = await writer.actor();
  const copy = createReplica(createMemoryEntryStore());
  await copy.accept(toHex(space), [first.bytes]);
  const theirs = unwrap(await writerOf(signer, copy).write(change, actor));
  await replica.accept(toHex(space), [theirs.bytes]);
  expect(await writer.write(change, actor)).toMatchObject({ failure: { code: 'conflict' } });
  const fresh = await writer.actor();
  expect(fresh).not.toBe(actor);
  const next = unwrap(await writer.write(change, fresh));
  expect(next.header.prev).toEqual(theirs.hash);
  expect(next.header.segment).not.toEqual(first.header.segment);
});

it('begins a new segment after a start at which nobody could be asked', async () => {
  const { signer, replica } = await parts();
  const writer = writerOf(signer, replica);
  const first = unwrap(await writer.write(note));
  const alone = writerOf(signer, replica, { ...OWN_LOG_HERE, heard: async () => false });
  const second = unwrap(await alone.write(note));
  const third = unwrap(await alone.write(note));
  expect(second.header.segment).not.toEqual(first.header.segment);
  expect(third.header.segment).toEqual(second.header.segment);
});

it('writes nothing before it has heard how far others hold its log', async () => {
  const { signer, replica } = await parts();
  const elsewhere = createReplica(createMemoryEntryStore());
  const before = writerOf(signer, elsewhere);
  const written = [unwrap(await before.write(note)), unwrap(await before.write(note))];
  await replica.accept(
    toHex(space),
    written.slice(0, 1).map(({ bytes }) => bytes),
  );
  const heard = Promise.withResolvers<boolean>();
  const restored = writerOf(signer, replica, { ...OWN_LOG_HERE, heard: () => heard.promise });
  const writing = restored.write(note);
  await replica.accept(
    toHex(space),
    written.map(({ bytes }) => bytes),
  );
  heard.resolve(true);
  const next = unwrap(await writing);
  expect(next.header.seq).toBe(3);
  expect(next.header.prev).toEqual(written[1]?.hash);
});

it('writes nothing while it is a copy', async () => {
  const { signer, replica } = await parts();
  const { failure } = fail('forked', 'This browser is a copy.', 'Choose.');
  const copy = writerOf(signer, replica, { ...OWN_LOG_HERE, refusal: async () => failure });
  expect(await copy.write(note)).toEqual({ ok: false, failure });
});

async function parts(): Promise<{ signer: Signer; replica: Replica }> {
  const signer = await signerOfSeed(randomBytes(32));
  return { signer, replica: createReplica(createMemoryEntryStore()) };
}

function writerOf(signer: Signer, replica: Replica, own: OwnLog = OWN_LOG_HERE) {
  return createEntryWriter({ space, keys, control: null, signer, replica, own });
}
