// One relay: signalling, sealed store-and-forward and a few pages, on one port, over one database.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createControlLogs, type ControlLogs } from '../lib/group/control-logs.ts';
import { createReplica } from '../lib/log/replica.ts';
import { answerRequests } from './http.ts';
import { DEFAULT_LIMITS, type RelayLimits } from './limits.ts';
import { createMetrics, type Gauge, type Metrics } from './metrics.ts';
import { openRelayStore, type RelayStore } from './relay-store.ts';
import { createSignalling } from './signalling.ts';
import { startSweeping } from './sweep.ts';
import { createSyncEndpoint } from './sync-endpoint.ts';
import { createUpgrades, type Upgrades } from './upgrades.ts';

export interface RelayOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** The folder of the database; made when it is not there. */
  readonly dataDir: string;
  readonly limits?: Partial<RelayLimits>;
  /** Web origins that may use it besides extensions, as browsers send them. */
  readonly allowedOrigins?: readonly string[];
  /** Take clients' addresses from `X-Forwarded-For`. Only behind a proxy that sets it. */
  readonly isBehindProxy?: boolean;
  readonly now?: () => number;
}

export interface Relay {
  /** `ws://HOST:PORT` */
  readonly url: string;
  /** `http://HOST:PORT` */
  readonly http: string;
  readonly metrics: Metrics;
  /** Forgets spaces past their time now. */
  sweep(): Promise<void>;
  /** Takes nobody in, closes every connection, then the database. Idempotent; takes 2 s at most. */
  close(): Promise<void>;
}

const DRAIN_MS = 1500;

/** Throws when the folder or the port cannot be used. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const limits: RelayLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const store = await openRelayStore(options.dataDir, limits, options.now);
  const controlLogs = controlLogsOf(store);
  const replica = createReplica(store.entries, controlLogs.check);
  const metrics = createMetrics();
  const unsubscribe = replica.subscribe((_, stored) =>
    metrics.count('entries_accepted', stored.length),
  );
  const sync = createSyncEndpoint({ store, replica, controlLogs, limits, metrics });
  const signalling = createSignalling({ limits, metrics });
  const upgrades = createUpgrades({
    sync,
    signalling,
    limits,
    metrics,
    allowedOrigins: options.allowedOrigins ?? [],
    isBehindProxy: options.isBehindProxy ?? false,
  });
  const server = createHttpServer({ store, metrics, upgrades, limits });
  const sweeping = startSweeping({ store, replica, limits, openSpaces: () => sync.openSpaces() });

  async function stop(): Promise<void> {
    upgrades.stop();
    sweeping.stop();
    server.close();
    server.closeIdleConnections();
    signalling.drain();
    await sync.drain(DRAIN_MS);
    upgrades.terminate();
    server.closeAllConnections();
    unsubscribe();
    // Work still under way finds the store closed and stores nothing; nothing of it was acknowledged.
    store.close();
  }

  let closing: Promise<void> | undefined;
  try {
    const address = await listen(server, options.port, options.host);
    return {
      url: `ws://${address}`,
      http: `http://${address}`,
      metrics,
      sweep: () => sweeping.sweep(),
      close: () => (closing ??= stop()),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function controlLogsOf({ entries, spaces }: RelayStore): ControlLogs {
  return createControlLogs({
    store: entries,
    genesisOf: async (space) => spaces.genesis(space),
  });
}

function createHttpServer(parts: {
  readonly store: RelayStore;
  readonly metrics: Metrics;
  readonly upgrades: Upgrades;
  readonly limits: RelayLimits;
}): Server {
  const { store, metrics, upgrades, limits } = parts;
  const gauges: readonly Gauge[] = [
    { name: 'connections', help: 'Sockets open now.', read: () => upgrades.size },
    { name: 'spaces', help: 'Spaces known.', read: () => store.tally.spaces },
    { name: 'entries', help: 'Entries stored.', read: () => store.tally.entries },
    { name: 'stored_bytes', help: 'Bytes of entries stored.', read: () => store.tally.bytes },
    { name: 'blob_bytes', help: 'Bytes of blobs announced.', read: () => store.blobs.totalBytes() },
  ];
  const facts = {
    health: () => ({ ok: true, connections: upgrades.size, uptimeS: Math.round(process.uptime()) }),
    metrics: () => metrics.text(gauges),
  };
  const server = createServer(
    {
      maxHeaderSize: 8 * 1024,
      headersTimeout: limits.requestSeconds * 1000,
      requestTimeout: limits.requestSeconds * 1000,
      keepAliveTimeout: 5000,
      connectionsCheckingInterval: 1000,
    },
    answerRequests(facts),
  );
  server.maxHeadersCount = 64;
  server.maxConnections = limits.maxConnections + 500;
  server.on('upgrade', (request, socket, head) => upgrades.handle(request, socket, head));
  return server;
}

async function listen(server: Server, port: number, host: string): Promise<string> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP port');
  const name = host.includes(':') ? `[${host}]` : host;
  return `${name}:${address.port}`;
}
