// From an HTTP request to a socket: who may have one, how many, and which endpoint gets it.
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { MAX_SOCKET_MESSAGE_BYTES } from '../lib/transport/relay-wire.ts';
import { fail, type Failed } from '../lib/wire/failure.ts';
import type { RelayLimits } from './limits.ts';
import type { Metrics, Refusal } from './metrics.ts';
import { isOriginWelcome } from './origin.ts';
import { MAX_SIGNAL_BYTES } from './signal-message.ts';
import type { Signalling } from './signalling.ts';
import type { SyncEndpoint } from './sync-endpoint.ts';
import { addressOf, createVisitors, type Visitor } from './visitors.ts';

export interface UpgradeOptions {
  readonly sync: SyncEndpoint;
  readonly signalling: Signalling;
  readonly limits: RelayLimits;
  readonly metrics: Metrics;
  readonly allowedOrigins: readonly string[];
  readonly isBehindProxy: boolean;
}

export interface Upgrades {
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Sockets that are open now. */
  readonly size: number;
  /** Refuses newcomers from now on. */
  stop(): void;
  /** Ends what is still open without asking. */
  terminate(): void;
}

export function createUpgrades(options: UpgradeOptions): Upgrades {
  const { limits, metrics } = options;
  const visitors = createVisitors(limits);
  const open = new Set<WebSocket>();
  const forSync = createAcceptor(MAX_SOCKET_MESSAGE_BYTES);
  const forSignals = createAcceptor(MAX_SIGNAL_BYTES);
  let isStopped = false;

  function turnAway(request: IncomingMessage): Refused | null {
    if (isStopped) return { status: 503, why: 'unavailable', failure: STOPPING };
    if (!isOriginWelcome(request.headers.origin, options.allowedOrigins)) {
      return { status: 403, why: 'forbidden_origin', failure: FOREIGN_PAGE };
    }
    return open.size < limits.maxConnections
      ? null
      : { status: 503, why: 'rate_limited', failure: CROWDED };
  }

  function keep(socket: WebSocket, visitor: Visitor): void {
    open.add(socket);
    // What broke shows as the close that follows.
    socket.on('error', () => {});
    socket.on('close', () => {
      open.delete(socket);
      visitor.leave();
    });
  }

  return {
    handle(request, socket, head) {
      socket.on('error', () => socket.destroy());
      const url = URL.parse(request.url ?? '', 'http://relay');
      const endpoint = url && ENDPOINTS.get(url.pathname);
      if (!endpoint) return refuse(socket, { status: 404, why: 'not_found', failure: NOT_FOUND });
      const refused = turnAway(request);
      const visitor = refused ? null : visitors.enter(addressOf(request, options.isBehindProxy));
      if (visitor === null) {
        const answer = refused ?? { status: 429, why: 'rate_limited', failure: TOO_MANY };
        metrics.refused(answer.why);
        return refuse(socket, answer);
      }
      let isKept = false;
      socket.on('close', () => {
        // A handshake that the acceptor itself refused.
        if (!isKept) visitor.leave();
      });
      const acceptor = endpoint === 'sync' ? forSync : forSignals;
      acceptor.handleUpgrade(request, socket, head, (ready) => {
        isKept = true;
        keep(ready, visitor);
        if (endpoint === 'sync') options.sync.accept(ready, visitor);
        else options.signalling.accept(ready, url.searchParams);
      });
    },
    get size() {
      return open.size;
    },
    stop() {
      isStopped = true;
    },
    terminate() {
      for (const socket of open) socket.terminate();
    },
  };
}

/** `/peerjs/peerjs` is where a PeerJS client goes whose `path` option is "/peerjs". */
const ENDPOINTS: ReadonlyMap<string, 'sync' | 'signalling'> = new Map([
  ['/sync', 'sync'],
  ['/peerjs', 'signalling'],
  ['/peerjs/peerjs', 'signalling'],
] as const);

interface Refused {
  readonly status: 403 | 404 | 429 | 503;
  readonly why: Refusal;
  readonly failure: Failed;
}

function createAcceptor(maxPayload: number): WebSocketServer {
  const options = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload,
    maxFragments: 64,
    // Since ws 8.19; its types do not know it yet, so the options are not checked as a literal.
    closeTimeout: 5000,
  };
  return new WebSocketServer(options);
}

function refuse(socket: Duplex, { status, failure }: Refused): void {
  const body = `${JSON.stringify(failure.failure)}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\n` +
      `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `${status === 429 || status === 503 ? 'retry-after: 30\r\n' : ''}\r\n${body}`,
    () => socket.destroy(),
  );
}

const STOPPING = fail('unavailable', 'The relay is shutting down.', 'Connect again in a moment.');

const FOREIGN_PAGE = fail(
  'permission_denied',
  'Web pages may not use this relay.',
  'Use it from the Commonplace extension, or ask its operator to allow this origin.',
);

const CROWDED = fail('rate_limited', 'The relay has no room for more connections.', 'Try later.');

const TOO_MANY = fail(
  'rate_limited',
  'Too many connections came from your network.',
  'Wait half a minute, then connect again.',
);

const NOT_FOUND = fail('not_found', 'No socket opens at this address.', 'Use /sync or /peerjs.');
