// The service worker of the test extension: what the tests ask a node to do, each a global function.
import { pattern, within } from '../../../contracts/channel-checks.ts';
import type { Backstage } from '../../../../lib/transport/backstage.ts';
import type { Channel } from '../../../../lib/transport/channel.ts';
import { chromeOffscreenDocument } from '../../../../lib/transport/offscreen-document.ts';
import {
  createOffscreenDoor,
  type MessageSource,
} from '../../../../lib/transport/offscreen-link.ts';
import type { PeerHost } from '../../../../lib/transport/peer-host.ts';
import { toHex } from '../../../../lib/wire/bytes.ts';
import { unwrap } from '../../../../lib/wire/failure.ts';

const source: MessageSource = globalThis;
const door = createOffscreenDoor(source, chromeOffscreenDocument('offscreen.html'));
const incoming: Channel[] = [];
const dialled: Channel[] = [];
const errors: string[] = [];
let backstage: Backstage;
let isLost = false;
let host: PeerHost;
let port: MessagePort;

function reply(): Promise<{ born: string; count: number; echo: unknown }> {
  return within(
    new Promise((resolve) => {
      port.addEventListener('message', ({ data }) => resolve(data), { once: true });
    }),
  );
}

const tools = {
  connect: async () => {
    const beganAtMs = performance.now();
    backstage = unwrap(await door.connect({ signal: new AbortController().signal }));
    isLost = false;
    void backstage.lost.then(() => (isLost = true));
    backstage.onWorkerError((message) => errors.push(message));
    return performance.now() - beganAtMs;
  },
  isLost: () => isLost,
  closeBackstage: () => backstage.close(),
  errors: () => errors,
  startWorker: () => {
    port = backstage.startDocumentWorker();
    port.start();
  },
  ask: (text: string) => {
    const replied = reply();
    port.postMessage(text);
    return replied;
  },
  say: (text: string) => port.postMessage(text),
  /** Median round trip to the document worker, in milliseconds. */
  workerRoundTripMs: async (times: number, bytes: number) => {
    const tookMs: number[] = [];
    for (let i = 0; i < times; i++) {
      const beganAtMs = performance.now();
      const replied = reply();
      const message = pattern(bytes, i);
      port.postMessage(message, [message.buffer]);
      await replied;
      tookMs.push(performance.now() - beganAtMs);
    }
    return tookMs.toSorted((x, y) => x - y)[times >> 1] ?? 0;
  },
  openHost: async (relayHttpUrl: string) => {
    host = unwrap(
      await backstage.openPeerHost({
        relayHttpUrl,
        signal: new AbortController().signal,
        onChannel: (channel) => {
          incoming.push(channel);
          return Promise.resolve();
        },
      }),
    );
    return host.peerId;
  },
  hostState: () => host.state,
  closeHost: () => host.close(),
  dial: async (peerId: string) => {
    const result = await host.dial(peerId, AbortSignal.timeout(12_000));
    if (result.ok) dialled.push(result.value);
    return result.ok ? toHex(result.value.binding) : result.failure.code;
  },
  incoming: () => incoming.map((channel) => toHex(channel.binding)),
  echo: () => {
    const channel = incoming.at(-1);
    channel?.receive(async (message) => void (await channel.send(message)));
  },
  closeDialled: () => dialled.at(-1)?.close(),
  dialledClosed: () => within(dialled.at(-1)?.closed ?? Promise.resolve('none')),
  incomingClosed: () => within(incoming.at(-1)?.closed ?? Promise.resolve('none')),
  /** Sends messages to an echoing end and counts what comes back unharmed. */
  roundTrips: async (count: number, bytes: number) => {
    const channel = dialled.at(-1);
    if (!channel) throw new Error('not dialled');
    const beganAtMs = performance.now();
    let good = 0;
    let seen = 0;
    const all = Promise.withResolvers<void>();
    channel.receive((message) => {
      if (message.length === bytes && message[5] === pattern(6, seen)[5]) good += 1;
      seen += 1;
      if (seen === count) all.resolve();
    });
    for (let i = 0; i < count; i++) unwrap(await channel.send(pattern(bytes, i)));
    await within(all.promise);
    return { good, tookMs: performance.now() - beganAtMs };
  },
};

export type NodeTools = typeof tools;
Object.assign(globalThis, { tools });
