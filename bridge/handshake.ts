// Both ends of the private socket prove that they can read the home's secret, without showing it:
// HMAC-SHA-256 over both nonces, the role in the domain, so that neither proof is good for the other side.
// The host proves first; a program that squats on the socket's path learns nothing it could use.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import {
  BRIDGE_VERSION,
  parseWords,
  SocketChallenge,
  SocketHello,
  SocketProof,
  SocketVerdict,
} from '../lib/wire/bridge.ts';
import { ok, type Failure, type Result } from '../lib/wire/failure.ts';
import type { FrameSocket } from './frame-socket.ts';

const TURN_TIMEOUT_MS = 3000;

type Role = 'host' | 'agent';

function proofOf(secret: Buffer, role: Role, agentNonce: string, hostNonce: string): string {
  return createHmac('sha256', secret)
    .update(`commonplace/bridge/${BRIDGE_VERSION}/${role}\0${agentNonce}\0${hostNonce}`)
    .digest('base64url');
}

/** Digests are of one length, so comparing them in constant time tells nothing. */
function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** The agent's side. Failures: `unauthenticated`, `timeout`, `closed`, or what the host said. */
export async function greetHost(socket: FrameSocket, secret: Buffer): Promise<Result<void>> {
  const nonce = randomBytes(32).toString('base64url');
  say(socket, { kind: 'hello', version: BRIDGE_VERSION, nonce });
  const challenge = await hear(socket, SocketChallenge);
  if (!challenge.ok) return challenge;
  const { nonce: hostNonce, proof } = challenge.value;
  if (!same(proof, proofOf(secret, 'host', nonce, hostNonce))) {
    return { ok: false, failure: FOREIGN_HOST };
  }
  say(socket, { kind: 'proof', proof: proofOf(secret, 'agent', nonce, hostNonce) });
  const verdict = await hear(socket, SocketVerdict);
  if (!verdict.ok) return verdict;
  if (verdict.value.kind === 'refused') return { ok: false, failure: verdict.value.failure };
  socket.trust();
  return ok(undefined);
}

/** The host's side. The agent is told of a refusal; what comes next is up to the caller. */
export async function greetAgent(socket: FrameSocket, secret: Buffer): Promise<Result<void>> {
  const hello = await hear(socket, SocketHello);
  if (!hello.ok) return hello;
  if (hello.value.version !== BRIDGE_VERSION)
    return refuse(socket, wrongVersion(hello.value.version));
  const nonce = randomBytes(32).toString('base64url');
  const proof = proofOf(secret, 'host', hello.value.nonce, nonce);
  say(socket, { kind: 'challenge', nonce, proof });
  const answer = await hear(socket, SocketProof);
  if (!answer.ok) return answer;
  const expected = proofOf(secret, 'agent', hello.value.nonce, nonce);
  if (!same(answer.value.proof, expected)) return refuse(socket, WRONG_SECRET);
  say(socket, { kind: 'welcome' });
  socket.trust();
  return ok(undefined);
}

function refuse(socket: FrameSocket, failure: Failure): Result<never> {
  say(socket, { kind: 'refused', failure });
  return { ok: false, failure };
}

function say(socket: FrameSocket, words: object): void {
  socket.send(JSON.stringify(words));
}

async function hear<T>(socket: FrameSocket, shape: z.ZodType<T>): Promise<Result<T>> {
  const text = await socket.next(TURN_TIMEOUT_MS);
  return text.ok ? parseWords(shape, text.value) : text;
}

function wrongVersion(version: number): Failure {
  return {
    code: 'unsupported_version',
    message: `The agent’s program speaks bridge version ${version}, the browser’s ${BRIDGE_VERSION}.`,
    remedy: 'Update Commonplace, then run “commonplace install” and restart the browser.',
  };
}

const FOREIGN_HOST: Failure = {
  code: 'unauthenticated',
  message:
    'Another program answers on the bridge’s socket and cannot prove that it is Commonplace.',
  remedy: 'Find and stop that program, then remove the socket and restart the browser.',
};

const WRONG_SECRET: Failure = {
  code: 'unauthenticated',
  message: 'This program could not prove that it may use the bridge.',
  remedy: 'Start it with the same --home as the browser’s native host, as the same user.',
};
