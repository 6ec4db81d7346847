// A native port whose other end is in the test: what a host and an agent would say, without processes.
import type { NativePort } from '../../lib/agents/native-port.ts';
import { signerOfSeed } from '../../lib/identity/signer.ts';
import {
  createPieceJoiner,
  sessionProof,
  ToAgent,
  toPieces,
  type FromAgent,
  type NodeMessage,
} from '../../lib/wire/bridge.ts';
import { fromBase64Url, toBase64Url } from '../../lib/wire/bytes.ts';

export class LinkedHost {
  readonly port: NativePort;
  /** Everything that the extension posted, raw and as session messages. */
  readonly posted: NodeMessage[] = [];
  readonly said: ToAgent[] = [];
  disconnected = false;
  readonly #listeners: ((message: unknown) => void)[] = [];
  readonly #goneListeners: ((reason: string | null) => void)[] = [];
  readonly #join = createPieceJoiner();

  constructor() {
    this.port = {
      postMessage: (message) => this.#take(message),
      disconnect: () => (this.disconnected = true),
      onMessage: (listener) => void this.#listeners.push(listener),
      onDisconnect: (listener) => void this.#goneListeners.push(listener),
    };
  }

  tell(message: unknown): void {
    for (const listener of this.#listeners) listener(message);
  }

  go(reason: string | null): void {
    for (const listener of this.#goneListeners) listener(reason);
  }

  /** Says something as the agent of a session. */
  sayAs(session: string, message: FromAgent | object): void {
    for (const piece of toPieces(session, JSON.stringify(message))) this.tell(piece);
  }

  /** The last session message of a kind that the extension sent. */
  last<K extends ToAgent['kind']>(kind: K): Extract<ToAgent, { kind: K }> | undefined {
    const isKind = (message: ToAgent): message is Extract<ToAgent, { kind: K }> =>
      message.kind === kind;
    return this.said.filter(isKind).at(-1);
  }

  #take(message: NodeMessage): void {
    this.posted.push(message);
    if (message.kind !== 'piece') return;
    const whole = this.#join(message);
    if (whole.ok && whole.value !== null) this.said.push(ToAgent.parse(JSON.parse(whole.value)));
  }
}

/** What an honest agent answers to a challenge. */
export async function answerTo(
  challenge: { nonce: string; node: string },
  { seed = new Uint8Array(32).fill(1), name = 'agent' } = {},
): Promise<Extract<FromAgent, { kind: 'answer' }>> {
  const signer = await signerOfSeed(seed);
  const nonce = fromBase64Url(challenge.nonce) ?? new Uint8Array();
  const signature = await signer.sign(sessionProof(nonce, challenge.node, name));
  const publicKey = toBase64Url(signer.publicKey);
  return { kind: 'answer', did: signer.did, publicKey, name, signature: toBase64Url(signature) };
}
