// JSON-RPC 2.0 as far as a proxy must understand it: what is a request, what an answer, what neither.
// The MCP SDK at the far end checks the rest.
import { z } from 'zod';
import { checkShape } from '../lib/wire/shape.ts';

const Id = z.union([z.string().max(1000), z.number()]);

const Envelope = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id: Id.optional(),
  method: z.string().max(200).optional(),
  params: z.looseObject({}).optional(),
});

export type RpcMessage = { readonly jsonrpc: '2.0'; readonly [key: string]: unknown };
export type RpcId = z.infer<typeof Id>;
export interface RpcRequest extends RpcMessage {
  readonly id: RpcId;
  readonly method: string;
}

export type Sorted =
  | { kind: 'request'; message: RpcRequest }
  | { kind: 'notification'; message: RpcMessage; method: string }
  | { kind: 'response'; message: RpcMessage; id: RpcId }
  | { kind: 'malformed' };

export function sort(value: unknown): Sorted {
  const parsed = checkShape(Envelope, value);
  if (!parsed.success) return { kind: 'malformed' };
  const { id, method } = parsed.data;
  if (id !== undefined && method !== undefined) {
    return { kind: 'request', message: { ...parsed.data, id, method } };
  }
  if (method !== undefined) return { kind: 'notification', message: parsed.data, method };
  return id === undefined ? { kind: 'malformed' } : { kind: 'response', message: parsed.data, id };
}

/** 1 and "1" are different requests. */
export function keyOf(id: RpcId): string {
  return `${typeof id}:${id}`;
}

/** The literal of an id: a whole number, or a string without escapes. */
const ID = String.raw`(-?\d{1,15}|"[^"\\]{0,100}")`;
const ID_FIRST = new RegExp(String.raw`^\s*\{(?:"jsonrpc":\s*"2\.0",\s*)?"id":\s*${ID}\s*,`);
const ID_LAST = new RegExp(String.raw`[^\\]"id":\s*${ID}\s*\}\s*$`);

/**
 * The id of a request of which only the two ends are known, where it stands at one of them: the only brace after the
 * last id closes the message itself, so it cannot be one of its arguments.
 */
export function idAtEnds(start: string, end: string): RpcId | null {
  const literal = ID_FIRST.exec(start)?.[1] ?? ID_LAST.exec(end)?.[1];
  const id = checkShape(Id, literal === undefined ? null : JSON.parse(literal));
  return id.success ? id.data : null;
}

export function errorAnswer(id: RpcId | null, code: number, message: string): RpcMessage {
  return { jsonrpc: '2.0', id, error: { code, message } };
}

const Cancelled = z.looseObject({ params: z.looseObject({ requestId: Id }) });

/** The request that a `notifications/cancelled` is about. */
export function cancelledId(message: RpcMessage): RpcId | null {
  const parsed = checkShape(Cancelled, message);
  return parsed.success ? parsed.data.params.requestId : null;
}
