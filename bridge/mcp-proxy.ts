// Keeps an MCP client's session alive over a way to the node that comes and goes: holds what was not sent
// yet, repeats what may be repeated, and says plainly when the outcome of a call is not known.
import type { Failure } from '../lib/wire/failure.ts';
import {
  cancelledId,
  errorAnswer,
  keyOf,
  sort,
  type RpcMessage,
  type RpcRequest,
} from './json-rpc.ts';

export interface McpProxyOptions {
  readonly toClient: (message: RpcMessage) => void;
  /** Answers a request in the node's place, when it cannot be asked. */
  readonly answerLocally: (request: RpcRequest, failure: Failure) => void;
  /** How long a request waits for the node to come back. */
  readonly graceMs: number;
}

interface Pending {
  readonly request: RpcRequest;
  sent: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Even a client that has waited long already gives the node this much time to answer the door. */
const LEAST_GRACE_MS = 200;
const REPLAY_ID = 'commonplace/replayed-initialize';

export class McpProxy {
  readonly #options: McpProxyOptions;
  readonly #pending = new Map<string, Pending>();
  #send: ((message: RpcMessage) => void) | null = null;
  /** The client's `initialize`, told again to every new server at the far end. */
  #initialize: RpcRequest | null = null;
  #initialized: RpcMessage | null = null;
  #replaying = false;
  #answeredLocally = false;
  #downSinceMs = performance.now();
  #failure: Failure;

  constructor(options: McpProxyOptions, failure: Failure) {
    this.#options = options;
    this.#failure = failure;
  }

  fromClient(value: unknown): void {
    const sorted = sort(value);
    if (sorted.kind === 'request') this.#request(sorted.message);
    else if (sorted.kind === 'notification') this.#notification(sorted.message, sorted.method);
    else if (sorted.kind === 'response') this.#ready()?.(sorted.message);
    else
      this.#options.toClient(errorAnswer(null, -32600, 'malformed: not a JSON-RPC 2.0 message.'));
  }

  fromNode(message: RpcMessage): void {
    const sorted = sort(message);
    if (sorted.kind !== 'response') {
      if (sorted.kind !== 'malformed') this.#options.toClient(message);
    } else if (sorted.id === REPLAY_ID) {
      this.#replayed();
    } else if (this.#pending.delete(keyOf(sorted.id))) {
      this.#options.toClient(message);
    }
  }

  /** The node can be asked again, by a server that knows nothing of this client yet. */
  linkUp(send: (message: RpcMessage) => void): void {
    this.#send = send;
    const told = this.#initialize;
    this.#replaying = told !== null && !this.#pending.has(keyOf(told.id));
    if (this.#replaying) send({ ...told, jsonrpc: '2.0', id: REPLAY_ID });
    else this.#flush();
  }

  linkDown(failure: Failure): void {
    if (this.#send !== null) this.#downSinceMs = performance.now();
    this.#send = null;
    this.#replaying = false;
    this.#failure = failure;
    for (const pending of this.#pending.values()) if (pending.sent) this.#interrupted(pending);
  }

  /** Forgets everything that waits, without answers: the client is gone. */
  close(): void {
    for (const { timer } of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
    this.#send = null;
  }

  #ready(): ((message: RpcMessage) => void) | null {
    return this.#replaying ? null : this.#send;
  }

  #request(request: RpcRequest): void {
    const key = keyOf(request.id);
    if (this.#pending.has(key)) {
      const message = 'malformed: a request with this id is still being answered.';
      return this.#options.toClient(errorAnswer(request.id, -32600, message));
    }
    if (request.method === 'initialize') {
      this.#initialize = request;
      this.#initialized = null;
    }
    const pending = { request, sent: false, timer: undefined };
    this.#pending.set(key, pending);
    this.#dispatch(pending);
  }

  #dispatch(pending: Pending): void {
    clearTimeout(pending.timer);
    const send = this.#ready();
    if (send === null) {
      pending.timer = setTimeout(() => this.#expire(pending), this.#graceLeftMs());
    } else {
      pending.sent = true;
      send(pending.request);
    }
  }

  #graceLeftMs(): number {
    const downMs = performance.now() - this.#downSinceMs;
    return Math.max(LEAST_GRACE_MS, this.#options.graceMs - downMs);
  }

  #expire({ request }: Pending): void {
    this.#pending.delete(keyOf(request.id));
    this.#answeredLocally = true;
    this.#options.answerLocally(request, this.#failure);
  }

  #notification(message: RpcMessage, method: string): void {
    if (method === 'notifications/initialized') this.#initialized = message;
    if (method === 'notifications/cancelled') this.#cancel(message);
    else this.#ready()?.(message);
  }

  /** A request that was never sent is simply forgotten; MCP wants no answer to a cancelled request. */
  #cancel(message: RpcMessage): void {
    const id = cancelledId(message);
    const pending = id === null ? undefined : this.#pending.get(keyOf(id));
    if (pending === undefined) return;
    if (pending.sent) return this.#send?.(message);
    clearTimeout(pending.timer);
    this.#pending.delete(keyOf(pending.request.id));
  }

  #replayed(): void {
    this.#replaying = false;
    if (this.#initialized !== null) this.#send?.(this.#initialized);
    this.#flush();
  }

  #flush(): void {
    for (const pending of this.#pending.values()) if (!pending.sent) this.#dispatch(pending);
    if (this.#answeredLocally && this.#initialized !== null) {
      // What the client was told while the node was away is out of date now.
      this.#options.toClient({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
    }
    this.#answeredLocally = false;
  }

  /** Only a tool call may have done something already; everything else is asked again. */
  #interrupted(pending: Pending): void {
    pending.sent = false;
    if (pending.request.method !== 'tools/call') return this.#dispatch(pending);
    this.#pending.delete(keyOf(pending.request.id));
    this.#options.answerLocally(pending.request, OUTCOME_UNKNOWN);
  }
}

const OUTCOME_UNKNOWN: Failure = {
  code: 'unavailable',
  message:
    'The connection to the browser broke while this call ran, so it may or may not have happened.',
  remedy:
    'Look at the page (page_snapshot) before you try again; the connection comes back by itself.',
};
