// A small signalling server that a PeerJS client takes for a PeerServer, and that serves files of a test page.
// It can misbehave: `hear` sees every message and may change it, drop it or send others.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';

export interface SignalMessage {
  type: string;
  src?: string;
  dst?: string;
  payload?: unknown;
}

export interface SignallingServer {
  readonly url: string;
  /** Ids of the clients that are connected now. */
  readonly clients: ReadonlyMap<string, WebSocket>;
  /** Every message on its way; what it returns is delivered. Set by tests of a lying relay. */
  hear: (message: SignalMessage) => SignalMessage[];
  send(peerId: string, message: SignalMessage | string): void;
  /** Breaks every line. */
  dropAll(): void;
  close(): Promise<void>;
}

export async function startSignalling(
  files: ReadonlyMap<string, string>,
): Promise<SignallingServer> {
  const clients = new Map<string, WebSocket>();
  const http = createServer((request, response) => {
    const body = files.get(request.url ?? '/');
    const type = request.url?.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body ?? '');
  });
  const sockets = new WebSocketServer({ server: http, path: '/peerjs' });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  if (!address || typeof address === 'string') throw new Error('expected a TCP port');

  const server: SignallingServer = {
    url: `http://127.0.0.1:${address.port}`,
    clients,
    hear: (message) => [message],
    send(peerId, message) {
      clients.get(peerId)?.send(typeof message === 'string' ? message : JSON.stringify(message));
    },
    dropAll() {
      for (const socket of clients.values()) socket.terminate();
    },
    async close() {
      server.dropAll();
      sockets.close();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };

  function forward(message: SignalMessage): void {
    const to = clients.get(message.dst ?? '');
    if (to) to.send(JSON.stringify(message));
    else server.send(message.src ?? '', { type: 'EXPIRE', src: message.dst ?? '' });
  }

  sockets.on('connection', (socket, request) => {
    const id = new URL(request.url ?? '', server.url).searchParams.get('id') ?? '';
    clients.set(id, socket);
    socket.on('close', () => {
      if (clients.get(id) === socket) clients.delete(id);
    });
    socket.on('message', (data: Buffer) => {
      const message: SignalMessage = JSON.parse(data.toString());
      if (message.type !== 'HEARTBEAT') server.hear({ ...message, src: id }).forEach(forward);
    });
    socket.send(JSON.stringify({ type: 'OPEN' }));
  });
  return server;
}
