// The line to the relay's PeerJS-compatible signalling: opens it, guards it, and opens it again when it breaks.
import { Peer, type DataConnection } from 'peerjs';
import type { PeerHostState } from './peer-host.ts';
import type { PeerIdentity } from './peer-id.ts';
import { createSignallingGuard, type GuardPorts } from './signalling-guard.ts';

const BACKOFF_MS = { first: 500, most: 30_000 };

export interface SignallingOptions {
  readonly relayHttpUrl: URL;
  readonly identity: PeerIdentity;
  readonly iceServers: readonly RTCIceServer[];
  readonly mayEnter: GuardPorts['mayEnter'];
  readonly onAbsent: GuardPorts['onAbsent'];
  readonly onIncoming: (connection: DataConnection) => void;
  readonly onState: (state: PeerHostState) => void;
}

export interface Signalling {
  /** Begins a connection; null when there is no line. */
  connect(peerId: string): DataConnection | null;
  close(): void;
}

export function createSignalling(options: SignallingOptions): Signalling {
  let attempts = 0;
  let isClosed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let peer = open();

  function open(): Peer {
    const opened = new Peer(options.identity.peerId, peerOptions(options));
    guard(opened, options);
    opened.on('open', () => {
      attempts = 0;
      options.onState('open');
    });
    opened.on('connection', options.onIncoming);
    opened.on('disconnected', scheduleRetry);
    opened.on('close', scheduleRetry);
    return opened;
  }

  function scheduleRetry(): void {
    if (isClosed || retry !== undefined) return;
    options.onState('offline');
    const delayMs = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** attempts++);
    // Jitter, so that everyone does not come back to a restarted relay in the same instant.
    retry = setTimeout(reopen, delayMs * (0.5 + Math.random() / 2));
  }

  function reopen(): void {
    clearTimeout(retry);
    retry = undefined;
    options.onState('connecting');
    if (peer.destroyed) peer = open();
    else peer.reconnect();
  }

  function onOnline(): void {
    if (retry !== undefined) reopen();
  }

  addEventListener('online', onOnline);
  return {
    connect: (peerId) =>
      peer.open ? peer.connect(peerId, { serialization: 'raw', reliable: true }) : null,
    close() {
      isClosed = true;
      clearTimeout(retry);
      removeEventListener('online', onOnline);
      // Not `destroy`, which would cut the connections before they are flushed.
      peer.disconnect();
    },
  };
}

/** Such that PeerJS opens `ws(s)://<relay>/peerjs?key=peerjs&id=…&token=…`. */
function peerOptions({ relayHttpUrl, identity, iceServers }: SignallingOptions) {
  const secure = relayHttpUrl.protocol === 'https:';
  return {
    host: relayHttpUrl.hostname,
    port: Number(relayHttpUrl.port) || (secure ? 443 : 80),
    path: relayHttpUrl.pathname,
    secure,
    key: 'peerjs',
    token: identity.token,
    debug: 0,
    config: { iceServers: [...iceServers] },
  };
}

/** Puts the guard between the socket and PeerJS, by taking the place of PeerJS's one listener. */
function guard(peer: Peer, { mayEnter, onAbsent }: SignallingOptions): void {
  const listeners = peer.socket.listeners('message');
  const admit = createSignallingGuard({
    isKnown: (peerId, connectionId) => peer.getConnection(peerId, connectionId) !== null,
    mayEnter,
    onAbsent,
  });
  peer.socket.removeAllListeners('message');
  peer.socket.on('message', (raw: unknown) => {
    const message = admit(raw);
    if (message) for (const listener of listeners) listener(message);
  });
}
