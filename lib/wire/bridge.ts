// The words between an agent's program, the native host and the extension. The host forwards `piece`s
// without reading them; inside, agent and node exchange session messages, most of them MCP.
import { z } from 'zod';
import { concatBytes, utf8 } from './bytes.ts';
import { fail, FAILURE_CODES, ok, type Result } from './failure.ts';
import { checkShape } from './shape.ts';

/** The name under which browsers know the native host. */
export const NATIVE_HOST_NAME = 'node.commonplace';

/** Raised when host and extension can no longer understand each other. */
export const BRIDGE_VERSION = 1;

/** The largest MCP message, in UTF-8 bytes, in either direction. */
export const MAX_MCP_BYTES = 4 * 1024 * 1024;

/** The largest session message: an MCP message and the words around it. */
export const MAX_SESSION_BYTES = MAX_MCP_BYTES + 4 * 1024;

/**
 * A piece is at most this long: JSON may spend six bytes on one UTF-16 unit, and browsers take at most
 * 1 MiB from a native host in one message.
 */
export const PIECE_CHARS = 128 * 1024;

/** What the extension knows of an agent that calls a tool; `did` is proved, both names are only claimed. */
export interface AgentCaller {
  readonly sessionId: string;
  readonly did: string;
  /** The name of the agent's key on this machine. */
  readonly name: string;
  /** What the MCP client calls itself, once it has said so. */
  readonly clientName: string | null;
}

/** A pipe of whole JSON messages to one agent. */
export interface MessagePipe {
  send(message: unknown): void;
  /** Sets the one receiver; messages that came earlier are handed to it now. */
  receive(receiver: (message: unknown) => void): void;
  /** Called once, when either end has closed. */
  onClose(listener: () => void): void;
  close(): void;
}

const Session = z.string().regex(/^[0-9a-f]{16}$/);
const ShortText = z.string().max(2000);

export const FailureShape = z.object({
  code: z.enum(FAILURE_CODES),
  message: ShortText,
  remedy: ShortText,
});

const Piece = z.object({
  kind: z.literal('piece'),
  session: Session,
  text: z.string().max(PIECE_CHARS),
  more: z.boolean(),
});

/** Host to extension, over native messaging. */
export const HostMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hello'), version: z.number().int(), home: ShortText }),
  z.object({ kind: z.literal('refused'), failure: FailureShape }),
  z.object({ kind: z.literal('open'), session: Session }),
  Piece,
  z.object({ kind: z.literal('close'), session: Session }),
]);
export type HostMessage = z.infer<typeof HostMessage>;

/** Extension to host, over native messaging. */
export const NodeMessage = z.discriminatedUnion('kind', [
  Piece,
  z.object({ kind: z.literal('close'), session: Session }),
]);
export type NodeMessage = z.infer<typeof NodeMessage>;

const Key32 = z.string().length(43);
const Signature64 = z.string().length(86);
const AgentName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const JsonRpc = z.looseObject({ jsonrpc: z.literal('2.0') });
const Mcp = z.object({ kind: z.literal('mcp'), message: JsonRpc });

/** True for a name that an agent's key may have; it is also a file name. */
export function isAgentName(name: string): boolean {
  return checkShape(AgentName, name).success;
}

/** Node to agent, inside a session. Byte strings are unpadded base64url. */
export const ToAgent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('challenge'), nonce: Key32, node: ShortText }),
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('refused'), failure: FailureShape }),
  z.object({ kind: z.literal('pong') }),
  Mcp,
]);
export type ToAgent = z.infer<typeof ToAgent>;

/** Agent to node, inside a session. */
export const FromAgent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('answer'),
    did: ShortText,
    publicKey: Key32,
    name: AgentName,
    signature: Signature64,
  }),
  /** Answered at once by a node that is alive; asked before what must not happen twice. */
  z.object({ kind: z.literal('ping') }),
  Mcp,
]);
export type FromAgent = z.infer<typeof FromAgent>;

/** Between an agent's program and the host, before the session: each proves that it can read the home. */
export const SocketHello = z.object({
  kind: z.literal('hello'),
  version: z.number().int(),
  nonce: Key32,
});
export const SocketChallenge = z.object({
  kind: z.literal('challenge'),
  nonce: Key32,
  proof: Key32,
});
export const SocketProof = z.object({ kind: z.literal('proof'), proof: Key32 });
export const SocketVerdict = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('welcome') }),
  z.object({ kind: z.literal('refused'), failure: FailureShape }),
]);

const SESSION_DOMAIN = utf8('commonplace/agent-session/1\0');

/** What an agent signs to open a session: this challenge, of this node, under this name. */
export function sessionProof(nonce: Uint8Array, node: string, name: string): Uint8Array {
  return concatBytes(SESSION_DOMAIN, nonce, utf8(`${node}\0${name}`));
}

/** The value of JSON text in one of the shapes above, or `malformed`. */
export function parseWords<T>(shape: z.ZodType<T>, text: string): Result<T> {
  try {
    return readWords(shape, JSON.parse(text));
  } catch {
    return malformed('text that is not JSON');
  }
}

/** Like `parseWords`, for a value that is already out of its JSON. */
export function readWords<T>(shape: z.ZodType<T>, value: unknown): Result<T> {
  const parsed = checkShape(shape, value);
  return parsed.success ? ok(parsed.data) : malformed('a message of an unknown shape');
}

function malformed(what: string): Result<never> {
  return fail(
    'malformed',
    `The bridge received ${what}.`,
    'Update Commonplace so that the extension and the command line program are of one version.',
  );
}

/** Cuts the text of one session message into pieces that a browser will take. */
export function toPieces(session: string, text: string): Extract<NodeMessage, { kind: 'piece' }>[] {
  const count = Math.max(1, Math.ceil(text.length / PIECE_CHARS));
  return Array.from({ length: count }, (_, index) => ({
    kind: 'piece',
    session,
    text: text.slice(index * PIECE_CHARS, (index + 1) * PIECE_CHARS),
    more: index < count - 1,
  }));
}

/** Joins pieces again; the value is the whole text after its last piece, null before. Bounded. */
export function createPieceJoiner(): (piece: {
  text: string;
  more: boolean;
}) => Result<string | null> {
  let parts: string[] = [];
  let size = 0;
  return ({ text, more }) => {
    // Pieces of nothing would never reach the bound on size, and `toPieces` cuts none.
    if (text === '' && more) return malformed('an empty piece of a message');
    parts.push(text);
    size += text.length;
    if (size > MAX_SESSION_BYTES) return tooLarge();
    if (more) return ok(null);
    const whole = parts.join('');
    parts = [];
    size = 0;
    return ok(whole);
  };
}

function tooLarge(): Result<never> {
  return fail(
    'too_large',
    `A message was larger than ${MAX_MCP_BYTES} bytes, so the session was closed.`,
    'Ask for less at a time.',
  );
}
