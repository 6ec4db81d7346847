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

/** Serves one agent until either end closes the pipe. */
export function serveMcp(pipe: MessagePipe, options: McpServerOptions): { close(): void } {
  // An extension's content security policy forbids code made from strings, which zod would try.
  z.config({ jitless: true });
  const handle = serveStdio(() => createMcpServer(options), { transport: transportOver(pipe) });
  return { close: () => void handle.close() };
}

function transportOver(pipe: MessagePipe): Transport {
  const transport: Transport = {
    start: () => {
      pipe.onClose(() => transport.onclose?.());
      pipe.receive((message) => deliver(transport, pipe, message));
      return Promise.resolve();
    },
    send: (message) => {
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

function deliver(transport: Transport, pipe: MessagePipe, message: unknown): void {
  const parsed = parse(message);
  if (parsed !== null) return transport.onmessage?.(parsed);
  const error = { code: -32600, message: 'malformed: not a JSON-RPC 2.0 message that MCP knows.' };
  pipe.send({ jsonrpc: '2.0', ...idOf(message), error });
}

function parse(message: unknown): JSONRPCMessage | null {
  try {
    return parseJSONRPCMessage(message);
  } catch {
    return null;
  }
}

const WithId = z.looseObject({ id: z.union([z.string(), z.number().int()]) });

function idOf(message: unknown): { id?: string | number } {
  const parsed = WithId.safeParse(message);
  return parsed.success ? { id: parsed.data.id } : {};
}
