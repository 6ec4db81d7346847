// Serves MCP over a message pipe. The SDK's stdio entry takes any transport and chooses the revision by
// what the client says first; it touches nothing of Node when it is given one.
import {
  parseJSONRPCMessage,
  type JSONRPCMessage,
  type Transport,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';
import type { MessagePipe } from '../../wire/bridge.ts';
import { createMcpServer, type McpServerOptions } from './server.ts';
import { checkShape } from '../../wire/shape.ts';

/** Serves one agent until either end closes the pipe. */
export function serveMcp(pipe: MessagePipe, options: McpServerOptions): { close(): void } {
  // An extension's content security policy forbids code made from strings. Without this zod would try,
  // and fall back; schemas made before the first call have tried already, unless the bundle says so first.
  z.config({ jitless: true });
  const handle = serveStdio(() => createMcpServer(options), { transport: transportOver(pipe) });
  return { close: () => void handle.close() };
}

/** An agent that asks for more at once is told to wait; ordinary clients ask for a handful. */
const MAX_OPEN_REQUESTS = 64;

type Id = string | number;

function transportOver(pipe: MessagePipe): Transport {
  const open = new Set<Id>();
  const transport: Transport = {
    start: () => {
      pipe.onClose(() => transport.onclose?.());
      pipe.receive((message) => deliver(transport, pipe, open, message));
      return Promise.resolve();
    },
    send: (message) => {
      if (!('method' in message) && message.id !== undefined) open.delete(message.id);
      pipe.send(message);
      return Promise.resolve();
    },
    close: () => {
      pipe.close();
      return Promise.resolve();
    },
  };
  return transport;
}

function deliver(transport: Transport, pipe: MessagePipe, open: Set<Id>, raw: unknown): void {
  const message = parse(raw);
  if (message === null) {
    return refuse(pipe, idOf(raw), 'malformed: not a JSON-RPC 2.0 message that MCP knows.');
  }
  if ('method' in message && 'id' in message) {
    if (open.size >= MAX_OPEN_REQUESTS) return refuse(pipe, { id: message.id }, TOO_MANY);
    open.add(message.id);
  }
  // What is cancelled gets no answer, so it would stay open for ever.
  for (const id of cancelledBy(message)) open.delete(id);
  transport.onmessage?.(message);
}

const TOO_MANY = `rate_limited: ${MAX_OPEN_REQUESTS} requests are open. Wait for answers first.`;

function refuse(pipe: MessagePipe, id: { id?: Id }, message: string): void {
  pipe.send({ jsonrpc: '2.0', ...id, error: { code: -32600, message } });
}

const Cancelled = z.looseObject({
  method: z.literal('notifications/cancelled'),
  params: z.looseObject({ requestId: z.union([z.string(), z.number()]) }),
});

function cancelledBy(message: unknown): Id[] {
  const parsed = checkShape(Cancelled, message);
  return parsed.success ? [parsed.data.params.requestId] : [];
}

function parse(message: unknown): JSONRPCMessage | null {
  try {
    return parseJSONRPCMessage(message);
  } catch {
    return null;
  }
}

const WithId = z.looseObject({ id: z.union([z.string(), z.number().int()]) });

function idOf(message: unknown): { id?: Id } {
  const parsed = checkShape(WithId, message);
  return parsed.success ? { id: parsed.data.id } : {};
}
