// PeerJS signalling, spoken by hand as PeerJS 1.5 speaks it, and abused.
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createPeerIdentity, type PeerIdentity } from '../../lib/transport/peer-id.ts';
import { MAX_SIGNAL_BYTES } from '../../relay/signal-message.ts';
import { eventually } from '../support/eventually.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';

interface Client {
  readonly id: string;
  readonly socket: WebSocket;
  readonly heard: { type: string; src?: string; dst?: string; payload?: unknown }[];
  readonly types: () => string[];
  /** The close code. */
  readonly closed: Promise<number>;
  say(message: unknown): void;
}

let relay: TestRelay;

beforeEach(async () => {
  relay = await startTestRelay();
});

afterEach(async () => {
  await relay.close();
});

async function dial(
  { peerId, token }: PeerIdentity,
  { path = '/peerjs', key = 'peerjs' } = {},
): Promise<Client> {
  const query = `?key=${key}&id=${peerId}&token=${token}&version=1.5.5`;
  const socket = new WebSocket(relay.url + path + query);
  const heard: Client['heard'] = [];
  socket.on('message', (data: Buffer) => void heard.push(JSON.parse(data.toString())));
  socket.on('error', () => {});
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await once(socket, 'open');
  return {
    id: peerId,
    socket,
    heard,
    closed,
    types: () => heard.map(({ type }) => type),
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
  };
}

async function client(identity?: PeerIdentity): Promise<Client> {
  const one = await dial(identity ?? (await createPeerIdentity()));
  await eventually(() => one.types().includes('OPEN'));
  return one;
}

function offerTo(dst: string, sdp = 'v=0') {
  const payload = {
    sdp: { type: 'offer', sdp },
    type: 'data',
    connectionId: 'dc_abc123',
    label: 'dc_abc123',
    reliable: true,
    serialization: 'raw',
  };
  return { type: 'OFFER', dst, payload };
}

test('an offer, an answer and candidates reach the other, marked with who sent them', async () => {
  const [ada, bob] = await Promise.all([client(), client()]);
  ada.say({ type: 'HEARTBEAT' });
  ada.say(offerTo(bob.id));
  await eventually(() => bob.types().includes('OFFER'));
  expect(bob.heard.at(-1)).toEqual({ ...offerTo(bob.id), src: ada.id });

  const answer = { sdp: { type: 'answer', sdp: 'v=0' }, type: 'data', connectionId: 'dc_abc123' };
  bob.say({ type: 'ANSWER', dst: ada.id, payload: answer });
  const candidate = { candidate: 'candidate:1 1 udp', sdpMid: '0', sdpMLineIndex: 0 };
  const payload = { candidate, type: 'data', connectionId: 'dc_abc123' };
  bob.say({ type: 'CANDIDATE', dst: ada.id, payload });
  await eventually(() => ada.types().length === 3);
  expect(ada.heard.slice(1)).toEqual([
    { type: 'ANSWER', src: bob.id, dst: ada.id, payload: answer },
    { type: 'CANDIDATE', src: bob.id, dst: ada.id, payload },
  ]);
});

test('a sender cannot speak for another, and fields nobody knows do not travel', async () => {
  const [ada, bob] = await Promise.all([client(), client()]);
  const honest = offerTo(bob.id);
  ada.say({ ...honest, src: bob.id, extra: 1, payload: { ...honest.payload, metadata: { a: 1 } } });
  await eventually(() => bob.types().includes('OFFER'));
  expect(bob.heard.at(-1)).toEqual({ ...honest, src: ada.id });
});

test('an id belongs to whoever holds its token, also when its owner is away', async () => {
  const identity = await createPeerIdentity();
  const other = await createPeerIdentity();
  for (const token of [other.token, '00'.repeat(32), 'x', '']) {
    const thief = await dial({ peerId: identity.peerId, token });
    expect(await thief.closed).toBe(1008);
    expect(['ID-TAKEN', 'ERROR']).toContain(thief.types()[0]);
    expect(thief.types()).not.toContain('OPEN');
  }
  const owner = await client(identity);
  const squatter = await dial({ peerId: identity.peerId, token: other.token });
  await squatter.closed;
  expect(squatter.types()).toEqual(['ID-TAKEN']);
  expect(owner.socket.readyState).toBe(WebSocket.OPEN);
});

test('a client that comes again takes the place of its older connection', async () => {
  const identity = await createPeerIdentity();
  const older = await client(identity);
  const newer = await client(identity);
  await older.closed;
  const ada = await client();
  ada.say(offerTo(identity.peerId));
  await eventually(() => newer.types().includes('OFFER'));
});

test('a message for someone who comes within seconds waits for them', async () => {
  const identity = await createPeerIdentity();
  const ada = await client();
  ada.say(offerTo(identity.peerId));
  ada.say(offerTo(identity.peerId, 'v=1'));
  await eventually(async () => (await signals()) === 2);
  const bob = await client(identity);
  await eventually(() => bob.types().length === 3);
  expect(bob.types()).toEqual(['OPEN', 'OFFER', 'OFFER']);
});

test('a message for someone who does not come expires, and the sender is told', async () => {
  await relay.close();
  relay = await startTestRelay({ limits: { letterSeconds: 0.1 } });
  const nobody = (await createPeerIdentity()).peerId;
  const ada = await client();
  ada.say(offerTo(nobody));
  await eventually(() => ada.types().includes('EXPIRE'));
  expect(ada.heard.at(-1)).toEqual({ type: 'EXPIRE', src: nobody, dst: ada.id });
});

test('only a few messages wait; the sender hears at once of the rest', async () => {
  const nobody = (await createPeerIdentity()).peerId;
  const ada = await client();
  for (let i = 0; i < 40; i++) ada.say(offerTo(nobody));
  await eventually(() => ada.types().filter((type) => type === 'EXPIRE').length >= 8);
  expect(ada.types().filter((type) => type === 'EXPIRE')).toHaveLength(8);
});

test('LEAVE is handed on, and without an address ends the connection', async () => {
  const [ada, bob] = await Promise.all([client(), client()]);
  ada.say({ type: 'LEAVE', dst: bob.id });
  await eventually(() => bob.types().includes('LEAVE'));
  expect(bob.heard.at(-1)).toEqual({ type: 'LEAVE', src: ada.id, dst: bob.id });
  ada.say({ type: 'LEAVE' });
  await ada.closed;
});

const nonsense: [string, unknown][] = [
  ['text that is not JSON', 'hello'],
  ['JSON of no shape', '[1,2,3]'],
  ['an unknown type', { type: 'OPEN' }],
  ['a deep value', '['.repeat(20_000)],
  ['an address that is no id', offerTo('../../etc/passwd')],
  ['an offer without a description', { ...offerTo('0'.repeat(40)), payload: { type: 'data' } }],
  ['a description that is too long', offerTo('0'.repeat(40), 'v'.repeat(40_000))],
];

for (const [what, message] of nonsense) {
  test(`${what} ends the connection with an error`, async () => {
    const ada = await client();
    ada.say(message);
    await ada.closed;
    expect(ada.types().at(-1)).toBe('ERROR');
  });
}

test('a message above 64 KiB and binary messages end the connection', async () => {
  const [ada, bob] = await Promise.all([client(), client()]);
  ada.say('x'.repeat(MAX_SIGNAL_BYTES + 1));
  expect(await ada.closed).toBe(1009);
  bob.socket.send(Uint8Array.of(1, 2, 3));
  expect(await bob.closed).toBe(1008);
});

test('a client that sends too much is told so and closed; the others go on', async () => {
  const [ada, bob, chi] = await Promise.all([client(), client(), client()]);
  for (let i = 0; i < 300; i++) ada.say(offerTo(bob.id));
  await ada.closed;
  expect(ada.types().at(-1)).toBe('ERROR');
  chi.say(offerTo(bob.id));
  await eventually(() => bob.heard.some(({ src }) => src === chi.id));
});

test('it also answers where a client goes that was given the path /peerjs', async () => {
  const one = await dial(await createPeerIdentity(), { path: '/peerjs/peerjs' });
  await eventually(() => one.types().includes('OPEN'));
  const wrong = await dial(await createPeerIdentity(), { key: 'other' });
  await wrong.closed;
  expect(wrong.types()).toEqual(['ERROR']);
});

async function signals(): Promise<number> {
  const text = await (await fetch(`${relay.http}/metrics`)).text();
  return Number(/^commonplace_relay_signal_messages_total (\d+)$/m.exec(text)?.[1]);
}
