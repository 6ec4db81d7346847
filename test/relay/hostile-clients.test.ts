// What a stranger, a liar or a broken client gets from the relay: a Failure, nothing stored, and others served on.
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { randomBytes } from '../../lib/identity/hash.ts';
import { signerOfSeed } from '../../lib/identity/signer.ts';
import { MAX_SOCKET_MESSAGE_BYTES } from '../../lib/transport/relay-wire.ts';
import { equalBytes, toHex } from '../../lib/wire/bytes.ts';
import { encodeSyncMessage } from '../../lib/wire/sync-message.ts';
import { eventually } from '../support/eventually.ts';
import { rawPeerAtRelay, type RawPeer } from '../support/raw-peer.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';
import {
  createTestNode,
  createTestSpace,
  sealAt,
  type TestNode,
  type TestSession,
  type TestSpace,
} from '../support/sync-node.ts';

let relay: TestRelay;
let space: TestSpace;
let ada: TestNode;
let fromAda: TestSession;

beforeEach(async () => {
  relay = await startTestRelay();
  space = await createTestSpace();
  ada = await createTestNode([space]);
  await ada.write(space, 3);
  fromAda = await ada.connect(relay.url);
  await fromAda.open(space.bytes);
  await eventually(() => fromAda.heldByOther(space.id, ada.author) === 3);
});

afterEach(async () => {
  await relay.close();
});

async function stranger(): Promise<RawPeer> {
  return rawPeerAtRelay(relay.url, await signerOfSeed(randomBytes(32)));
}

/** The relay holds what it held and still takes new work from an honest client. */
async function expectUnharmed(entries = 3): Promise<void> {
  expect(await metric('entries')).toBe(entries);
  await ada.write(space);
  await eventually(() => fromAda.heldByOther(space.id, ada.author) === 4);
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${relay.http}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`commonplace_relay_${name} `));
  return Number(line?.split(' ')[1]);
}

test('who does not hold the access key of a space learns nothing of it', async () => {
  const outsider = await createTestSpace();
  const eve = await createTestNode([{ ...space, keys: outsider.keys }]);
  const session = await eve.connect(relay.url);
  await session.open(space.bytes);
  await eventually(() => session.refusals.length === 1);
  expect(session.refusals[0]).toMatchObject({
    space: space.id,
    failure: { code: 'permission_denied' },
  });
  session.sendPresence(space.id, Uint8Array.of(1));
  await eve.write(space);
  expect((await eve.replica.heads(space.id)).has(ada.author)).toBe(false);
  await expectUnharmed();
  expect(fromAda.presence).toEqual([]);
});

test('a ticket works on the connection it was made for and on no other', async () => {
  const [peer, thief] = await Promise.all([stranger(), stranger()]);
  const ticket = await peer.ticketFor(space);
  await thief.send(ticket);
  await eventually(() => thief.refusals().length === 1);
  expect(thief.refusals()).toEqual(['permission_denied']);
  await peer.send(ticket);
  await eventually(() => peer.received.some(({ type }) => type === 'have'));
  await expectUnharmed();
});

test('a genesis that the space id does not commit to is refused, and so is nonsense', async () => {
  const other = await createTestSpace();
  const peer = await stranger();
  const access = randomBytes(64);
  await peer.send({ type: 'open', space: space.bytes, genesis: other.genesis, access });
  await eventually(() => peer.refusals().length === 1);
  await peer.send({ type: 'open', space: space.bytes, genesis: Uint8Array.of(1, 2), access });
  await eventually(() => peer.refusals().length === 2);
  expect(peer.refusals()[0]).toBe('bad_signature');
  expect(await metric('spaces')).toBe(1);
  await expectUnharmed();
});

test('a space that was only asked for leaves no trace', async () => {
  const other = await createTestSpace();
  const peer = await stranger();
  const access = randomBytes(64);
  await peer.send({ type: 'open', space: other.bytes, genesis: other.genesis, access });
  await eventually(() => peer.refusals().length === 1);
  expect(await metric('spaces')).toBe(1);
});

const badBatches: [string, string, (good: Uint8Array) => Uint8Array][] = [
  ['a forged signature', 'bad_signature', (good) => flipped(good, good.length - 1)],
  ['an altered body', 'bad_signature', (good) => flipped(good, good.length - 80)],
  ['bytes that are no entry', 'malformed', () => Uint8Array.of(0x83, 1, 2, 3)],
];

for (const [what, code, spoil] of badBatches) {
  test(`${what} ends the connection with a Failure and is not stored`, async () => {
    const author = await signerOfSeed(randomBytes(32));
    const peer = await rawPeerAtRelay(relay.url, author);
    await peer.open(space);
    const entry = await sealAt(space, author, 'hello', start());
    await peer.send({ type: 'entries', space: space.bytes, entries: [spoil(entry.bytes)] });
    await peer.closed;
    expect(peer.refusals()).toEqual([code]);
    await expectUnharmed();
  });
}

test('an entry signed for another space is refused in this one', async () => {
  const other = await createTestSpace();
  const author = await signerOfSeed(randomBytes(32));
  const peer = await rawPeerAtRelay(relay.url, author);
  await peer.open(space);
  const entry = await sealAt(other, author, 'hello', start());
  await peer.send({ type: 'entries', space: space.bytes, entries: [entry.bytes] });
  await peer.closed;
  expect(peer.refusals()).toEqual(['bad_signature']);
  await expectUnharmed();
});

test('entries for a space that was not opened are ignored', async () => {
  const author = await signerOfSeed(randomBytes(32));
  const peer = await rawPeerAtRelay(relay.url, author);
  const entry = await sealAt(space, author, 'hello', start());
  await peer.send({ type: 'entries', space: space.bytes, entries: [entry.bytes] });
  await peer.open(space);
  await expectUnharmed();
});

test('a fork is refused, its proof is kept, and others hear of it', async () => {
  const author = await signerOfSeed(randomBytes(32));
  const [one, two] = await Promise.all([
    sealAt(space, author, 'one story', start()),
    sealAt(space, author, 'another', start()),
  ]);
  const peer = await rawPeerAtRelay(relay.url, author);
  await peer.open(space);
  await peer.send({ type: 'entries', space: space.bytes, entries: [one.bytes] });
  await eventually(async () => (await ada.seqOf(space, toHex(author.publicKey))) === 1);
  await peer.send({ type: 'entries', space: space.bytes, entries: [two.bytes] });
  await eventually(() => peer.received.some(({ type }) => type === 'fork'));

  const next = await sealAt(space, author, 'more', { ...start(), seq: 2, prev: one.hash });
  await peer.send({ type: 'entries', space: space.bytes, entries: [next.bytes] });
  const late = await createTestNode([space]);
  const fromLate = await late.connect(relay.url);
  await fromLate.open(space.bytes);
  await eventually(async () => (await late.replica.forks(space.id)).length === 1);
  const [proof] = await late.replica.forks(space.id);
  const both = [one.bytes, two.bytes];
  expect(both.some((bytes) => proof && equalBytes(bytes, proof.first))).toBe(true);
  expect(both.some((bytes) => proof && equalBytes(bytes, proof.second))).toBe(true);
  await expectUnharmed(4);
});

test('bytes that are no message end the connection with a Failure', async () => {
  const peer = await stranger();
  await peer.send(randomBytes(300));
  await peer.closed;
  expect(['malformed', 'not_canonical']).toContain(peer.refusals()[0]);
  await expectUnharmed();
});

test('a handshake of an unknown version is answered with what to do', async () => {
  const socket = new WebSocket(`${relay.url}/sync`);
  await once(socket, 'open');
  const heard: string[] = [];
  socket.on('message', (data: Buffer) => heard.push(data.toString('latin1')));
  const hello = encodeSyncMessage({
    type: 'hello',
    version: 99,
    device: randomBytes(32),
    nonce: randomBytes(32),
    role: 'node',
  });
  socket.send(Buffer.concat([Uint8Array.of(0), hello]));
  const [code] = await once(socket, 'close');
  expect(code).toBe(4002);
  expect(heard.some((text) => text.includes('unsupported_version'))).toBe(true);
  await expectUnharmed();
});

const badFrames: [string, (socket: WebSocket) => void, number][] = [
  ['text', (socket) => socket.send('hello'), 4002],
  [
    'a frame above the limit',
    (socket) => socket.send(new Uint8Array(MAX_SOCKET_MESSAGE_BYTES + 1)),
    1009,
  ],
  ['a message in very many pieces', sendInPieces, 1008],
];

for (const [what, send, expected] of badFrames) {
  test(`${what} ends the socket`, async () => {
    const socket = new WebSocket(`${relay.url}/sync`);
    socket.on('error', () => {});
    await once(socket, 'open');
    send(socket);
    const [code] = await once(socket, 'close');
    expect(code).toBe(expected);
    await expectUnharmed();
  });
}

test('someone who opens a socket and says nothing holds up nobody', async () => {
  const sockets = Array.from({ length: 20 }, () => new WebSocket(`${relay.url}/sync`));
  await Promise.all(sockets.map((socket) => once(socket, 'open')));
  await expectUnharmed();
  for (const socket of sockets) socket.terminate();
});

function start() {
  return { segment: randomBytes(16), seq: 1, prev: null, seen: randomBytes(32) };
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

function sendInPieces(socket: WebSocket): void {
  for (let i = 0; i < 100; i++) socket.send(Uint8Array.of(0), { fin: false });
}
