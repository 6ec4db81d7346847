// A small client of the Chrome DevTools Protocol over the pipe that `--remote-debugging-pipe` opens on file
// descriptors 3 and 4: JSON messages that end in a zero byte. The browser ends when this pipe closes.
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';

export interface CdpPipe {
  /** Sends a command, to a target's session where one is given. Rejects on an error reply, the deadline or the end. */
  send(method: string, params?: object, sessionId?: string): Promise<unknown>;
}

const COMMAND_TIMEOUT_MS = 20_000;

const reply = z.object({
  id: z.number().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export function createCdpPipe(toBrowser: Writable, fromBrowser: Readable): CdpPipe {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;

  readMessages(fromBrowser, (text) => {
    const { id, result, error } = reply.parse(JSON.parse(text));
    if (id === undefined) return;
    const waiter = waiting.get(id);
    waiting.delete(id);
    if (error) waiter?.reject(new Error(error.message));
    else waiter?.resolve(result);
  });
  fromBrowser.on('close', () => {
    for (const waiter of waiting.values()) waiter.reject(new Error('the browser has ended'));
    waiting.clear();
  });
  // A write to a browser that just ended; the 'close' above tells everyone who waits.
  toBrowser.on('error', () => {});

  return {
    send: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(new Error(`${method} got no answer within ${COMMAND_TIMEOUT_MS / 1000} s`));
        }, COMMAND_TIMEOUT_MS);
        const settle = (act: () => void) => {
          clearTimeout(timer);
          act();
        };
        waiting.set(id, {
          resolve: (value) => settle(() => resolve(value)),
          reject: (error) => settle(() => reject(error)),
        });
        toBrowser.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      }),
  };
}

function readMessages(stream: Readable, receive: (text: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) receive(part);
  });
}
