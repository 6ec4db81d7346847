// A channel over one WebSocket, the same at both ends. Each binary message begins with a kind byte:
// 0 a message, 1 credit (four bytes, big endian). An empty binary message is a keepalive; text is refused.
import { concatBytes } from '../wire/bytes.ts';
import { MAX_MESSAGE_BYTES, type Channel, type CloseReason } from './channel.ts';
import { createFlow, type Flow, type Wire } from './flow.ts';

/** The largest WebSocket message that a correct peer sends; a server should set its `maxPayload` to it. */
export const MAX_SOCKET_MESSAGE_BYTES = MAX_MESSAGE_BYTES + 1;

const KIND_MESSAGE = 0;
const KIND_CREDIT = 1;
const HIGH_WATER_BYTES = 1024 * 1024;
const DRAIN_POLL_MS = 10;

/** Close codes by reason (RFC 6455, section 7.4: 4000-4999 are for applications). */
const CLOSE_CODES = {
  local: 1000,
  remote: 1000,
  error: 4001,
  malformed: 4002,
  too_large: 4003,
  timeout: 4004,
} as const satisfies Record<CloseReason, number>;

/** What is needed of a WebSocket: the browser's, Node's and the `ws` package's all have it. */
export interface RelaySocket {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number }) => void): void;
}

/** The times of keepalive, one set for both ends. Tests shorten them. */
export interface KeepaliveTimes {
  readonly pingEveryMs: number;
  /** Silence after which the other side counts as dead. */
  readonly deadAfterMs: number;
}

export const KEEPALIVE: KeepaliveTimes = { pingEveryMs: 20_000, deadAfterMs: 45_000 };

/** Wraps an open socket. The `client` sends keepalives, the `server` answers them; both watch for silence. */
export function socketChannel(
  socket: RelaySocket,
  side: 'client' | 'server',
  times: KeepaliveTimes = KEEPALIVE,
): Channel {
  socket.binaryType = 'arraybuffer';
  const keepalive = createKeepalive(socket, side, times, () => flow.channel.close('timeout'));
  const flow = createFlow(socketWire(socket, keepalive.stop));
  socket.addEventListener('message', ({ data }) => {
    keepalive.heard();
    if (!(data instanceof ArrayBuffer)) return flow.channel.close('malformed');
    if (data.byteLength === 0) keepalive.answer();
    else take(new Uint8Array(data), flow);
  });
  socket.addEventListener('close', ({ code }) => {
    keepalive.stop();
    flow.ended(reasonOf(code));
  });
  return flow.channel;
}

function socketWire(socket: RelaySocket, onClose: () => void): Wire {
  return {
    kind: 'relay',
    binding: new Uint8Array(32),
    put(message) {
      socket.send(concatBytes(Uint8Array.of(KIND_MESSAGE), message));
      return socket.bufferedAmount > HIGH_WATER_BYTES ? drained(socket) : undefined;
    },
    credit(bytes) {
      const frame = new Uint8Array(5);
      frame[0] = KIND_CREDIT;
      new DataView(frame.buffer).setUint32(1, bytes);
      socket.send(frame);
    },
    close(reason) {
      onClose();
      socket.close(CLOSE_CODES[reason], reason);
    },
  };
}

function take(frame: Uint8Array, flow: Flow): void {
  if (frame[0] === KIND_MESSAGE) flow.arrived(frame.subarray(1));
  else if (frame[0] === KIND_CREDIT && frame.length === 5) {
    flow.credited(new DataView(frame.buffer, frame.byteOffset).getUint32(1));
  } else flow.channel.close('malformed');
}

/** WebSocket has no event for an emptied buffer, so it is polled; the flow's deadline bounds the wait. */
async function drained(socket: RelaySocket): Promise<void> {
  while (socket.readyState === 1 && socket.bufferedAmount > HIGH_WATER_BYTES / 2) {
    await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
  }
}

function createKeepalive(
  socket: RelaySocket,
  side: 'client' | 'server',
  { pingEveryMs, deadAfterMs }: KeepaliveTimes,
  onDead: () => void,
) {
  let heardAtMs = performance.now();
  let answeredAtMs = -Infinity;
  const timer = setInterval(() => {
    if (performance.now() - heardAtMs > deadAfterMs) onDead();
    else if (side === 'client') socket.send(new Uint8Array(0));
  }, pingEveryMs);
  return {
    heard() {
      heardAtMs = performance.now();
    },
    answer() {
      // Only the server answers, and not more often than an honest client asks.
      const isDue = performance.now() - answeredAtMs >= pingEveryMs / 4;
      if (side === 'client' || !isDue) return;
      answeredAtMs = performance.now();
      socket.send(new Uint8Array(0));
    },
    stop: () => clearInterval(timer),
  };
}

function reasonOf(code: number): CloseReason {
  // 1009 and 1007 are what a WebSocket implementation itself says of a message it refuses.
  if (code === CLOSE_CODES.too_large || code === 1009) return 'too_large';
  if (code === CLOSE_CODES.malformed || code === 1007) return 'malformed';
  if (code === CLOSE_CODES.timeout) return 'timeout';
  return code === 1000 || code === 1001 ? 'remote' : 'error';
}
