// `/peerjs`: introduces PeerJS 1.5 clients to each other. It speaks as PeerServer does, but an id must be proved by
// the token it is the hash of, so that nobody takes another's. It stores nothing and is trusted with nothing:
// nodes prove over the opened channel who they are.
import type { WebSocket } from 'ws';
import { peerIdOf } from '../lib/transport/peer-id.ts';
import { fromHex } from '../lib/wire/bytes.ts';
import { createLetterbox } from './letterbox.ts';
import type { RelayLimits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { parseSignal, signalQuery, type Letter, type Signal } from './signal-message.ts';
import { createTokenBucket } from './token-bucket.ts';
import { checkShape } from '../lib/wire/shape.ts';

export interface Signalling {
  accept(socket: WebSocket, query: URLSearchParams): void;
  drain(): void;
}

export interface SignallingOptions {
  readonly limits: RelayLimits;
  readonly metrics: Metrics;
  /** A client that sends no heartbeat for so long is taken for gone; PeerJS sends one every 5 s. */
  readonly aliveMs?: number;
}

/** Close code for a client that did not follow the rules (RFC 6455, section 7.4.1). */
const POLICY_VIOLATION = 1008;
const GOING_AWAY = 1001;
const ALIVE_MS = 60_000;

export function createSignalling(options: SignallingOptions): Signalling {
  const clients = new Map<string, WebSocket>();
  const letterbox = createLetterbox(
    (from, to) => send(clients.get(from), { type: 'EXPIRE', src: to, dst: from }),
    options.limits.letterSeconds * 1000,
  );

  function deliver(from: string, letter: Letter): void {
    const to = clients.get(letter.dst);
    if (to !== undefined) send(to, { ...letter, src: from });
    else if (!letterbox.keep(from, letter)) {
      send(clients.get(from), { type: 'EXPIRE', src: letter.dst, dst: from });
    }
  }

  function hear(id: string, socket: WebSocket, signal: Signal): void {
    switch (signal.type) {
      case 'HEARTBEAT':
        return;
      case 'LEAVE':
        if (signal.dst === undefined) socket.close(1000);
        else send(clients.get(signal.dst), { type: 'LEAVE', src: id, dst: signal.dst });
        return;
      default:
        options.metrics.count('signal_messages');
        deliver(id, signal);
    }
  }

  function enter(id: string, socket: WebSocket): void {
    // Only the owner of the id can come here: it is their own older connection that gives way.
    clients.get(id)?.close(GOING_AWAY);
    clients.set(id, socket);
    send(socket, { type: 'OPEN' });
    for (const { from, letter } of letterbox.collect(id)) send(socket, { ...letter, src: from });
  }

  return {
    accept(socket, query) {
      const early: Signal[] = [];
      let receive = (signal: Signal): void => {
        if (early.length < 8) early.push(signal);
      };
      listen(socket, options, (signal) => receive(signal));
      void claimedId(query).then((claim) => {
        if ('refusal' in claim) return refuse(socket, options.metrics, claim.refusal);
        const { id } = claim;
        if (socket.readyState !== socket.OPEN) return;
        socket.on('close', () => {
          if (clients.get(id) === socket) clients.delete(id);
        });
        enter(id, socket);
        receive = (signal) => hear(id, socket, signal);
        for (const signal of early) receive(signal);
      });
    },
    drain() {
      letterbox.stop();
      for (const socket of clients.values()) socket.close(GOING_AWAY);
    },
  };
}

/** Reads a client's messages within its rate, and closes it when it is silent for too long. */
function listen(
  socket: WebSocket,
  { limits, metrics, aliveMs = ALIVE_MS }: SignallingOptions,
  hear: (signal: Signal) => void,
): void {
  const allowance = createTokenBucket({
    perSecond: limits.signalsPerSecond,
    capacity: limits.signalsPerSecond * limits.burstSeconds,
  });
  const silence = setTimeout(() => socket.close(GOING_AWAY), aliveMs);
  socket.on('close', () => clearTimeout(silence));
  socket.on('message', (data, isBinary) => {
    silence.refresh();
    if (socket.readyState !== socket.OPEN) return;
    if (!allowance.take()) {
      metrics.refused('rate_limited');
      return refuse(socket, null, error('Too many messages for this relay.'));
    }
    const signal = isBinary || !Buffer.isBuffer(data) ? null : parseSignal(data.toString());
    if (signal === null) refuse(socket, metrics, error('This is not a signalling message.'));
    else hear(signal);
  });
}

type Reply =
  | { type: 'OPEN' }
  | { type: 'ERROR' | 'ID-TAKEN'; payload: { msg: string } }
  | { type: 'EXPIRE' | 'LEAVE'; src: string; dst: string }
  | (Letter & { src: string });

async function claimedId(query: URLSearchParams): Promise<{ id: string } | { refusal: Reply }> {
  const claim = checkShape(signalQuery, Object.fromEntries(query));
  if (!claim.success) return { refusal: error('An id, its token and the key are needed.') };
  const token = fromHex(claim.data.token);
  if (token === null || (await peerIdOf(token)) !== claim.data.id) {
    return { refusal: { type: 'ID-TAKEN', payload: { msg: 'The token does not prove this id.' } } };
  }
  return { id: claim.data.id };
}

function refuse(socket: WebSocket, metrics: Metrics | null, reply: Reply): void {
  metrics?.refused(reply.type === 'ID-TAKEN' ? 'unauthenticated' : 'malformed');
  send(socket, reply);
  socket.close(POLICY_VIOLATION);
}

function error(msg: string): Reply {
  return { type: 'ERROR', payload: { msg } };
}

/** More than this unread means that the client does not read. */
const MAX_UNREAD_BYTES = 1024 * 1024;

function send(socket: WebSocket | undefined, reply: Reply): void {
  if (socket === undefined || socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > MAX_UNREAD_BYTES) socket.terminate();
  else socket.send(JSON.stringify(reply));
}
