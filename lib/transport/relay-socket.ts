// Channels to a relay: `openRelayChannel` dials `<relay>/sync`, `acceptRelayChannel` is the relay's end of it.
import { fail, ok, type Result } from '../wire/failure.ts';
import type { Channel } from './channel.ts';
import { KEEPALIVE, socketChannel, type KeepaliveTimes, type RelaySocket } from './relay-wire.ts';

export interface OpenRelayOptions {
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  readonly times?: KeepaliveTimes;
}

/** `url` is the relay's base: ws(s) or http(s), with or without a path. Failures: `bad_arguments`, `offline`, `timeout`, `cancelled`. */
export async function openRelayChannel(
  url: string,
  { signal, deadlineMs, times = KEEPALIVE }: OpenRelayOptions,
): Promise<Result<Channel>> {
  const address = syncAddress(url);
  if (!address) return fail('bad_arguments', `“${url}” is no relay address.`, EXAMPLE);
  if (signal.aborted) return CANCELLED;
  const socket = new WebSocket(address);
  const outcome = await opened(socket, signal, deadlineMs);
  if (outcome.ok) return ok(socketChannel(socket, 'client', times));
  socket.close();
  return outcome;
}

/** The relay's end. `socket` is open and nobody has listened to it yet. */
export function acceptRelayChannel(
  socket: RelaySocket,
  times: KeepaliveTimes = KEEPALIVE,
): Channel {
  return socketChannel(socket, 'server', times);
}

function syncAddress(url: string): string | null {
  const base = URL.parse(url);
  if (!base || !/^(?:ws|http)s?:$/.test(base.protocol)) return null;
  base.protocol = base.protocol.replace('http', 'ws');
  base.pathname = `${base.pathname.replace(/\/+$/, '')}/sync`;
  base.hash = '';
  return base.href;
}

async function opened(
  socket: WebSocket,
  signal: AbortSignal,
  deadlineMs: number,
): Promise<Result<void>> {
  const settled = Promise.withResolvers<Result<void>>();
  const done = new AbortController();
  const once = { signal: done.signal };
  const timer = setTimeout(() => settled.resolve(TIMEOUT), deadlineMs);
  signal.addEventListener('abort', () => settled.resolve(CANCELLED), once);
  socket.addEventListener('open', () => settled.resolve(ok(undefined)), once);
  socket.addEventListener('error', () => settled.resolve(OFFLINE), once);
  socket.addEventListener('close', () => settled.resolve(OFFLINE), once);
  try {
    return await settled.promise;
  } finally {
    clearTimeout(timer);
    done.abort();
  }
}

const EXAMPLE = 'Give an address like wss://relay.example.org.';
const CANCELLED = fail('cancelled', 'Connecting to the relay was cancelled.', 'Connect again.');
const OFFLINE = fail(
  'offline',
  'The relay cannot be reached.',
  'Check the connection and the relay’s address; what is not sent is kept here.',
);
const TIMEOUT = fail('timeout', 'The relay did not answer in time.', 'Try again in a moment.');
