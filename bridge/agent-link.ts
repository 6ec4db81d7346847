// The way from an agent's program to the node: the private socket, the handshake with the host, and the
// proof of the agent's own key to the node.
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { signerOfSeed, type Signer } from '../lib/identity/signer.ts';
import { type FromAgent, parseWords, sessionProof, ToAgent } from '../lib/wire/bridge.ts';
import { fromBase64Url, toBase64Url } from '../lib/wire/bytes.ts';
import { fail, ok, type Failure, type Result } from '../lib/wire/failure.ts';
import { FrameSocket } from './frame-socket.ts';
import { greetHost } from './handshake.ts';
import { openHome } from './home.ts';
import type { RpcMessage } from './json-rpc.ts';
import type { NodeWay } from './mcp-proxy.ts';
import { secretAt } from './private-file.ts';
import { findSocket } from './socket-path.ts';

/** How long the node may take for each step of opening a session; a browser may be busy starting. */
const SESSION_TIMEOUT_MS = 8000;

/** A node that does not answer a ping for this long is taken for gone. */
const PING_TIMEOUT_MS = 8000;

export interface NodeLink extends NodeWay {
  receive(receiver: (message: RpcMessage) => void): void;
  readonly closed: Promise<Failure>;
  close(): void;
}

export interface LinkOptions {
  readonly home: string;
  /** The name of the agent's key in this home; one is made for a new name. */
  readonly name: string;
  /** False for a home that was there before: where someone deleted it, it is not made again. */
  readonly mayMakeHome?: boolean;
}

/** Opens one session. Failures: `offline`, `unauthenticated`, `permission_denied`, `timeout`, … */
export async function linkToNode({
  home: directory,
  name,
  mayMakeHome,
}: LinkOptions): Promise<Result<NodeLink>> {
  const home = await openHome(directory, mayMakeHome);
  if (!home.ok) return home;
  const secret = await secretAt(join(home.value, 'secret'));
  if (!secret.ok) return secret;
  const agent = await agentKey(home.value, name);
  if (!agent.ok) return agent;
  const socket = await reach(home.value);
  if (!socket.ok) return socket;
  const frames = new FrameSocket(socket.value);
  const opened = await openSession(frames, secret.value, agent.value, name);
  if (!opened.ok) frames.destroy();
  return opened;
}

async function agentKey(home: string, name: string): Promise<Result<Signer>> {
  const directory = join(home, 'agents');
  // Not recursive: a home deleted a moment ago must stay deleted. What went wrong shows in the next step.
  await mkdir(directory, { mode: 0o700 }).catch(() => undefined);
  const seed = await secretAt(join(directory, `${name}.key`));
  return seed.ok ? ok(await signerOfSeed(seed.value)) : seed;
}

async function reach(home: string): Promise<Result<Socket>> {
  const path = await findSocket(home);
  if (path === null) return offline();
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(ok(socket)));
    socket.once('error', () => resolve(offline()));
  });
}

export function offline(): Result<never> {
  return fail(
    'offline',
    'No browser with Commonplace is running, or its native host is not installed.',
    'Open the browser with Commonplace and try again; “commonplace status” says what is missing.',
  );
}

async function openSession(
  frames: FrameSocket,
  secret: Buffer,
  agent: Signer,
  name: string,
): Promise<Result<NodeLink>> {
  const greeted = await greetHost(frames, secret);
  if (!greeted.ok) return greeted;
  const challenge = await hear(frames, 'challenge');
  if (!challenge.ok) return challenge;
  const answered = await answer(frames, challenge.value, agent, name);
  if (!answered.ok) return answered;
  const ready = await hear(frames, 'ready');
  return ready.ok ? ok(linkOver(frames)) : ready;
}

async function answer(
  frames: FrameSocket,
  { nonce, node }: { nonce: string; node: string },
  agent: Signer,
  name: string,
): Promise<Result<void>> {
  const bytes = fromBase64Url(nonce);
  if (bytes === null)
    return fail('malformed', 'The node sent a challenge that is not base64url.', UPDATE);
  const signature = toBase64Url(await agent.sign(sessionProof(bytes, node, name)));
  const publicKey = toBase64Url(agent.publicKey);
  say(frames, { kind: 'answer', did: agent.did, publicKey, name, signature });
  return ok(undefined);
}

function say(frames: FrameSocket, message: FromAgent): void {
  frames.send(JSON.stringify(message));
}

type Said<K> = Extract<ToAgent, { kind: K }>;

/** The next session message, which must be of one kind. A refusal is the node's own failure. */
async function hear<K extends ToAgent['kind']>(
  frames: FrameSocket,
  kind: K,
): Promise<Result<Said<K>>> {
  const text = await frames.next(SESSION_TIMEOUT_MS);
  if (!text.ok) return text;
  const message = parseWords(ToAgent, text.value);
  if (!message.ok) return message;
  if (message.value.kind === 'refused') return { ok: false, failure: message.value.failure };
  if (isSaid(message.value, kind)) return ok(message.value);
  return fail('malformed', `The node said ${message.value.kind} where ${kind} was due.`, UPDATE);
}

function isSaid<K extends ToAgent['kind']>(message: ToAgent, kind: K): message is Said<K> {
  return message.kind === kind;
}

const UPDATE = 'Update Commonplace so that extension and command line program are of one version.';

function linkOver(frames: FrameSocket): NodeLink {
  let told: Failure | null = null;
  let receiver: ((message: RpcMessage) => void) | null = null;
  const pings: (() => void)[] = [];
  const take = (text: string): void => {
    const message = parseWords(ToAgent, text);
    if (message.ok && message.value.kind === 'mcp') return receiver?.(message.value.message);
    if (message.ok && message.value.kind === 'pong') return pings.shift()?.();
    if (message.ok && message.value.kind === 'refused') told = message.value.failure;
    frames.destroy();
  };
  return {
    send: (message) => say(frames, { kind: 'mcp', message }),
    confirm: () => confirm(frames, pings),
    receive: (next) => {
      receiver = next;
      frames.receive(take);
    },
    closed: frames.closed.then((failure) => told ?? failure),
    close: () => frames.close(),
  };
}

/** Pongs come in the order of pings. A node that stays silent loses the link. */
function confirm(frames: FrameSocket, pings: (() => void)[]): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => frames.destroy(), PING_TIMEOUT_MS);
    const settle = (alive: boolean): void => {
      clearTimeout(timer);
      resolve(alive);
    };
    pings.push(() => settle(true));
    void frames.closed.then(() => settle(false));
    say(frames, { kind: 'ping' });
  });
}
