// A peer host in one context, used from another: `servePeerHost` beside the real one, `connectPeerHost` where
// the node is. Each dial and each incoming channel has a MessagePort of its own. One build, so typed, not parsed.
import { fail, ok, type Failure, type Result } from '../wire/failure.ts';
import type { Backstage } from './backstage.ts';
import type { Channel } from './channel.ts';
import { createStateCell } from './peer-host-state.ts';
import type { PeerHost, PeerHostOptions, PeerHostState } from './peer-host.ts';
import { joinChannels, portChannel } from './port-channel.ts';

/** The part of the options that can cross; `onChannel` and `signal` stay with the node. */
export type PeerHostOrder = Pick<PeerHostOptions, 'relayHttpUrl' | 'iceServers'>;

type ToHost =
  | { readonly kind: 'dial'; readonly peerId: string }
  | { readonly kind: 'admitted'; readonly stranger: number }
  | { readonly kind: 'close' };

type FromHost =
  | { readonly kind: 'opened'; readonly peerId: string; readonly state: PeerHostState }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'state'; readonly state: PeerHostState }
  | {
      readonly kind: 'incoming';
      readonly stranger: number;
      readonly remotePeerId: string;
      readonly binding: Uint8Array;
    };

/** What the host says on the port of a dial, before the port becomes the channel. */
type DialOutcome =
  | { readonly kind: 'open'; readonly binding: Uint8Array }
  | { readonly kind: 'failed'; readonly failure: Failure };

type DialCancel = { readonly kind: 'cancel' };

const OPEN_DEADLINE_MS = 5000;

/** Runs a host for the other end of `port` until that end closes it or `gone` aborts. */
export async function servePeerHost(
  backstage: Pick<Backstage, 'openPeerHost'>,
  order: PeerHostOrder,
  port: MessagePort,
  gone: AbortSignal,
): Promise<void> {
  const tell = (message: FromHost, transfer: Transferable[] = []) =>
    port.postMessage(message, transfer);
  const admissions = createAdmissions(tell, gone);
  const opened = await backstage.openPeerHost({
    ...order,
    signal: gone,
    onChannel: (channel, remotePeerId) => admissions.announce(channel, remotePeerId),
  });
  if (!opened.ok) return tell({ kind: 'failed', failure: opened.failure });
  const host = opened.value;
  port.addEventListener('message', ({ data, ports: [dialPort] }: MessageEvent<ToHost>) => {
    if (data.kind === 'admitted') admissions.admitted(data.stranger);
    else if (data.kind === 'close') host.close();
    else if (dialPort) void serveDial(host, data.peerId, dialPort, gone);
  });
  port.start();
  host.onState((state) => tell({ kind: 'state', state }));
  tell({ kind: 'opened', peerId: host.peerId, state: host.state });
}

function createAdmissions(
  tell: (message: FromHost, transfer: Transferable[]) => void,
  gone: AbortSignal,
) {
  const waiting = new Map<number, () => void>();
  let strangers = 0;
  return {
    async announce(channel: Channel, remotePeerId: string): Promise<void> {
      const { port1, port2 } = new MessageChannel();
      const stranger = ++strangers;
      tell({ kind: 'incoming', stranger, remotePeerId, binding: channel.binding }, [port2]);
      joinChannels(channel, portChannel(port1, channel.binding, gone));
      await new Promise<void>((resolve) => {
        waiting.set(stranger, resolve);
        void channel.closed.then(() => resolve());
      });
      waiting.delete(stranger);
    },
    admitted: (stranger: number) => waiting.get(stranger)?.(),
  };
}

async function serveDial(
  host: PeerHost,
  peerId: string,
  port: MessagePort,
  gone: AbortSignal,
): Promise<void> {
  const cancelled = new AbortController();
  const onCancel = ({ data }: MessageEvent<DialCancel | { kind: string }>) => {
    if (data.kind === 'cancel') cancelled.abort();
  };
  port.addEventListener('message', onCancel);
  port.start();
  const dialled = await host.dial(peerId, AbortSignal.any([cancelled.signal, gone]));
  port.removeEventListener('message', onCancel);
  const outcome: DialOutcome = dialled.ok
    ? { kind: 'open', binding: dialled.value.binding }
    : { kind: 'failed', failure: dialled.failure };
  port.postMessage(outcome);
  if (!dialled.ok) return;
  // A cancel that crossed with the outcome: the other end will not use the channel.
  if (cancelled.signal.aborted) dialled.value.close();
  else joinChannels(dialled.value, portChannel(port, dialled.value.binding, gone));
}

/**
 * The node's side. Settles when the host has been made, before its signalling is open. `gone` aborts when the
 * context of the host has ended.
 */
export async function connectPeerHost(
  port: MessagePort,
  { onChannel, signal }: PeerHostOptions,
  gone: AbortSignal,
): Promise<Result<PeerHost>> {
  const opened = Promise.withResolvers<Result<PeerHost>>();
  const state = createStateCell();
  const tell = (message: ToHost, transfer: Transferable[] = []) =>
    port.postMessage(message, transfer);
  const close = () => {
    state.set('offline');
    tell({ kind: 'close' });
  };

  async function admit(stranger: number, channel: Channel, remotePeerId: string) {
    try {
      await onChannel(channel, remotePeerId);
      tell({ kind: 'admitted', stranger });
    } catch (error) {
      reportError(error);
      channel.close('error');
    }
  }

  port.addEventListener('message', ({ data, ports: [channelPort] }: MessageEvent<FromHost>) => {
    if (data.kind === 'failed') opened.resolve({ ok: false, failure: data.failure });
    else if (data.kind !== 'incoming') {
      state.set(data.state);
      if (data.kind === 'opened') opened.resolve(ok(proxy(data.peerId)));
    } else if (channelPort) {
      void admit(data.stranger, portChannel(channelPort, data.binding, gone), data.remotePeerId);
    }
  });
  port.start();
  gone.addEventListener('abort', () => {
    state.set('offline');
    opened.resolve(GONE);
  });
  signal.addEventListener('abort', close, { once: true });

  function proxy(peerId: string): PeerHost {
    return {
      peerId,
      get state() {
        return state.get();
      },
      onState: (listener) => state.observe(listener),
      dial(remotePeerId, dialSignal) {
        const { port1, port2 } = new MessageChannel();
        tell({ kind: 'dial', peerId: remotePeerId }, [port2]);
        return dialOutcome(port1, dialSignal, gone);
      },
      close,
    };
  }

  const timer = setTimeout(() => opened.resolve(GONE), OPEN_DEADLINE_MS);
  const result = await opened.promise;
  clearTimeout(timer);
  return result;
}

/** The host keeps the deadline of a dial; here it only ends early when cancelled or when the host is gone. */
function dialOutcome(
  port: MessagePort,
  signal: AbortSignal,
  gone: AbortSignal,
): Promise<Result<Channel>> {
  return new Promise((resolve) => {
    const done = new AbortController();
    const settle = (result: Result<Channel>) => {
      done.abort();
      resolve(result);
    };
    const cancel = () => {
      port.postMessage({ kind: 'cancel' } satisfies DialCancel);
      settle(CANCELLED);
    };
    const once = { signal: done.signal };
    const onMessage = ({ data }: MessageEvent<DialOutcome>) =>
      settle(
        data.kind === 'open'
          ? ok(portChannel(port, data.binding, gone))
          : { ok: false, failure: data.failure },
      );
    port.addEventListener('message', onMessage, once);
    signal.addEventListener('abort', cancel, once);
    gone.addEventListener('abort', () => settle(GONE), once);
    port.start();
    if (gone.aborted) settle(GONE);
    else if (signal.aborted) cancel();
  });
}

const GONE = fail(
  'unavailable',
  'The part of the extension that holds direct connections has stopped.',
  'It starts again by itself; try again in a moment.',
);
const CANCELLED = fail('cancelled', 'Connecting was cancelled.', 'Connect again if it is needed.');
