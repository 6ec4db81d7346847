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

/** A way to the node while it lasts. */
export interface NodeWay {
  send(message: RpcMessage): void;
  /** Whether the node is still there to take what is sent next. */
  confirm(): Promise<boolean>;
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
  #way: NodeWay | null = null;
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
    else if (sorted.kind === 'response') this.#ready()?.send(sorted.message);
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
  linkUp(way: NodeWay): void {
    this.#way = way;
    const told = this.#initialize;
    this.#replaying = told !== null && !this.#pending.has(keyOf(told.id));
    if (this.#replaying) way.send({ ...told, jsonrpc: '2.0', id: REPLAY_ID });
    else this.#flush();
  }

  linkDown(failure: Failure): void {
    if (this.#way !== null) this.#downSinceMs = performance.now();
    this.#way = null;
    this.#replaying = false;
    this.#failure = failure;
    for (const pending of this.#pending.values()) {
      if (pending.sent) this.#interrupted(pending);
      else if (pending.timer === undefined) this.#dispatch(pending);
    }
  }

  /** Forgets everything that waits, without answers: the client is gone. */
  close(): void {
    for (const { timer } of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
    this.#way = null;
  }

  #ready(): NodeWay | null {
    return this.#replaying ? null : this.#way;
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
    pending.timer = undefined;
    const way = this.#ready();
    if (way === null) {
      pending.timer = setTimeout(() => this.#expire(pending), this.#graceLeftMs());
    } else if (pending.request.method === 'tools/call') {
      void this.#sendToLiving(way, pending);
    } else {
      pending.sent = true;
      way.send(pending.request);
    }
  }

  /**
   * A call sent into a connection that is already dead could not be told from one that was carried out.
   * So a tool call is sent only after a sign of life; without one, it waits for the next way.
   */
  async #sendToLiving(way: NodeWay, pending: Pending): Promise<void> {
    const alive = await way.confirm();
    const isCurrent = this.#way === way && this.#pending.get(keyOf(pending.request.id)) === pending;
    if (!alive || !isCurrent) return;
    pending.sent = true;
    way.send(pending.request);
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
    else this.#ready()?.send(message);
  }

  /** A request that was never sent is simply forgotten; MCP wants no answer to a cancelled request. */
  #cancel(message: RpcMessage): void {
    const id = cancelledId(message);
    const pending = id === null ? undefined : this.#pending.get(keyOf(id));
    if (pending === undefined) return;
    if (pending.sent) return this.#way?.send(message);
    clearTimeout(pending.timer);
    this.#pending.delete(keyOf(pending.request.id));
  }

  #replayed(): void {
    this.#replaying = false;
    if (this.#initialized !== null) this.#way?.send(this.#initialized);
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
    this.#options.answerLocally(pending.request, outcomeUnknown(this.#failure));
  }
}

function outcomeUnknown(why: Failure): Failure {
  return {
    code: 'unavailable',
    message: `The connection to the browser broke while this call ran, so it may or may not have happened. ${why.message}`,
    remedy:
      'Look at the page (page_snapshot) before you try again; the connection comes back by itself.',
  };
}
