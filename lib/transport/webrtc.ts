// Direct connections to other nodes over WebRTC, introduced by a relay through PeerJS in raw mode.
// Runs where RTCPeerConnection is: Chrome's offscreen document, Firefox's event page, a page in tests.
import type { DataConnection } from 'peerjs';
import { fail, ok, type Result } from '../wire/failure.ts';
import type { Channel } from './channel.ts';
import { bindingOf } from './fingerprints.ts';
import type { Flow } from './flow.ts';
import { createStateCell } from './peer-host-state.ts';
import {
  ADMISSION_DEADLINE_MS,
  MAX_PEERS,
  MAX_STRANGERS,
  type PeerHost,
  type PeerHostOptions,
} from './peer-host.ts';
import { createPeerIdentity, isPeerId } from './peer-id.ts';
import { rtcFlow } from './rtc-channel.ts';
import { createSignalling, type Signalling } from './signalling.ts';

const OPEN_DEADLINE_MS = 10_000;
const ANSWER_SHOWN_MS = 2000;
/** A connection that ICE calls disconnected may come back by itself; not after this long. */
const LOST_AFTER_MS = 8000;

/** Fails with `bad_arguments` when the address is not http(s). The host is returned before signalling is open. */
export async function createPeerHost(options: PeerHostOptions): Promise<Result<PeerHost>> {
  const relayHttpUrl = URL.parse(options.relayHttpUrl);
  if (!relayHttpUrl || !/^https?:$/.test(relayHttpUrl.protocol)) return BAD_ADDRESS;
  const identity = await createPeerIdentity();
  const state = createStateCell();
  const connections = createConnections(options);
  const signalling = createSignalling({
    relayHttpUrl,
    identity,
    iceServers: options.iceServers ?? [],
    mayEnter: () => connections.mayEnter(),
    onAbsent: (peerId) => connections.absent(peerId),
    onIncoming: (connection) => void connections.accept(connection),
    onState: (next) => state.set(next),
  });
  const host: PeerHost = {
    peerId: identity.peerId,
    get state() {
      return state.get();
    },
    onState: (listener) => state.observe(listener),
    dial: (peerId, signal) => connections.dial(signalling, peerId, signal),
    close() {
      connections.closeAll();
      signalling.close();
      state.set('offline');
    },
  };
  if (options.signal.aborted) host.close();
  options.signal.addEventListener('abort', () => host.close(), { once: true });
  return ok(host);
}

/** The connections of one host: who is being dialled, who came in, who is still a stranger. */
function createConnections({ onChannel }: Pick<PeerHostOptions, 'onChannel'>) {
  /** With its channel once it is open. */
  const held = new Map<DataConnection, Channel | null>();
  const strangers = new Set<DataConnection>();
  const dials = new Map<DataConnection, (outcome: Result<never>) => void>();

  function release(connection: DataConnection): void {
    held.delete(connection);
    strangers.delete(connection);
    connection.close();
  }

  /** Opens within the deadline or is released. */
  async function open(connection: DataConnection, early: Promise<Result<never>>) {
    held.set(connection, null);
    const opened = await Promise.race([openFlow(connection, () => release(connection)), early]);
    if (!opened.ok) release(connection);
    else if (held.has(connection)) held.set(connection, opened.value);
    return opened;
  }

  return {
    mayEnter: () => held.size < MAX_PEERS && strangers.size < MAX_STRANGERS,
    absent(peerId: string): void {
      for (const [connection, settle] of dials) if (connection.peer === peerId) settle(NOT_FOUND);
    },
    async dial(line: Signalling, peerId: string, signal: AbortSignal): Promise<Result<Channel>> {
      if (!isPeerId(peerId)) return BAD_PEER_ID;
      if (signal.aborted) return CANCELLED;
      if (held.size >= MAX_PEERS) return TOO_MANY;
      const connection = line.connect(peerId);
      if (!connection) return OFFLINE;
      const early = Promise.withResolvers<Result<never>>();
      const cancel = () => early.resolve(CANCELLED);
      signal.addEventListener('abort', cancel, { once: true });
      dials.set(connection, early.resolve);
      const opened = await open(connection, early.promise);
      dials.delete(connection);
      signal.removeEventListener('abort', cancel);
      return opened;
    },
    async accept(connection: DataConnection): Promise<void> {
      strangers.add(connection);
      const opened = await open(connection, new Promise(() => {}));
      if (!opened.ok) return;
      const channel = opened.value;
      const timer = setTimeout(() => channel.close('timeout'), ADMISSION_DEADLINE_MS);
      try {
        await onChannel(channel, connection.peer);
      } catch (error) {
        reportError(error);
        channel.close('error');
      } finally {
        clearTimeout(timer);
        strangers.delete(connection);
      }
    },
    closeAll(): void {
      for (const settle of dials.values()) settle(CANCELLED);
      for (const [connection, channel] of held) {
        if (channel) channel.close();
        else release(connection);
      }
    },
  };
}

/** Waits for the data channel to open. `release` is called when the channel is closed, whoever closes it. */
async function openFlow(connection: DataConnection, release: () => void): Promise<Result<Channel>> {
  const settled = Promise.withResolvers<Result<Flow>>();
  const binding = new Uint8Array(32);
  const timer = setTimeout(() => settled.resolve(TIMEOUT), OPEN_DEADLINE_MS);
  connection.once('open', () => {
    const { dataChannel } = connection;
    settled.resolve(ok(rtcFlow({ dataChannel, cut: release }, binding)));
    // A second data channel on one connection is nothing that our own node ever opens.
    connection.once('open', release);
  });
  connection.once('error', () => settled.resolve(NO_WAY));
  connection.once('close', () => settled.resolve(NO_WAY));
  const flow = await settled.promise;
  clearTimeout(timer);
  if (!flow.ok) return flow;
  const bound = await bindingOfConnection(connection);
  if (!bound.ok) return bound;
  binding.set(bound.value);
  watch(connection, flow.value, release);
  return ok(flow.value.channel);
}

async function bindingOfConnection({
  peerConnection,
}: DataConnection): Promise<Result<Uint8Array>> {
  // PeerJS lets go of the peer connection when it closes, whatever its types say.
  const pc: RTCPeerConnection | null = peerConnection;
  if (pc && pc.signalingState !== 'stable') await nextSignalingState(pc);
  return bindingOf(pc?.localDescription?.sdp ?? '', pc?.remoteDescription?.sdp ?? '');
}

/** A data channel may open a moment before the browser shows the answer that it was opened by. */
function nextSignalingState(pc: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ANSWER_SHOWN_MS);
    const settle = () => {
      clearTimeout(timer);
      resolve();
    };
    pc.addEventListener('signalingstatechange', settle, { once: true });
  });
}

function watch(connection: DataConnection, flow: Flow, release: () => void): void {
  let lost: ReturnType<typeof setTimeout> | undefined;
  connection.on('error', () => flow.ended('error'));
  connection.on('close', () => {
    clearTimeout(lost);
    flow.ended('remote');
    release();
  });
  connection.on('iceStateChanged', (state) => {
    clearTimeout(lost);
    if (state === 'disconnected')
      lost = setTimeout(() => flow.channel.close('timeout'), LOST_AFTER_MS);
  });
}

const BAD_ADDRESS = fail(
  'bad_arguments',
  'The relay’s address is not an http address.',
  'Give an address like https://relay.example.org.',
);
const BAD_PEER_ID = fail(
  'bad_arguments',
  'That is no peer id.',
  'Use the 40 hex digits that the other node announced.',
);
const OFFLINE = fail(
  'offline',
  'The relay that introduces nodes to each other cannot be reached.',
  'Go on working; nodes connect when it is back.',
);
const NOT_FOUND = fail(
  'not_found',
  'The relay knows no such node just now.',
  'Wait until the other node announces itself again.',
);
const TOO_MANY = fail(
  'unavailable',
  `${MAX_PEERS} nodes are connected already.`,
  'Close a connection first.',
);
const NO_WAY = fail(
  'unavailable',
  'No direct way to the other node was found.',
  'Sync through the relay instead.',
);
const TIMEOUT = fail(
  'timeout',
  'The other node did not answer in time.',
  'Sync through the relay, and try again later.',
);
const CANCELLED = fail('cancelled', 'Connecting was cancelled.', 'Connect again if it is needed.');
