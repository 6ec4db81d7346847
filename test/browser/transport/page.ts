// Runs inside a page of a real browser, with the product's modules: what the tests ask it to do.
import { Peer } from 'peerjs';
import { channelCases } from '../../contracts/channel.ts';
import { pattern, until, within } from '../../contracts/channel-checks.ts';
import type { Channel } from '../../../lib/transport/channel.ts';
import type { PeerHost } from '../../../lib/transport/peer-host.ts';
import { createPeerIdentity } from '../../../lib/transport/peer-id.ts';
import { createPeerHost } from '../../../lib/transport/webrtc.ts';
import { toHex } from '../../../lib/wire/bytes.ts';
import { unwrap } from '../../../lib/wire/failure.ts';

const incoming: { channel: Channel; from: string }[] = [];
const dialled: Channel[] = [];
let host: PeerHost;

async function open(relayHttpUrl: string, onChannel: (channel: Channel, from: string) => void) {
  const opened = unwrap(
    await createPeerHost({
      relayHttpUrl,
      signal: new AbortController().signal,
      onChannel: (channel, from) => Promise.resolve(onChannel(channel, from)),
    }),
  );
  await until(() => opened.state === 'open');
  return opened;
}

/** Two hosts in this page; a fresh connection for every pair. */
async function contractPairs(relayHttpUrl: string): Promise<() => Promise<[Channel, Channel]>> {
  const arrived: Channel[] = [];
  const a = await open(relayHttpUrl, () => {});
  const b = await open(relayHttpUrl, (channel) => arrived.push(channel));
  return async () => {
    const dialledEnd = unwrap(await a.dial(b.peerId, new AbortController().signal));
    await until(() => arrived.length > 0);
    const other = arrived.shift();
    if (!other) throw new Error('expected the other end');
    return [dialledEnd, other];
  };
}

let makePair: Promise<() => Promise<[Channel, Channel]>> | undefined;

const tools = {
  runCase: async (relayHttpUrl: string, name: string) => {
    makePair ??= contractPairs(relayHttpUrl);
    await channelCases.find((one) => one.name === name)?.run(await makePair);
  },
  start: async (relayHttpUrl: string, admit: 'all' | 'nobody') => {
    const opened = await createPeerHost({
      relayHttpUrl,
      signal: new AbortController().signal,
      onChannel: (channel, from) => {
        incoming.push({ channel, from });
        return admit === 'all' ? Promise.resolve() : new Promise(() => {});
      },
    });
    host = unwrap(opened);
    return host.peerId;
  },
  state: () => host.state,
  stop: () => host.close(),
  dial: async (peerId: string, abortAfterMs?: number) => {
    const signal =
      abortAfterMs === undefined ? new AbortController().signal : AbortSignal.timeout(abortAfterMs);
    const beganAtMs = performance.now();
    const result = await host.dial(peerId, signal);
    if (result.ok) dialled.push(result.value);
    return {
      code: result.ok ? 'open' : result.failure.code,
      tookMs: performance.now() - beganAtMs,
    };
  },
  incoming: () => incoming.map(({ channel, from }) => ({ from, binding: toHex(channel.binding) })),
  bindings: () => dialled.map((channel) => toHex(channel.binding)),
  closed: async (which: 'incoming' | 'dialled', index: number) => {
    const channel = which === 'incoming' ? incoming[index]?.channel : dialled[index];
    return (await channel?.closed) ?? 'none';
  },
  close: (index: number) => dialled.at(index)?.close(),
  echo: () => {
    const channel = incoming.at(-1)?.channel;
    channel?.receive(async (message) => void (await channel.send(message)));
  },
  sink: () => {
    const channel = incoming.at(-1)?.channel;
    channel?.receive(() => {});
  },
  /** Connects as a hostile PeerJS client and sends these frames as they are. */
  attack: async (relayHttpUrl: string, peerId: string, frames: (string | number[])[]) => {
    const { hostname, port } = new URL(relayHttpUrl);
    const { peerId: ownId, token } = await createPeerIdentity();
    const peer = new Peer(ownId, { host: hostname, port: Number(port), secure: false, token });
    await new Promise<void>((resolve) => peer.once('open', () => resolve()));
    const connection = peer.connect(peerId, { serialization: 'raw', reliable: true });
    await new Promise<void>((resolve) => connection.once('open', () => resolve()));
    for (const frame of frames) {
      if (typeof frame === 'string') connection.dataChannel.send(frame);
      else connection.dataChannel.send(Uint8Array.from(frame));
    }
  },
  /** Sends one message and gives the next that comes. */
  exchange: async (message: number[]) => {
    const channel = dialled.at(-1);
    const answer = new Promise<Uint8Array>((resolve) => channel?.receive(resolve));
    await channel?.send(Uint8Array.from(message));
    return [...(await within(answer))];
  },
  /** Messages of 1 MiB to an echoing end that came back unharmed. */
  echoed: async (count: number, index = -1) => {
    const channel = dialled.at(index);
    let good = 0;
    channel?.receive((message) => {
      good += message.every((byte, i) => byte === whole[i]) ? 1 : 0;
    });
    const whole = pattern(1024 * 1024, 3);
    for (let i = 0; i < count; i++) await channel?.send(whole);
    await until(() => good === count);
    return good;
  },
  /** Median round trip of small messages, in milliseconds. */
  roundTripMs: async (times: number) => {
    const channel = dialled.at(-1);
    if (!channel) throw new Error('not dialled');
    const tookMs: number[] = [];
    let back: (() => void) | undefined;
    channel.receive(() => back?.());
    for (let i = 0; i < times; i++) {
      const beganAtMs = performance.now();
      const answered = new Promise<void>((resolve) => (back = resolve));
      await channel.send(pattern(200, i));
      await answered;
      tookMs.push(performance.now() - beganAtMs);
    }
    return tookMs.toSorted((x, y) => x - y)[times >> 1] ?? 0;
  },
  /** Megabytes a second of one-way sending. */
  throughput: async (count: number, bytes: number) => {
    const channel = dialled.at(-1);
    if (!channel) throw new Error('not dialled');
    const message = pattern(bytes, 1);
    const beganAtMs = performance.now();
    for (let i = 0; i < count; i++) unwrap(await channel.send(message));
    return (count * bytes) / 1000 / (performance.now() - beganAtMs);
  },
};

export type PageTools = typeof tools;
Object.assign(globalThis, { tools });
