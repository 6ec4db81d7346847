// One agent at the other end of the bridge: it proves its key first, then its MCP messages are served.
// What it may do is decided elsewhere; a proved key only says who is asking.
import { didOfKey } from '../identity/did-key.ts';
import { verify } from '../identity/signature.ts';
import {
  FromAgent,
  MAX_MCP_BYTES,
  parseWords,
  sessionProof,
  type AgentCaller,
  type MessagePipe,
  type ToAgent,
} from '../wire/bridge.ts';
import { fromBase64Url, toBase64Url, utf8 } from '../wire/bytes.ts';
import { fail, ok, type Failure, type Result } from '../wire/failure.ts';
import { createPipe, type PipeEnd } from './pipe.ts';

/** An agent whose key is proved. */
export type ProvedAgent = Omit<AgentCaller, 'clientName'>;

/** Serves MCP to one agent; `named` may be called whenever the client says what it is called. */
export type ServeAgent = (
  pipe: MessagePipe,
  agent: ProvedAgent,
  named: (clientName: string) => void,
) => void;

export interface AgentSessionOptions {
  readonly sessionId: string;
  /** This node's name, which the agent signs too, so that an answer is good nowhere else. */
  readonly node: string;
  readonly send: (text: string) => void;
  readonly serve: ServeAgent;
  readonly onChange: () => void;
  /** Called once, when the session is over. */
  readonly onEnd: () => void;
  readonly answerTimeoutMs?: number;
}

type Answer = Extract<FromAgent, { kind: 'answer' }>;

type State =
  | { kind: 'new' | 'checking' | 'over' }
  | { kind: 'challenged'; nonce: Uint8Array; timer: ReturnType<typeof setTimeout> }
  | { kind: 'serving'; caller: AgentCaller; pipe: PipeEnd };

/** Sends its challenge when `start` is called. */
export class AgentSession {
  readonly #options: AgentSessionOptions;
  #state: State = { kind: 'new' };

  constructor(options: AgentSessionOptions) {
    this.#options = options;
  }

  start(): void {
    const nonce = crypto.getRandomValues(new Uint8Array(32));
    const timer = setTimeout(() => this.end(LATE), this.#options.answerTimeoutMs ?? 5000);
    this.#state = { kind: 'challenged', nonce, timer };
    this.#say({ kind: 'challenge', nonce: toBase64Url(nonce), node: this.#options.node });
  }

  /** The agent, once it has proved its key. */
  view(): AgentCaller | null {
    return this.#state.kind === 'serving' ? this.#state.caller : null;
  }

  /** Takes the text of one session message from the agent. */
  receive(text: string): void {
    if (this.#state.kind === 'over') return;
    const message = parseWords(FromAgent, text);
    if (message.ok) this.#take(message.value);
    else this.end(message.failure);
  }

  /** Ends the session; with a failure, the agent is told why. */
  end(failure?: Failure): void {
    const before = this.#state;
    if (before.kind === 'over') return;
    this.#state = { kind: 'over' };
    if (before.kind === 'challenged') clearTimeout(before.timer);
    if (failure !== undefined) this.#say({ kind: 'refused', failure });
    if (before.kind === 'serving') before.pipe.closed();
    this.#options.onEnd();
  }

  #take(message: FromAgent): void {
    const state = this.#state;
    if (state.kind === 'challenged' && message.kind === 'answer') {
      clearTimeout(state.timer);
      void this.#admit(message, state.nonce);
    } else if (state.kind === 'serving' && message.kind === 'mcp') {
      state.pipe.deliver(message.message);
    } else if (state.kind === 'serving' && message.kind === 'ping') {
      this.#say({ kind: 'pong' });
    } else {
      this.end(OUT_OF_TURN);
    }
  }

  async #admit(answer: Answer, nonce: Uint8Array): Promise<void> {
    this.#state = { kind: 'checking' };
    const proved = await checkAnswer(answer, nonce, this.#options.node);
    if (this.#isOver()) return;
    if (proved.ok) this.#serve(proved.value, answer.name);
    else this.end(proved.failure);
  }

  /** The session may have ended while a signature was checked. */
  #isOver(): boolean {
    return this.#state.kind === 'over';
  }

  #serve(did: string, name: string): void {
    const { sessionId, send, serve, onChange } = this.#options;
    const agent = { sessionId, did, name };
    const far = { send: (message: unknown) => send(mcpText(message)), close: () => this.end() };
    const pipe = createPipe(far);
    this.#state = { kind: 'serving', caller: { ...agent, clientName: null }, pipe };
    this.#say({ kind: 'ready' });
    serve(pipe.pipe, agent, (clientName) => this.#named(clientName));
    onChange();
  }

  #named(clientName: string): void {
    if (this.#state.kind !== 'serving') return;
    this.#state.caller = { ...this.#state.caller, clientName };
    this.#options.onChange();
  }

  #say(message: ToAgent): void {
    this.#options.send(JSON.stringify(message));
  }
}

async function checkAnswer(
  answer: Answer,
  nonce: Uint8Array,
  node: string,
): Promise<Result<string>> {
  const publicKey = fromBase64Url(answer.publicKey);
  const signature = fromBase64Url(answer.signature);
  if (publicKey === null || signature === null || didOfKey(publicKey) !== answer.did) {
    return fail(
      'unauthenticated',
      'The agent gave a key that is not the one it is named for.',
      RETRY,
    );
  }
  const proof = sessionProof(nonce, node, answer.name);
  if (await verify(publicKey, proof, signature)) return ok(answer.did);
  return fail('unauthenticated', 'The agent could not prove that it holds its key.', RETRY);
}

const RETRY = 'Start the agent’s program again: commonplace mcp.';

const LATE: Failure = {
  code: 'timeout',
  message: 'The agent’s program did not answer the challenge in time.',
  remedy: RETRY,
};

const OUT_OF_TURN: Failure = {
  code: 'malformed',
  message: 'The agent’s program sent a message that has no place at this point of a session.',
  remedy:
    'Update Commonplace so that the extension and the command line program are of one version.',
};

/** The text that carries an MCP message; an answer that is too large is replaced by an error that says so. */
function mcpText(message: unknown): string {
  const text = JSON.stringify({ kind: 'mcp', message });
  if (text.length * 3 <= MAX_MCP_BYTES || utf8(text).length <= MAX_MCP_BYTES) return text;
  const id = typeof message === 'object' && message !== null && 'id' in message ? message.id : null;
  const error = {
    code: -32603,
    message: 'too_large: The answer is larger than 4 MiB. Ask for less.',
  };
  return JSON.stringify({ kind: 'mcp', message: { jsonrpc: '2.0', id, error } });
}
