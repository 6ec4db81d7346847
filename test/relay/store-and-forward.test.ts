// Two nodes exchange a space through a real relay, together and apart.
import { afterEach, expect, test } from 'vitest';
import { toHex, utf8 } from '../../lib/wire/bytes.ts';
import { eventually } from '../support/eventually.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';
import { createTestNode, createTestSpace } from '../support/sync-node.ts';

let relay: TestRelay | undefined;

afterEach(async () => {
  await relay?.close();
  relay = undefined;
});

test('two nodes that are never online together exchange a space through the relay', async () => {
  relay = await startTestRelay();
  const space = await createTestSpace();
  const [ada, bob] = await Promise.all([createTestNode([space]), createTestNode([space])]);
  await ada.write(space, 300);

  const fromAda = await ada.connect(relay.url);
  await fromAda.open(space.bytes);
  await eventually(() => fromAda.heldByOther(space.id, ada.author) === 300);
  fromAda.close();
  await fromAda.closed;

  const fromBob = await bob.connect(relay.url);
  await fromBob.open(space.bytes);
  await bob.write(space, 2);
  await eventually(() => fromBob.heldByOther(space.id, bob.author) === 2);
  await eventually(async () => (await bob.seqOf(space, ada.author)) === 300);
  fromBob.close();
  await fromBob.closed;

  const again = await ada.connect(relay.url);
  await again.open(space.bytes);
  await eventually(() => again.heldByOther(space.id, bob.author) === 2);
  await eventually(async () => (await ada.seqOf(space, bob.author)) === 2);
});

test('an edit reaches the other while both are connected, and is sent to nobody twice', async () => {
  relay = await startTestRelay();
  const space = await createTestSpace();
  const [ada, bob] = await Promise.all([createTestNode([space]), createTestNode([space])]);
  const [fromAda, fromBob] = await Promise.all([ada.connect(relay.url), bob.connect(relay.url)]);
  await Promise.all([fromAda.open(space.bytes), fromBob.open(space.bytes)]);
  await eventually(() => fromAda.isOpen(space.id) && fromBob.isOpen(space.id));

  for (let i = 1; i <= 20; i++) {
    await ada.write(space);
    await eventually(async () => (await bob.seqOf(space, ada.author)) === i);
  }
  await eventually(() => fromAda.heldByOther(space.id, ada.author) === 20);
});

test('presence goes to everyone else in the space and to nobody outside it', async () => {
  relay = await startTestRelay();
  const [space, elsewhere] = await Promise.all([createTestSpace(), createTestSpace()]);
  const nodes = await Promise.all([space, space, space, elsewhere].map((s) => createTestNode([s])));
  const url = relay.url;
  const sessions = await Promise.all(nodes.map((node) => node.connect(url)));
  const [ada, bob, chi, dee] = sessions;
  if (!ada || !bob || !chi || !dee) throw new Error('expected four');
  await Promise.all([ada, bob, chi].map((session) => session.open(space.bytes)));
  await dee.open(elsewhere.bytes);
  await eventually(
    () => [ada, bob, chi].every((s) => s.isOpen(space.id)) && dee.isOpen(elsewhere.id),
  );
  // The relay has opened a space for a node only when it has said what it holds.
  await eventually(() => {
    ada.sendPresence(space.id, utf8('here'));
    return bob.presence.length > 0 && chi.presence.length > 0;
  });
  expect(bob.presence.map(toHex)).toContain(toHex(utf8('here')));
  expect(ada.presence).toEqual([]);
  expect(dee.presence).toEqual([]);
});
