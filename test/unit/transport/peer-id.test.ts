// Peer ids: random, provable, and of a form that PeerJS takes.
import { expect, test } from 'vitest';
import { createPeerIdentity, isPeerId, peerIdOf } from '../../../lib/transport/peer-id.ts';
import { fromHex } from '../../../lib/wire/bytes.ts';

test('an identity proves its id by its token', async () => {
  const { peerId, token } = await createPeerIdentity();
  const bytes = fromHex(token);
  expect(bytes).toHaveLength(32);
  expect(await peerIdOf(bytes ?? new Uint8Array(0))).toBe(peerId);
  expect(isPeerId(peerId)).toBe(true);
});

test('two identities differ', async () => {
  const [a, b] = await Promise.all([createPeerIdentity(), createPeerIdentity()]);
  expect(a.peerId).not.toBe(b.peerId);
});

test('the derivation does not change unnoticed', async () => {
  expect(await peerIdOf(new Uint8Array(32))).toBe('7266767f20075736d98f7026bdbff3e151bf425b');
});

test('only 40 lower-case hex digits are a peer id', () => {
  for (const text of ['', 'a'.repeat(39), 'a'.repeat(41), 'A'.repeat(40), `${'a'.repeat(39)}g`]) {
    expect(isPeerId(text)).toBe(false);
  }
});
